-- One thread of wrk has one connection and its own share of the visitors, so each answer belongs to the
-- request before it. A visitor posts a new name, then reads the thank-you page; then the next visitor comes.
--
-- Arguments after `--`: file of cookies (one visitor a line), `follow` or `replay`, a word to make names new.
-- follow: a visitor sends the cookie the server gave last, as a browser does.
-- replay: a visitor sends the cookie made before the run, always.

local threads = {}

function setup(thread)
  thread:set("thread_number", #threads)
  thread:set("thread_count", tonumber(os.getenv("LOOP_THREADS")))
  table.insert(threads, thread)
end

function init(args)
  cookies, names = {}, {}
  follows, word = args[2] == "follow", args[3]
  local line_number = 0
  for line in io.lines(args[1]) do
    if line_number % thread_count == thread_number then
      local cookie, name = line:match("^(.-)\t(.*)$")
      table.insert(cookies, cookie)
      table.insert(names, name)
    end
    line_number = line_number + 1
  end
  visitor, is_posting, counter, typed = 1, true, 0, ""
  posts, gets, new_cookies, mistakes, first_mistake = 0, 0, 0, 0, ""
end

local form_headers = { ["Content-Type"] = "application/x-www-form-urlencoded", ["Sec-Fetch-Site"] = "same-origin" }
local page_headers = { ["Sec-Fetch-Site"] = "same-origin" }

-- wrk calls this once too often before the start, so only `response` moves on.
function request()
  if not is_posting then
    page_headers["Cookie"] = cookies[visitor]
    return wrk.format("GET", "/thankyou", page_headers)
  end
  counter = counter + 1
  typed = word .. " " .. thread_number .. " " .. counter
  form_headers["Cookie"] = cookies[visitor]
  return wrk.format("POST", "/submit", form_headers, "username=" .. typed:gsub(" ", "+"))
end

function response(status, headers, body)
  if is_posting then
    posts = posts + 1
    if status ~= 303 then mistake("POST answered " .. status) end
    local given = headers["Set-Cookie"] or headers["set-cookie"]
    if given then
      new_cookies = new_cookies + 1
      if follows then cookies[visitor] = given:match("^[^;]*") end
    end
    is_posting = false
    return
  end
  gets = gets + 1
  if status ~= 200 then
    mistake("GET answered " .. status)
  elseif not body:find("Thank you, " .. typed .. "!", 1, true)
    and (follows or not body:find("Thank you, " .. names[visitor] .. "!", 1, true)) then
    mistake("page without the visitor's name: " .. body:sub(1, 200))
  end
  is_posting = true
  visitor = visitor % #cookies + 1
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
