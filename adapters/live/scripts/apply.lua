-- Brings totals into a season's boards, keeping the newer of each dealer.
-- KEYS: meta, totals. ARGV: the prefix of the season's keys, now in µs, the
-- season, the channel ('' for none), then eight for each total: dealer, seq,
-- points, score, reached, region, territory, division.
-- Returns how many dealers changed, then the fields of the boards that changed.
local meta, totals = KEYS[1], KEYS[2]
local prefix, now, season, channel = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local changed, touched, fields = 0, {}, {}

local function touch(field)
  if not touched[field] then
    touched[field] = true
    fields[#fields + 1] = field
  end
end

-- boards returns the fields of the boards where such a total has a member.
local function boards(points, region, territory, division)
  if tonumber(points) <= 0 then return {} end
  local list = {'board:NATION:'}
  if region ~= '' then list[#list + 1] = 'board:REGION:' .. region end
  if territory ~= '' then list[#list + 1] = 'board:TERRITORY:' .. territory end
  if division ~= '' then list[#list + 1] = 'board:DIVISION:' .. division end
  return list
end

for i = 5, #ARGV, 8 do
  local dealer, seq, points, score, reached, region, territory, division =
    ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3], ARGV[i + 4], ARGV[i + 5], ARGV[i + 6], ARGV[i + 7]
  local known, old, was = redis.call('HGET', totals, dealer), nil, {}
  if known then
    local oldseq, oldpoints, oldscore, _, r, t, d =
      string.match(known, '^([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)$')
    old = {seq = tonumber(oldseq), score = oldscore, moved = r ~= region or t ~= territory or d ~= division}
    was = boards(oldpoints, r, t, d)
  end
  -- The same total again, but on other boards: the dealer was moved, or the
  -- divisions were drawn since.
  local newer = not old or tonumber(seq) > old.seq or (tonumber(seq) == old.seq and old.moved)
  if newer then
    changed = changed + 1
    local stands = {}
    for _, field in ipairs(boards(points, region, territory, division)) do stands[field] = true end
    for _, field in ipairs(was) do
      if not stands[field] then
        redis.call('ZREM', prefix .. field, dealer)
        touch(field)
      elseif old.score == score then
        stands[field] = nil -- already there
      end
    end
    for _, field in ipairs(boards(points, region, territory, division)) do
      if stands[field] then
        redis.call('ZADD', prefix .. field, score, dealer)
        touch(field)
      end
    end
    redis.call('HSET', totals, dealer, table.concat({seq, points, score, reached, region, territory, division}, '\t'))
  end
end

if #fields > 0 then
  local clock = tick(meta, now)
  for _, field in ipairs(fields) do redis.call('HSET', meta, field, clock) end
  if channel ~= '' then redis.call('PUBLISH', channel, season .. '\t' .. table.concat(fields, '\t')) end
end
return {changed, fields}
