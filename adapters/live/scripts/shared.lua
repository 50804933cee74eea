-- What the leaderboards' scripts share. A score packs points and who got there
-- first so that ascending order is board order, equal scores by member:
--   score = -points * BAND + milliseconds from the season's start until reached
-- Both parts together stay below 2^53, which a double holds exactly.
local BAND = 8589934592 -- 2^33 ms, 99 days

local function number(n) return string.format('%.0f', n) end

-- band returns the lowest and the highest score that have the points of score.
local function band(score)
  local low = -math.ceil(-score / BAND) * BAND
  return number(low), number(low + BAND - 1)
end

-- higher returns how many members have strictly more points than score.
local function higher(board, score)
  return redis.call('ZCOUNT', board, '-inf', '(' .. (band(score)))
end

-- tied returns how many members have the points of score.
local function tied(board, score)
  local low, high = band(score)
  return redis.call('ZCOUNT', board, low, high)
end

-- at returns the score of the member at index, or false.
local function at(board, index)
  return redis.call('ZRANGE', board, index, index, 'WITHSCORES')[2] or false
end

-- gather is HMGET of many fields: unpack takes only so many at a time.
local function gather(key, fields)
  local values = {}
  for first = 1, #fields, 1000 do
    local last = math.min(first + 999, #fields)
    local part = redis.call('HMGET', key, unpack(fields, first, last))
    for i = 1, last - first + 1 do values[first + i - 1] = part[i] or '' end
  end
  return values
end

-- tick advances the season's clock, which board versions are taken from. It
-- follows the caller's microseconds, so that it grows across a flush too.
local function tick(meta, now)
  local clock = number(math.max((tonumber(redis.call('HGET', meta, 'clock') or 0)) + 1, tonumber(now)))
  redis.call('HSET', meta, 'clock', clock)
  return clock
end
