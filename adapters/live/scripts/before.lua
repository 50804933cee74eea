-- Stores ranks at the start of a business day, in parts under a temporary key.
-- KEYS: meta, before, temporary. ARGV: 'part' or 'last', the day's field, now in
-- µs, how long to keep it in s, the channel ('' for none), then two for each
-- dealer: the dealer and the ranks.
for i = 6, #ARGV, 2 do redis.call('HSET', KEYS[3], ARGV[i], ARGV[i + 1]) end
redis.call('HSET', KEYS[3], '*', '1') -- complete, when renamed
redis.call('EXPIRE', KEYS[3], ARGV[4])
if ARGV[1] == 'part' then return 0 end
redis.call('RENAME', KEYS[3], KEYS[2])
redis.call('HSET', KEYS[1], 'base', tick(KEYS[1], ARGV[3]), ARGV[2], '1')
if ARGV[5] ~= '' then redis.call('PUBLISH', ARGV[5], '*') end
return 1
