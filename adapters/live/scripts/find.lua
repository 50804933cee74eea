-- Reads one dealer's place. KEYS: meta, board, totals, before.
-- ARGV: the board's field, the dealer.
-- Returns nothing when the season is not filled.
local meta = redis.call('HMGET', KEYS[1], 'filled', 'base', ARGV[1])
if (meta[1] or '') == '' then return false end
local size = redis.call('ZCARD', KEYS[2])
local score = redis.call('ZSCORE', KEYS[2], ARGV[2])
local before = redis.call('HGET', KEYS[4], ARGV[2]) or ''
if not score then
  return {meta[2] or '', meta[3] or '', size, before, '', 0, 0, at(KEYS[2], -1) or '', redis.call('HGET', KEYS[3], ARGV[2]) or ''}
end
local above = higher(KEYS[2], score)
local next = above > 0 and at(KEYS[2], above - 1) or ''
return {meta[2] or '', meta[3] or '', size, before, score, above, tied(KEYS[2], score), next, ''}
