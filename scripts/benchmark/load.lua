-- Sends what a deck says: lines of METHOD, path, token, address, body, apart by tabs.
-- wrk … -s load.lua URL -- READS WRITES EVERY COUNT PAUSE CONNECTIONS WINDOW LONGEST LEAST
-- Between an answer and its connection's next request lie PAUSE milliseconds, now more
-- and now less: people do not tap in step, and a queue of all of them is no queue of one.
-- READS is gone through again and again, WRITES once; of EVERY requests one is a write.
-- After WINDOW microseconds, or as many more up to LONGEST as it takes to have sent LEAST
-- requests, nothing more is sent: each connection rests once it has its answer, and
-- when all rest, RESTING is said, so that whoever started wrk can end it.

local ffi = require("ffi")
ffi.cdef[[
  typedef struct { long seconds, nanoseconds; } moment_t;
  int clock_gettime(int clock, moment_t *moment);
]]
local MONOTONIC, HOUR_MS = 1, 3600000
local moment = ffi.new("moment_t")
local threads = {}

local function now()
  ffi.C.clock_gettime(MONOTONIC, moment)
  return tonumber(moment.seconds) * 1000000 + tonumber(moment.nanoseconds) / 1000
end

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
  counting = args[4] == "count"
  pause, connections = tonumber(args[5]), tonumber(args[6])
  window, longest, least = tonumber(args[7]), tonumber(args[8]), tonumber(args[9])
  asked, written, answered, made, refused, broken = 0, 0, 0, 0, 0, 0
  began, ended, resting = 0, 0, 0
  if counting then
    function response(status)
      answered = answered + 1
      if status == 201 then made = made + 1
      elseif status == 409 then refused = refused + 1
      elseif status > 399 then broken = broken + 1 end
    end
  end
end

-- wrk asks for one request before it begins, which is never sent.
local function sent()
  return asked - 1
end

-- Between a connection's answer, or its opening, and its next request.
function delay()
  local at = now()
  if began == 0 then began = at end
  local passed = at - began
  if passed < window or (passed < longest and sent() < least) then
    return pause > 0 and math.random(0, 2 * pause) or 0
  end
  ended, resting = at, resting + 1
  if resting >= connections and not (counting and answered < sent()) then
    io.write("RESTING\n")
    io.flush()
  end
  return HOUR_MS
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
  local took = t:get("ended") - t:get("began")
  if took <= 0 then took = summary.duration end
  io.write(string.format(
    'BENCH {"requests": %d, "microseconds": %d, "p50_us": %d, "p99_us": %d, ' ..
    '"unanswered": %d, "bad": %d, "written": %d, "made": %d, "refused": %d, ' ..
    '"broken": %d}\n',
    summary.requests, took,
    latency:percentile(50), latency:percentile(99),
    e.connect + math.max(0, t:get("asked") - 1 - summary.requests), e.status,
    t:get("written"), t:get("made"), t:get("refused"), t:get("broken")))
end
