import type { Key } from '../crypto/keyring.ts'
import type { Random } from '../crypto/random.ts'
import type { SessionChange, SessionRow } from '../store/store.ts'
import { cookieText } from './cookie-text.ts'
import type { Arrival, Ending, SessionSent } from './keeper.ts'
import type { Lifetime } from './lifetime.ts'
import { newFamily } from './live-session.ts'
import { greetingSecret, hashOf, newSecret, nextSecret, readSecretCookie } from './secret-cookie.ts'
import type { SessionState } from './state.ts'
import { rowOf, stateOf } from './stored-state.ts'

/** What planning needs. */
export interface PlanParts {
  readonly random: Random
  readonly lifetime: Lifetime
  /** What secrets are made with, newest first. */
  readonly keys: readonly [Key, ...Key[]]
}

/** What is to be written, in order, and what is sent when it is. */
export interface Plan {
  readonly changes: readonly PlannedChange[]
  /** The row of this family when they are written. */
  readonly row: SessionRow | null
  readonly end: SessionSent
}

/** A change of one session. */
export interface PlannedChange {
  readonly family: string
  readonly session: SessionChange
}

/** For how long the secret before a login is still known, in seconds. */
const previousSeconds = 60

/**
 * Plans what becomes of a session whose row is now this one. `null`: nothing may be written, for the session was ended
 * meanwhile, or somebody has signed in.
 */
export function planFor(parts: PlanParts, ending: Ending, now: SessionRow | null): Plan | null {
  const { live, opening } = ending
  if (opening.row !== null && (now === null || isOutdated(ending, now))) return null
  if (opening.row === null) return planFirst(parts, ending, now)
  const state = now === null || now.version === opening.row.version ? live.state : live.replayOn(stateOf(now))
  if (state === null || now === null || state.family !== now.family) {
    const ended = now === null ? [] : [{ family: now.family, session: { kind: 'end' } as const }]
    const next = planNew(parts, ending, { state, isTaken: false })
    return { ...next, changes: [...ended, ...next.changes] }
  }
  return planUpdate(parts, ending, { state: { ...state, seenSeconds: live.nowSeconds }, row: now })
}

// A row that is there for one who came without a session is of another request. If that was of the same browser at the
// same time, this one joins it, and its cookie comes with the answer to the other; else it begins a session of its own.
function planFirst(parts: PlanParts, ending: Ending, now: SessionRow | null): Plan {
  const { live } = ending
  const joined = now !== null && isOfSameBrowser(ending, now) ? live.replayOn(stateOf(now)) : null
  if (now === null || joined === null || joined.family !== now.family || joined.epoch !== now.epoch)
    return planNew(parts, ending, { state: live.state, isTaken: now !== null })
  return planUpdate(parts, ending, { state: { ...joined, seenSeconds: live.nowSeconds }, row: now })
}

// It was begun by the cookie that came with this request too, which opened nothing then. Nobody has signed in.
function isOfSameBrowser({ arrival, opening, live }: Ending, now: SessionRow): boolean {
  const presented = readSecretCookie(arrival.cookie)
  if (presented === null || opening.greeted !== now.family || now.epoch !== 0 || now.user !== null) return false
  return now.previousHash === hashOf(presented.secret) && now.previousUntilSeconds > live.nowSeconds
}

// What was asked before a login may not write after it, but for another login.
function isOutdated({ live, opening }: Ending, now: SessionRow): boolean {
  return now.epoch > (opening.row?.epoch ?? 0) && !live.log.some(({ kind }) => kind === 'login')
}

function planNew(
  parts: PlanParts,
  ending: Ending,
  { state, isTaken }: { readonly state: SessionState | null; readonly isTaken: boolean },
): Plan {
  const { arrival, live } = ending
  if (state === null) {
    const end = live.greets ? greeting(parts, ending) : taken(arrival)
    return { changes: [], row: null, end }
  }
  const family = isTaken ? newFamily(parts.random) : state.family
  const { secret, previousHash, previousUntilSeconds } = renewal(parts, ending, family)
  const { userAgent, address } = arrival.device()
  const row = rowOf(
    { ...state, family, seenSeconds: live.nowSeconds },
    {
      version: firstVersion(parts.random),
      secretHash: hashOf(secret),
      previousHash,
      previousUntilSeconds,
      userAgent: userAgent.slice(0, 200),
      address,
    },
    parts.lifetime,
  )
  const end = sent(arrival, `${family}.${secret}`, row.expiresSeconds - live.nowSeconds)
  return { changes: [{ family, session: { kind: 'create', row } }], row: null, end }
}

function planUpdate(
  parts: PlanParts,
  ending: Ending,
  { state, row }: { readonly state: SessionState; readonly row: SessionRow },
): Plan {
  const { arrival, live } = ending
  const isLogin = state.epoch !== row.epoch
  const { secret, ...renewed } = isLogin ? renewal(parts, ending, row.family) : { secret: null }
  const secretHash = secret === null ? row.secretHash : hashOf(secret)
  const next = rowOf(state, { ...row, ...renewed, secretHash, version: row.version + 1 }, parts.lifetime)
  const changes = [{ family: row.family, session: { kind: 'update', row: next } as const }]
  const cookie = secret === null ? arrival.cookie : `${row.family}.${secret}`
  const isAging = live.nowSeconds - row.seenSeconds > parts.lifetime.idleSeconds * 0.05
  if (cookie === undefined || (secret === null && !isAging)) return { changes, row: next, end: { kind: 'keep' } }
  return { changes, row: next, end: sent(arrival, cookie, next.expiresSeconds - live.nowSeconds) }
}

// Who sends a form again is told the new secret again: then it is made from the old one, not by chance.
function renewal(
  { random, keys }: PlanParts,
  { arrival, live, once }: Ending,
  family: string,
): { secret: string; previousHash: string | null; previousUntilSeconds: number } {
  const before = readSecretCookie(arrival.cookie)
  const isKnown = before?.family === family
  return {
    secret: isKnown && once?.kind === 'complete' ? nextSecret(before, once.key, keys[0]) : newSecret(random),
    previousHash: isKnown ? hashOf(before.secret) : null,
    previousUntilSeconds: isKnown ? live.nowSeconds + previousSeconds : 0,
  }
}

// By chance, so that what was written over an earlier session of this name never looks like the next version of this one.
function firstVersion(random: Random): number {
  const [one = 0, two = 0, three = 0] = random.bytes(3)
  return 1 + one + two * 0x100 + three * 0x10000
}

/** The cookie by which a visitor without a session is known again: nothing is kept of them. */
export function greeting({ lifetime, keys }: PlanParts, { arrival, live, opening }: Ending): SessionSent {
  const family = live.greet()
  if (opening.greeted === family) return { kind: 'keep' }
  return sent(arrival, `${family}.${greetingSecret(family, keys[0])}`, lifetime.idleSeconds)
}

/** The cookie is sent. */
export function sent({ kind }: Arrival, cookie: string, maxAge: number): SessionSent {
  return { kind: 'write', setCookie: cookieText(kind, cookie, maxAge) }
}

/** The cookie is taken back. */
export function taken({ kind }: Arrival): SessionSent {
  return { kind: 'drop', setCookie: cookieText(kind, '', 0) }
}
