import { createHash } from 'node:crypto'

/** A script that the server runs as one step: nobody sees half of it, and nothing comes in between. */
export interface RedisScript {
  readonly source: string
  /** By which the server knows it once it has run: SHA-1 of the source, as hex. */
  readonly hash: string
}

function script(source: string): RedisScript {
  return { source, hash: createHash('sha1').update(source).digest('hex') }
}

// Who is the first to ask an empty store names it. A server that is full or a copy takes no name, and still answers.
const naming = `
local function incarnationAt(key, name)
  local there = redis.call('GET', key)
  if there then return there end
  local made = redis.pcall('SET', key, name)
  return made.err and '' or name
end
`

// What a write did is remembered for longer than a deadline is away: sent again, by the client or by the store, it is told
// and not done again. It is remembered first: with its memory full the server refuses a script's first write, unless that
// removes something, and lets through those that follow.
//
// The time comes first and makes a script what older servers call random: they then pass on what it
// did, not the script.
const beginning = `
if redis.replicate_commands then redis.replicate_commands() end
local time = redis.call('TIME')
local clock = time[1] * 1000 + math.floor(time[2] / 1000)
local now = tonumber(ARGV[1])
local isLate = clock > tonumber(ARGV[2])
local function isAlive(expires) return expires and tonumber(expires) > now end
local function remember(key, answer) redis.call('SET', key, answer, 'PX', 5000) end
local function onceAt(key)
  return redis.call('HMGET', key, 'state', 'owner', 'lease', 'expires', 'fingerprint', 'answer')
end
`

/**
 * The scripts. A session is a hash of its `version`, `expires`, `user` (`` for nobody, else `=` and the name) and `row`,
 * which is all of it as JSON. Two kinds of sorted sets, of families by when they are over, say which sessions there are:
 * one of all, one for each user. They change together with the sessions. The incarnation is text, and stays. Every key of
 * an app is in the same slot.
 */
export const scripts: Readonly<
  Record<'both' | 'claim' | 'commit' | 'list' | 'revoke' | 'sweep' | 'info', RedisScript>
