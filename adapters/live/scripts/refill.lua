-- Marks a season's boards complete. KEYS: meta.
-- ARGV: the marker, now in µs, the channel ('' for none).
redis.call('HSET', KEYS[1], 'filled', ARGV[1], 'base', tick(KEYS[1], ARGV[2]))
if ARGV[3] ~= '' then redis.call('PUBLISH', ARGV[3], '*') end
return 1
