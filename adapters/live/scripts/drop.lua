-- Removes a season's boards, keeping its clock. KEYS: meta, totals.
-- ARGV: the prefix of the season's keys, now in µs, the channel ('' for none).
local clock = tick(KEYS[1], ARGV[2])
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
  if string.find(field, ':', 1, true) then redis.call('UNLINK', ARGV[1] .. field) end
end
redis.call('UNLINK', KEYS[1], KEYS[2])
redis.call('HSET', KEYS[1], 'clock', clock)
if ARGV[3] ~= '' then redis.call('PUBLISH', ARGV[3], '*') end
return 1
