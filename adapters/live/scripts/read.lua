-- Reads rows of a board. KEYS: meta, board, totals, before.
-- ARGV: the board's field, the first index, the last index, or '' '' with the
-- dealer to read around and the span on either side.
-- Returns nothing when the season is not filled.
local meta = redis.call('HMGET', KEYS[1], 'filled', 'base', ARGV[1])
if (meta[1] or '') == '' then return false end
local size = redis.call('ZCARD', KEYS[2])
local first, last, total, before = tonumber(ARGV[2]), tonumber(ARGV[3]), '', ''
if ARGV[2] == '' then
  local span = tonumber(ARGV[5])
  local index = redis.call('ZRANK', KEYS[2], ARGV[4])
  if index then
    first, last = math.max(index - span, 0), index + span
  else -- the end of the board is next to a dealer without a rank
    first, last = math.max(size - span, 0), size - 1
    total = redis.call('HGET', KEYS[3], ARGV[4]) or ''
    before = redis.call('HGET', KEYS[4], ARGV[4]) or ''
  end
end
local rows = {}
if first <= last and first < size then rows = redis.call('ZRANGE', KEYS[2], first, last, 'WITHSCORES') end
local above, firsttied, lasttied, next, members = 0, 0, 0, '', {}
if #rows > 0 then
  above = higher(KEYS[2], rows[2])
  firsttied, lasttied = tied(KEYS[2], rows[2]), tied(KEYS[2], rows[#rows])
  if above > 0 then next = at(KEYS[2], above - 1) or '' end
  for i = 1, #rows, 2 do members[#members + 1] = rows[i] end
end
return {meta[2] or '', meta[3] or '', size, first, above, firsttied, lasttied, next,
  rows, gather(KEYS[4], members), total, before, at(KEYS[2], -1) or ''}