> = {
  // KEYS: session, once, incarnation  ARGV: a name for it if there is none
  both: script(`${naming}
local once = redis.call('HMGET', KEYS[2], 'state', 'owner', 'lease', 'expires', 'fingerprint', 'answer')
return {incarnationAt(KEYS[3], ARGV[1]), redis.call('HGET', KEYS[1], 'row'), unpack(once, 1, 6)}
`),

  // KEYS: session, once, write, incarnation
  // ARGV: now, deadline, owner, fingerprint, lease, expires, ttl, a name for the incarnation if there is none
  claim: script(`${beginning}${naming}
local incarnation = incarnationAt(KEYS[4], ARGV[8])
local once = onceAt(KEYS[2])
local outcome = 'theirs'
if redis.call('EXISTS', KEYS[3]) == 1 then
  outcome = 'mine'
elseif not isAlive(once[4]) or (once[1] == 'running' and tonumber(once[3]) <= now and once[5] == ARGV[4]) then
  outcome = isLate and 'late' or 'mine'
  if not isLate then
    remember(KEYS[3], outcome)
    local isAnew = isAlive(once[4])
    redis.call('DEL', KEYS[2])
    redis.call('HSET', KEYS[2], 'state', 'running', 'owner', ARGV[3], 'fingerprint', ARGV[4], 'lease', ARGV[5],
      'expires', ARGV[6])
    if isAnew then redis.call('HSET', KEYS[2], 'answer', '') end
    redis.call('PEXPIRE', KEYS[2], ARGV[7])
    once = onceAt(KEYS[2])
  end
end
return {outcome, clock, incarnation, redis.call('HGET', KEYS[1], 'row'), unpack(once, 1, 6)}
`),

  // KEYS: session, once, write, all sessions, those of the new user, those of a user without the name
  // ARGV: now, deadline, family, change, version, expires, user, row, ttl,
  //       act, fingerprint, answer, expires, ttl, whether there is an owner, owner
  commit: script(`${beginning}
local done = redis.call('GET', KEYS[3])
if done then return {done, clock} end

local family, change, act = ARGV[3], ARGV[4], ARGV[10]
local once = act ~= '' and onceAt(KEYS[2]) or {}
local isTheirs = isAlive(once[4]) and once[1] == 'running' and once[2] == ARGV[16]
if act == 'complete' then
  local isFree = ARGV[15] == '1' and isTheirs or ARGV[15] == '0' and not isAlive(once[4])
  if not isFree then return {'lost', clock, unpack(once, 1, 6)} end
end

local there = change ~= '' and redis.call('HMGET', KEYS[1], 'version', 'expires', 'user', 'row') or {}
if isAlive(there[2]) then
  if change == 'create' or change == 'update' and tonumber(there[1]) ~= tonumber(ARGV[5]) - 1 then
    return {'conflict', clock, there[4]}
  end
elseif change == 'update' then
  return {'gone', clock}
end
if isLate then return {'late', clock} end

-- What removes, or gives a claim back, may be done twice; what only removes also when the memory is full.
if act == 'complete' or change == 'create' or change == 'update' then remember(KEYS[3], 'committed') end
if act == 'complete' then
  local lease = isTheirs and once[3] or '0'
  redis.call('DEL', KEYS[2])
  redis.call('HSET', KEYS[2], 'state', 'done', 'owner', ARGV[16], 'fingerprint', ARGV[11], 'lease', lease,
    'expires', ARGV[13], 'answer', ARGV[12])
  redis.call('PEXPIRE', KEYS[2], ARGV[14])
elseif act == 'release' and isTheirs then
  if once[6] then redis.call('HSET', KEYS[2], 'owner', '', 'lease', '0') else redis.call('DEL', KEYS[2]) end
end
if change ~= '' and there[3] and there[3] ~= '' then
  redis.call('ZREM', KEYS[6] .. string.sub(there[3], 2), family)
end
if change == 'end' then
  redis.call('DEL', KEYS[1])
  redis.call('ZREM', KEYS[4], family)
elseif change ~= '' then
  redis.call('HSET', KEYS[1], 'version', ARGV[5], 'expires', ARGV[6], 'user', ARGV[7], 'row', ARGV[8])
  redis.call('PEXPIRE', KEYS[1], ARGV[9])
  redis.call('ZADD', KEYS[4], ARGV[6], family)
  if ARGV[7] ~= '' then
    redis.call('ZREMRANGEBYSCORE', KEYS[5], '-inf', now)
    redis.call('ZADD', KEYS[5], ARGV[6], family)
    if redis.call('PTTL', KEYS[5]) < tonumber(ARGV[9]) then redis.call('PEXPIRE', KEYS[5], ARGV[9]) end
  end
end
return {'committed', clock}
`),

  // KEYS: those of the user, a session without its name  ARGV: now, user
  list: script(`
local rows = {}
for _, family in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. ARGV[1], '+inf')) do
  local there = redis.call('HMGET', KEYS[2] .. family, 'user', 'row')
  if there[1] == ARGV[2] then rows[#rows + 1] = there[2] end
end
return rows
`),

  // KEYS: write, all sessions, a session without its name, those of a user without the name
  // ARGV: now, deadline, kind, name, except, most
  revoke: script(`${beginning}
local kind, name, except, most = ARGV[3], ARGV[4], ARGV[5], tonumber(ARGV[6])
local answer = redis.call('GET', KEYS[1])
if answer then return {'revoked', clock, answer, 'again'} end
if isLate then return {'late', clock} end

local families = {name}
if kind == 'user' then families = redis.call('ZRANGE', KEYS[4] .. name, 0, most) end
if kind == 'all' then families = redis.call('ZRANGE', KEYS[2], 0, most - 1) end
local seen, ended = 0, 0
for _, family in ipairs(families) do
  if seen < most and not (kind == 'user' and family == except) then
    seen = seen + 1
    local key = KEYS[3] .. family
    local user, expires = unpack(redis.call('HMGET', key, 'user', 'expires'), 1, 2)
    if kind == 'user' then redis.call('ZREM', KEYS[4] .. name, family) end
    if kind ~= 'user' or user == '=' .. name then
      redis.call('DEL', key)
      if isAlive(expires) then ended = ended + 1 end
      redis.call('ZREM', KEYS[2], family)
      if user and user ~= '' then redis.call('ZREM', KEYS[4] .. string.sub(user, 2), family) end
    end
  end
end
if ended > 0 then remember(KEYS[1], ended) end
return {'revoked', clock, tostring(ended), seen < most and 'all' or 'again'}
`),

  // KEYS: all sessions, a session without its name, those of a user without the name  ARGV: now, most
  sweep: script(`
local families = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[2])
for _, family in ipairs(families) do
  local user = redis.call('HGET', KEYS[2] .. family, 'user')
  if user and user ~= '' then redis.call('ZREM', KEYS[3] .. string.sub(user, 2), family) end
  redis.call('DEL', KEYS[2] .. family)
  redis.call('ZREM', KEYS[1], family)
end
return #families
`),

  // KEYS: any, to find the node. Gives nothing where the client may not ask.
  info: script(`
local info = redis.pcall('INFO')
return type(info) == 'string' and info or ''
`),
}
