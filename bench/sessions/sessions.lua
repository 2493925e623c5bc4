-- One thread of wrk has one connection and its own share of the visitors, so each answer belongs to the
-- request before it. Each request is that of a visitor taken by chance.
--
-- Arguments after `--`: file of visitors (cookie, tab, name as it stands in the page), `GET` or `POST`, a number
-- from which chance begins.
-- GET reads the page, which must show the name. POST writes the session, and must answer 303.

local threads = {}

function setup(thread)
  thread:set("thread_number", #threads)
  thread:set("thread_count", tonumber(os.getenv("LOOP_THREADS")))
  table.insert(threads, thread)
end

function init(args)
  cookies, names = {}, {}
  method = args[2]
  math.randomseed(tonumber(args[3]) * 1000 + thread_number)
  local line_number = 0
  for line in io.lines(args[1]) do
    if line_number % thread_count == thread_number then
      local cookie, name = line:match("^(.-)\t(.*)$")
      table.insert(cookies, cookie)
      table.insert(names, name)
    end
    line_number = line_number + 1
  end
  visitor = 1
  posts, gets, new_cookies, mistakes, first_mistake = 0, 0, 0, 0, ""
end

local headers_sent = { ["Sec-Fetch-Site"] = "same-origin" }

-- wrk calls this once too often before the start: no answer has come then, so none is missed.
function request()
  visitor = math.random(#cookies)
  headers_sent["Cookie"] = cookies[visitor]
  return wrk.format(method, method == "GET" and "/thankyou" or "/visit", headers_sent)
end

function response(status, headers, body)
  if headers["Set-Cookie"] or headers["set-cookie"] then new_cookies = new_cookies + 1 end
  if method == "POST" then
    posts = posts + 1
    if status ~= 303 then mistake("POST answered " .. status) end
    return
  end
  gets = gets + 1
  if status ~= 200 then
    mistake("GET answered " .. status)
  elseif not body:find("Thank you, " .. names[visitor] .. "!", 1, true) then
    mistake("page without the visitor's name: " .. body:sub(1, 200))
  end
end

function mistake(text)
  mistakes = mistakes + 1
  if first_mistake == "" then first_mistake = text end
end

function done(summary, latency, requests)
  local total = { posts = 0, gets = 0, new_cookies = 0, mistakes = 0 }
  local first = ""
  for _, thread in ipairs(threads) do
    for key in pairs(total) do total[key] = total[key] + thread:get(key) end
    if first == "" then first = thread:get("first_mistake") end
  end
  local errors = summary.errors
  print(string.format(
    'LOOP {"posts":%d,"gets":%d,"newCookies":%d,"mistakes":%d,"requests":%d,"durationUs":%d,'
      .. '"socketErrors":%d,"statusErrors":%d,"firstMistake":"%s"}',
    total.posts, total.gets, total.new_cookies, total.mistakes, summary.requests, summary.duration,
    errors.connect + errors.read + errors.write + errors.timeout, errors.status,
    first:gsub('[%c"\\]', "'")))
end
