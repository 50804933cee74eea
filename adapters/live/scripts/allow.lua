-- Counts an attempt. KEYS: the counter. ARGV: the limit, the window in ms.
-- Returns 1 and 0, or 0 and how many ms the window still lasts.
local attempts = redis.call('INCR', KEYS[1])
local left = redis.call('PTTL', KEYS[1])
if left < 0 then -- the first attempt
  left = tonumber(ARGV[2])
  redis.call('PEXPIRE', KEYS[1], left)
end
if attempts <= tonumber(ARGV[1]) then return {1, 0} end
return {0, left}
