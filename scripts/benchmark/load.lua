-- Sends what a deck says: lines of METHOD, path, token, address, body, apart by tabs.
-- wrk … -s load.lua URL -- READS WRITES EVERY COUNT
-- READS is gone through again and again, WRITES once; of EVERY requests one is a write.

local threads = {}

function setup(thread)
  threads[#threads + 1] = thread
end

local function read(path)
  local requests = {}
  if path == "-" then return requests end
  for line in io.lines(path) do
    local method, target, token, address, body =
      line:match("^([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)\t(.*)$")
    local headers = { ["Host"] = "127.0.0.1" }
    if token ~= "" then headers["Authorization"] = "Bearer " .. token end
    if address ~= "" then headers["X-Real-Ip"] = address end
    if body ~= "" then headers["Content-Type"] = "application/json" end
    requests[#requests + 1] =
      wrk.format(method, target, headers, body ~= "" and body or nil)
  end
  return requests
end

function init(args)
  reads, writes = read(args[1]), read(args[2])
  every = tonumber(args[3])
  asked, written, made, refused, broken = 0, 0, 0, 0, 0
  if args[4] == "count" then
    function response(status)
      if status == 201 then made = made + 1
      elseif status == 409 then refused = refused + 1
      elseif status > 399 then broken = broken + 1 end
    end
  end
  local pause = tonumber(args[5])
  if pause > 0 then
    function delay() return pause end
  end
end

function request()
  asked = asked + 1
  if every > 0 and asked % every == 0 then
    written = written + 1
    return writes[(written - 1) % #writes + 1]
  end
  return reads[(asked - 1) % #reads + 1]
end

function done(summary, latency)
  local t, e = threads[1], summary.errors
  io.write(string.format(
    'BENCH {"requests": %d, "microseconds": %d, "p50_us": %d, "p99_us": %d, ' ..
    '"unanswered": %d, "bad": %d, "written": %d, "made": %d, "refused": %d, ' ..
    '"broken": %d}\n',
    summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99),
    e.connect + e.read + e.write + e.timeout, e.status,
    t:get("written"), t:get("made"), t:get("refused"), t:get("broken")))
end
