-- wrk's side of bench/intake.py: unique items or reports, singly or in batches; prints one line of figures at the end.
local kind = os.getenv("BENCH_KIND")
local batch = tonumber(os.getenv("BENCH_BATCH"))
local key = os.getenv("BENCH_KEY")
local words = {}
for word in io.lines(os.getenv("BENCH_WORDS")) do words[#words + 1] = word end
local pause = tonumber(os.getenv("BENCH_PAUSE_MS") or "0")
local thread_count = 0
local number = 0

function setup(thread)
  thread:set("id", thread_count)
  thread_count = thread_count + 1
end

function init(args)
  math.randomseed(os.time() + id * 7919)
  run = math.random(1, 1000000000)
end

local function text()
  local some = {}
  for i = 1, 30 do some[i] = words[math.random(#words)] end
  return table.concat(some, " ")
end

local function item(n)
  return string.format('{"id":"b%d-%d-%d","typeId":"post","data":{"text":"%s %d","author":{"id":"u%d","typeId":"account"}}}',
    run, id, n, text(), n, n % 5000)
end

function request()
  local body
  local path
  if kind == "report" then
    number = number + 1
    path = "/api/v1/report"
    body = string.format('{"reporter":{"kind":"user","typeId":"account","id":"r%d"},"reportedAt":"2026-11-01T12:00:00Z",'
      .. '"reportedForReason":{"policyId":"spam","reason":"%d-%d-%d"},"reportedItem":%s}',
      number % 20000, run, id, number, item(number % 5000))
  else
    local items = {}
    for i = 1, batch do
      number = number + 1
      items[i] = item(number)
    end
    path = "/api/v1/items/async/"
    body = '{"items":[' .. table.concat(items, ",") .. "]}"
  end
  return wrk.format("POST", path, {["content-type"] = "application/json", ["x-api-key"] = key}, body)
end

-- Milliseconds between an answer and the connection's next request, so that not all of them come at once.
if pause > 0 then
  function delay()
    return math.random(0, 2 * pause)
  end
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format('FIGURES {"requests":%d,"seconds":%.3f,"p50":%.2f,"p99":%.2f,"failed":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
