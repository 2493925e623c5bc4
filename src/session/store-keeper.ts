import type { Keyring } from '../crypto/keyring.ts'
import { DewarError } from '../errors/dewar-error.ts'
import { type Asked, type Begun, isTransactional, type Outcome, type SessionRow, type Store } from '../store/store.ts'
import { isUnavailable } from '../store/unavailable.ts'
import type {
  Arrival,
  EndInside,
  Ending,
  Opening,
  SentBefore,
  SessionEnd,
  SessionKeeper,
  SessionSent,
} from './keeper.ts'
import { judgeLifetime, secondsLeft } from './lifetime.ts'
import { changeOf } from './once-change.ts'
import { refuseAsync, refuseFaults, type SessionSchema } from './schema.ts'
import {
  createSecretProof,
  greetingSecret,
  hashOf,
  nextSecret,
  readSecretCookie,
  type SecretCookie,
} from './secret-cookie.ts'
import type { SessionState } from './state.ts'
import { greeting, type Plan, type PlannedChange, type PlanParts, planFor, sent, taken } from './store-plan.ts'
import { createStateReader, rowOf } from './stored-state.ts'
import { TendedStore } from './tended-store.ts'
import { Turns } from './turns.ts'

/** What keeping sessions in a store needs. */
export interface StoreKeeperParts extends Omit<PlanParts, 'keys'> {
  readonly store: Store
  readonly keyring: Keyring
  readonly schema: SessionSchema<object>
}

/** Most times that a change is done again on what somebody else has kept meanwhile. */
const mostTries = 16

