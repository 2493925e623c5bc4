import type { Random } from '../crypto/random.ts'
import { DewarError } from '../errors/dewar-error.ts'
import type { Outcome, SessionChange, SessionRow, Store } from '../store/store.ts'
import { cookieText } from './cookie-text.ts'
import type { Arrival, Ending, Opening, SessionEnd, SessionKeeper } from './keeper.ts'
import { judgeLifetime, type Lifetime, secondsLeft } from './lifetime.ts'
import { refuseAsync, refuseFaults, type SessionSchema } from './schema.ts'
import { createSecretProof, hashOf, newSecret, readSecretCookie } from './secret-cookie.ts'
import type { SessionState } from './state.ts'
import { createStateReader, rowOf, stateOf } from './stored-state.ts'
import { TendedStore } from './tended-store.ts'
import { Turns } from './turns.ts'

/** What keeping sessions in a store needs. */
export interface StoreKeeperParts {
  readonly store: Store
  readonly random: Random
  readonly lifetime: Lifetime
  readonly schema: SessionSchema<object>
}

/** Most times that a change is done again on what somebody else has kept meanwhile. */
const mostTries = 16

/** For how long the secret before a login is still known. */
const previousSeconds = 60

/** Keeps sessions in a store. The cookie says which one and holds the secret that opens it. */
export function createStoreKeeper({ store, ...rest }: StoreKeeperParts): SessionKeeper {
  refuseAsync(rest.schema)
  const parts: Parts = {
    ...rest,
    tended: new TendedStore(store),
    isSecretOf: createSecretProof(),
    read: createStateReader(rest.schema),
  }
  const turns = new Turns<Kept>(isUnavailable)
  return {
    open: (arrival, nowSeconds) => open(parts, arrival, nowSeconds),
    end(ending) {
      const { live, opening } = ending
      if (!live.touched || !opening.isAvailable) return { kind: 'keep' }
      if (!live.changed) return live.state === null ? leave(ending) : visit(parts, ending)
      return keepInTurn(parts, turns, ending)
    },
  }
}

async function keepInTurn(parts: Parts, turns: Turns<Kept>, ending: Ending): Promise<SessionEnd> {
  const { state } = ending.live
  if (state !== null) refuseFaults(state.data, parts.schema)
  const { row } = ending.opening
  if (row === null) return (await keep(parts, ending, null)).end
  const kept = await turns.take(row.family, (before) => keep(parts, ending, before?.row ?? row))
  return kept.end
}

function isUnavailable(error: unknown): boolean {
  return error instanceof DewarError && error.code === 'store/unavailable'
}

interface Parts extends Omit<StoreKeeperParts, 'store'> {
  readonly tended: TendedStore
  readonly isSecretOf: (secret: string, hash: string) => boolean
  readonly read: (row: SessionRow) => SessionState | null
}

const nobody: Opening = { row: null, isAvailable: true, state: () => null }

function open(parts: Parts, { cookie }: Arrival, nowSeconds: number): Opening | Promise<Opening> {
  const named = readSecretCookie(cookie)
  return named === null ? nobody : fetchRow(parts, { ...named, nowSeconds })
}

async function fetchRow(
  { tended, lifetime, isSecretOf, read }: Parts,
  { family, secret, nowSeconds }: { readonly family: string; readonly secret: string; readonly nowSeconds: number },
): Promise<Opening> {
  let row: SessionRow | null
  try {
    const ready = tended.ready(nowSeconds)
    const store = ready instanceof Promise ? await ready : ready
    row = (await store.begin({ family, nowSeconds })).session
  } catch (error) {
    return { row: null, isAvailable: false, state: () => throwIt(error) }
  }
  if (row === null || !isSecretOf(secret, row.secretHash)) return nobody
  const kept = row
  const state = (): SessionState | null => {
    const state = read(kept)
    return state === null || judgeLifetime(state, nowSeconds, lifetime) === 'over' ? null : state
  }
  return { row, isAvailable: true, state }
}

function throwIt(error: unknown): never {
  throw error
}

// Taking back a cookie that opens nothing would tell its sender so; only who asks for its end is answered.
function leave({ arrival, live }: Ending): SessionEnd {
  const isEnded = arrival.cookie !== undefined && live.log.some(({ kind }) => kind === 'clear')
  return isEnded ? { kind: 'drop', setCookie: cookieText(arrival.kind, '', 0) } : { kind: 'keep' }
}

// A session that was only looked at is written when more than 5 % of its idle time has passed.
function visit(parts: Parts, ending: Ending): SessionEnd | Promise<SessionEnd> {
  const { live, opening } = ending
  if (live.state === null || opening.row === null) return { kind: 'keep' }
  if (judgeLifetime(live.state, live.nowSeconds, parts.lifetime) !== 'aging') return { kind: 'keep' }
  return renew(parts, ending, { state: live.state, row: opening.row })
}

// It is no matter if the store does not keep it.
async function renew(
  { tended, lifetime }: Parts,
  { arrival, live: { nowSeconds } }: Ending,
  from: { readonly state: SessionState; readonly row: SessionRow },
): Promise<SessionEnd> {
  const seen = { ...from.state, seenSeconds: nowSeconds }
  const row = rowOf(seen, { ...from.row, version: from.row.version + 1 }, lifetime)
  const change = { family: row.family, nowSeconds, session: { kind: 'update', row } } as const
  const store = await tended.ready(nowSeconds)
  const outcome = await store.commit(change).catch(() => null)
  if (outcome?.kind !== 'committed') return { kind: 'keep' }
  return sent(arrival, arrival.cookie ?? '', secondsLeft(seen, nowSeconds, lifetime))
}

