-- Takes one attempt back. KEYS: the counter. Returns how many are left.
local attempts = tonumber(redis.call('GET', KEYS[1]) or '0')
if attempts < 1 then return {0} end
return {redis.call('DECR', KEYS[1])}
