-- wrk's load for bench/hma.py: hashes of a file, one to a request, or many in one body.
local lines, at = {}, 0
for line in io.lines(os.getenv("HASHES")) do lines[#lines + 1] = line end
local path, many = os.getenv("ASKED"), tonumber(os.getenv("MANY"))
math.randomseed(7)

request = function()
  if many == 0 then
    at = at % #lines + 1
    return wrk.format("GET", path .. "?signal_type=pdq&include_distance=true&signal=" .. lines[at])
  end
  local some = {}
  for number = 1, many do
    at = at % #lines + 1
    some[number] = '"' .. lines[at] .. '"'
  end
  local body = '{"signal_type":"pdq","signals":[' .. table.concat(some, ",") .. "]}"
  return wrk.format("POST", path, { ["Content-Type"] = "application/json" }, body)
end

local bad = 0
response = function(status) if status ~= 200 then bad = bad + 1 end end
done = function(summary, latency)
  io.write(string.format("RESULT %d %d %.3f %.3f %d\n", summary.requests, summary.duration,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout))
end