/** What a session came to: the row as it is now, as far as this process knows, and what is sent. */
interface Kept {
  readonly row: SessionRow | null
  readonly end: SessionEnd
}

async function keep(parts: Parts, ending: Ending, newest: SessionRow | null): Promise<Kept> {
  const { live, opening } = ending
  let row = newest
  if (row !== null && isOutdated(ending, row)) return { row, end: { kind: 'keep' } }
  let state = row === opening.row || row === null ? live.state : live.replayOn(stateOf(row))
  for (let tries = 0; tries < mostTries; tries++) {
    const plan = planFor(parts, ending, { row, state })
    const outcome = await commitAll(parts.tended, plan, live.nowSeconds)
    switch (outcome.kind) {
      case 'committed':
        return { row: plan.row, end: plan.end }
      case 'gone':
      case 'lost':
        return { row: null, end: { kind: 'keep' } } // it was ended meanwhile, and stays ended
      case 'conflict':
        row = outcome.session
        if (isOutdated(ending, row)) return { row, end: { kind: 'keep' } }
        state = live.replayOn(stateOf(row))
        await pause(tries)
    }
  }
  throw new DewarError('store/unavailable', 'The session was written by others again and again.')
}

// What was asked before a login may not write after it, but for another login.
function isOutdated({ live, opening }: Ending, now: SessionRow): boolean {
  return now.epoch > (opening.row?.epoch ?? 0) && !live.log.some(({ kind }) => kind === 'login')
}

// With chance, so that those who collided do not collide again.
async function pause(tries: number): Promise<void> {
  if (tries > 0) await new Promise((resolve) => setTimeout(resolve, Math.random() * 2 ** Math.min(tries, 6)))
}

/** What is to be written, in order, and what is sent when it is. */
interface Plan {
  readonly changes: readonly { readonly family: string; readonly session: SessionChange }[]
  /** The row of this family when they are. */
  readonly row: SessionRow | null
  readonly end: SessionEnd
}

interface Basis {
  /** What is kept now. */
  readonly row: SessionRow | null
  /** What is to be kept. */
  readonly state: SessionState | null
}

function planFor(parts: Parts, ending: Ending, { row, state }: Basis): Plan {
  const { arrival, live } = ending
  const ends = row === null ? [] : [{ family: row.family, session: { kind: 'end' } as const }]
  if (state === null)
    return { changes: ends, row: null, end: { kind: 'drop', setCookie: cookieText(arrival.kind, '', 0) } }
  const seen = { ...state, seenSeconds: live.nowSeconds }
  if (row === null || row.family !== seen.family) return planNew(parts, ending, { seen, ends })
  return planUpdate(parts, ending, { seen, row })
}

function planNew(
  { random, lifetime }: Parts,
  { arrival, live }: Ending,
  { seen, ends }: { readonly seen: SessionState; readonly ends: Plan['changes'] },
): Plan {
  const secret = newSecret(random)
  const { userAgent, address } = arrival.device()
  const fresh = { version: 1, secretHash: hashOf(secret), previousHash: null, previousUntilSeconds: 0 }
  const row = rowOf(seen, { ...fresh, userAgent: userAgent.slice(0, 200), address }, lifetime)
  const end = sent(arrival, `${row.family}.${secret}`, row.expiresSeconds - live.nowSeconds)
  return { changes: [...ends, { family: row.family, session: { kind: 'create', row } }], row: null, end }
}

function planUpdate(
  { random, lifetime }: Parts,
  { arrival, live }: Ending,
  { seen, row }: { readonly seen: SessionState; readonly row: SessionRow },
): Plan {
  const { nowSeconds } = live
  const isLogin = seen.epoch !== row.epoch
  const secret = isLogin ? newSecret(random) : null
  const renewed =
    secret === null
      ? {}
      : {
          secretHash: hashOf(secret),
          previousHash: row.secretHash,
          previousUntilSeconds: nowSeconds + previousSeconds,
        }
  const next = rowOf(seen, { ...row, ...renewed, version: row.version + 1 }, lifetime)
  const changes = [{ family: row.family, session: { kind: 'update', row: next } as const }]
  const cookie = secret === null ? arrival.cookie : `${row.family}.${secret}`
  const isAging = nowSeconds - row.seenSeconds > lifetime.idleSeconds * 0.05
  if (cookie === undefined || (secret === null && !isAging)) return { changes, row: next, end: { kind: 'keep' } }
  return { changes, row: next, end: sent(arrival, cookie, next.expiresSeconds - nowSeconds) }
}

async function commitAll(tended: TendedStore, { changes }: Plan, nowSeconds: number): Promise<Outcome> {
  const store = await tended.ready(nowSeconds)
  for (const change of changes) {
    const outcome = await store.commit({ ...change, nowSeconds })
    if (outcome.kind !== 'committed') return outcome
  }
  return { kind: 'committed' }
}

function sent({ kind }: Arrival, cookie: string, maxAge: number): SessionEnd {
  return { kind: 'write', setCookie: cookieText(kind, cookie, maxAge) }
}