/** Keeps sessions in a store. The cookie says which one and holds the secret that opens it. */
export function createStoreKeeper({ store, keyring, ...rest }: StoreKeeperParts): SessionKeeper {
  refuseAsync(rest.schema)
  const parts: Parts = {
    ...rest,
    tended: new TendedStore(store),
    keys: keyring.keysFor('session-secret'),
    isSecretOf: createSecretProof(),
    read: createStateReader(rest.schema),
  }
  const turns = new Turns<Kept>(isUnavailable)
  return {
    async ready(nowSeconds) {
      await parts.tended.ready(nowSeconds)
    },
    open: (arrival, nowSeconds, once) => open(parts, arrival, nowSeconds, once),
    visitorOf({ cookie }) {
      const named = readSecretCookie(cookie)
      return named && { family: named.family, code: hashOf(named.secret) }
    },
    end(ending) {
      const { live, opening } = ending
      if (!live.touched || !opening.isAvailable) return record(parts, ending, { kind: 'keep' })
      if (!live.changed) return endUnchanged(parts, ending)
      return keepInTurn(parts, turns, ending)
    },
    get incarnation() {
      return parts.tended.incarnation
    },
    transact: isTransactional(store)
      ? async (asked, work) => {
          await parts.tended.ready(asked.nowSeconds)
          return store.transact(asked, work)
        }
      : null,
    endInside: (ending, row) => endInside(parts, ending, row),
    again: (ending, before, nowSeconds) => again(parts, ending, { before, nowSeconds }),
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

interface Parts extends PlanParts {
  readonly tended: TendedStore
  readonly schema: SessionSchema<object>
  readonly isSecretOf: (secret: string, hash: string) => boolean
  readonly read: (row: SessionRow) => SessionState | null
}

const nobody = { row: null, there: null, greeted: null, known: { once: null, isMine: false, incarnation: '' } } as const

// A visitor without a session may be shown a form all the same, and its token says which incarnation it is for.
function open(parts: Parts, { cookie }: Arrival, nowSeconds: number, once: Asked['once']): Opening | Promise<Opening> {
  const named = readSecretCookie(cookie)
  if (named !== null) return fetchRow(parts, named, { nowSeconds, once })
  const opening: Opening = { ...nobody, isAvailable: true, state: () => null }
  return parts.tended.meet(nowSeconds)?.then(() => opening) ?? opening
}

function fetchRow(
  parts: Parts,
  named: SecretCookie,
  { nowSeconds, once }: { readonly nowSeconds: number; readonly once: Asked['once'] },
): Opening | Promise<Opening> {
  const { family } = named
  const begun = parts.tended.begin(once === undefined ? { family, nowSeconds } : { family, nowSeconds, once })
  if (!(begun instanceof Promise)) return openingOf(parts, named, { begun, nowSeconds })
  return begun.then(
    (told) => openingOf(parts, named, { begun: told, nowSeconds }),
    (error) => ({ ...nobody, greeted: greetedBy(parts, named), isAvailable: false, state: () => throwIt(error) }),
  )
}

function openingOf(
  parts: Parts,
  named: SecretCookie,
  { begun, nowSeconds }: { readonly begun: Begun; readonly nowSeconds: number },
): Opening {
  const { session: there, once, isMine, incarnation } = begun
  const isTheirs = there !== null && parts.isSecretOf(named.secret, there.secretHash)
  let read: SessionState | null | undefined
  const state = (): SessionState | null => {
    read ??= isTheirs ? readAlive(parts, there, nowSeconds) : null
    return read
  }
  return {
    // Of a row that is over by the lifetime of now, or of another format, no session is read: what is kept is another one.
    get row() {
      return state() === null ? null : there
    },
    there,
    greeted: there === null ? greetedBy(parts, named) : null,
    known: { once, isMine, incarnation },
    isAvailable: true,
    state,
  }
}

function readAlive({ read, lifetime }: Parts, row: SessionRow, nowSeconds: number): SessionState | null {
  const state = read(row)
  return state === null || judgeLifetime(state, nowSeconds, lifetime) === 'over' ? null : state
}

function greetedBy({ keys }: Parts, { family, secret }: SecretCookie): string | null {
  return keys.some((key) => greetingSecret(family, key) === secret) ? family : null
}

function throwIt(error: unknown): never {
  throw error
}

function endUnchanged(parts: Parts, ending: Ending): SessionEnd | Promise<SessionEnd> {
  const { live, once } = ending
  if (live.state === null) return record(parts, ending, leave(parts, ending))
  return once === undefined ? visit(parts, ending) : record(parts, ending, { kind: 'keep' })
}

// Taking back a cookie that opens nothing would tell its sender so; only who asks for its end is answered.
function leave(parts: Parts, ending: Ending): SessionSent {
  const { arrival, live } = ending
  if (live.greets) return greeting(parts, ending)
  const isEnded = arrival.cookie !== undefined && live.log.some(({ kind }) => kind === 'clear')
  return isEnded ? taken(arrival) : { kind: 'keep' }
}

// A session that was only looked at is written when more than 5 % of its idle time has passed.
function visit(parts: Parts, ending: Ending): SessionSent | Promise<SessionSent> {
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
): Promise<SessionSent> {
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
  let now = newest
  for (let tries = 0; tries < mostTries; tries++) {
    const plan = planFor(parts, ending, now)
    if (plan === null) return { row: now, end: await record(parts, ending, { kind: 'keep' }) }
    const outcome = await commitAll(parts, ending, plan)
    switch (outcome.kind) {
      case 'committed':
        return { row: plan.row, end: plan.end }
      case 'lost':
        return { row: now, end: outcome }
      case 'gone': // it was ended meanwhile, and stays ended
        return { row: null, end: await record(parts, ending, { kind: 'keep' }) }
      case 'conflict':
        now = outcome.session
        await pause(tries)
    }
  }
  throw new DewarError('store/unavailable', 'The session was written by others again and again.')
}

// With chance, so that those who collided do not collide again.
async function pause(tries: number): Promise<void> {
  if (tries > 0) await new Promise((resolve) => setTimeout(resolve, Math.random() * 2 ** Math.min(tries, 6)))
}

async function commitAll({ tended }: Parts, ending: Ending, { changes, end }: Plan): Promise<Outcome> {
  const { nowSeconds } = ending.live
  const all: readonly Partial<PlannedChange>[] = changes.length === 0 ? [{}] : changes
  for (const [at, { family = familyOf(ending), session }] of all.entries()) {
    const last = at === all.length - 1 ? changeOf(ending.once, { end: end.kind, setCookie: null }) : {}
    if (session === undefined && last.once === undefined) continue
    const store = await tended.ready(nowSeconds) // only now: what keeps nothing is sent without a store too
    const outcome = await store.commit({ family, nowSeconds, ...(session && { session }), ...last })
    if (outcome.kind !== 'committed') return outcome
  }
  return { kind: 'committed' }
}

/** Keeps what becomes of the submission, if there is one, and nothing of the session. */
function record(parts: Parts, ending: Ending, end: SessionSent): SessionEnd | Promise<SessionEnd> {
  return ending.once === undefined ? end : recordAlone(parts, ending, end)
}

async function recordAlone(parts: Parts, ending: Ending, end: SessionSent): Promise<SessionEnd> {
  const outcome = await commitAll(parts, ending, { changes: [], row: null, end })
  return outcome.kind === 'lost' ? outcome : end
}

function familyOf({ arrival }: Ending): string {
  return readSecretCookie(arrival.cookie)?.family ?? ''
}

// One transaction changes one session.
function endInside(parts: Parts, ending: Ending, row: SessionRow | null): EndInside | null {
  const { live } = ending
  if (!live.touched) return { session: undefined, end: { kind: 'keep' } }
  if (!live.changed) {
    const end = live.state === null ? leave(parts, ending) : ({ kind: 'keep' } as const)
    return { session: undefined, end }
  }
  if (live.state !== null) refuseFaults(live.state.data, parts.schema)
  const plan = planFor(parts, ending, row)
  if (plan === null) return { session: undefined, end: { kind: 'keep' } }
  const [first, ...others] = plan.changes
  const isOther = first !== undefined && row !== null && first.family !== row.family
  return isOther || others.length > 0 ? null : { session: first?.session, end: plan.end }
}

// The secret of now is the answer's own, or follows from the one that was presented, for a minute.
function again(
  { lifetime, keys, isSecretOf }: Parts,
  { arrival, opening }: Pick<Ending, 'arrival' | 'opening'>,
  { before, nowSeconds }: { readonly before: SentBefore; readonly nowSeconds: number },
): SessionSent {
  const presented = readSecretCookie(arrival.cookie)
  const { there } = opening
  if (presented === null || before.end === 'keep') return { kind: 'keep' }
  if (before.end === 'drop') return before.code === hashOf(presented.secret) ? taken(arrival) : { kind: 'keep' }
  if (there === null) return { kind: 'keep' }
  const maxAge = Math.min(there.expiresSeconds - nowSeconds, lifetime.idleSeconds)
  const isPrevious = there.previousHash === hashOf(presented.secret) && there.previousUntilSeconds > nowSeconds
  const secrets = isPrevious ? keys.map((key) => nextSecret(presented, before.key, key)) : [presented.secret]
  const current = secrets.find((secret) => isSecretOf(secret, there.secretHash))
  return current === undefined ? { kind: 'keep' } : sent(arrival, `${there.family}.${current}`, maxAge)
}
