-- Reads a whole board with its dealers' totals. KEYS: meta, board, totals.
-- Returns nothing when the season is not filled.
if (redis.call('HGET', KEYS[1], 'filled') or '') == '' then return false end
local rows, members = redis.call('ZRANGE', KEYS[2], 0, -1, 'WITHSCORES'), {}
for i = 1, #rows, 2 do members[#members + 1] = rows[i] end
return {rows, gather(KEYS[3], members)}
