import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import type { Begun, Change, Completion, OnceRow, Outcome, SessionRow, Store } from '../../src/store/store.ts'

/** A store to examine, empty when it is opened. */
export interface Stage {
  readonly store: Store
  /** Another connection to the same data, as another process would have it. Ready; closed together with the stage. */
  other(): Promise<Store>
  /** Everything that is kept, as text, to look for secrets in. */
  dump(): Promise<string>
  /** Ends what keeps it and starts it again with what it has kept; `null` if it keeps nothing. Gives a store on it. */
  readonly restart: (() => Promise<Store>) | null
  /** Loses everything that is kept. Gives a store on what is there then, ready. */
  lose(): Promise<Store>
  /** Closes all of it, and removes what was kept. */
  close(): Promise<void>
  /** The server removes what is over by its own clock: `sweep` need not find it. Default: false. */
  readonly expiresByItself?: boolean
}

/** How a stage is opened: each test has its own. */
export type Open<Kind extends Stage = Stage> = () => Promise<Kind>

/** The time on stage: that of the machine, as some servers have a clock of their own. Tests move it forward only. */
export const now: number = Math.floor(Date.now() / 1000)

/** Opens a stage, lets something happen on it, and closes it in any case. */
export async function on<Kind extends Stage>(open: Open<Kind>, happens: (stage: Kind) => Promise<void>): Promise<void> {
  const stage = await open()
  try {
    await happens(stage)
  } finally {
    await stage.close()
  }
}

/** A new id: 22 characters of base64url. */
export function newId(): string {
  return randomBytes(16).toString('base64url')
}

/** SHA-256 of a text, as base64url. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}

/** A session of one hour that nobody is signed in to, but for what is given. */
export function session(given: Partial<SessionRow> = {}): SessionRow {
  return {
    family: newId(),
    version: 1,
    secretHash: hashOf(newId()),
    previousHash: null,
    previousUntilSeconds: 0,
    epoch: 0,
    user: null,
    content: '{"items":[]}',
    createdSeconds: now,
    seenSeconds: now,
    expiresSeconds: now + 3600,
    userAgent: '',
    address: '',
    ...given,
  }
}

/** The next version of a session. */
export function next(row: SessionRow, given: Partial<SessionRow> = {}): SessionRow {
  return { ...row, version: row.version + 1, ...given }
}

/** A change that makes a session. */
export function creation(row: SessionRow, nowSeconds: number = now): Change {
  return { family: row.family, nowSeconds, session: { kind: 'create', row } }
}

/** A change that writes a session again. */
export function updating(row: SessionRow, nowSeconds: number = now): Change {
  return { family: row.family, nowSeconds, session: { kind: 'update', row } }
}

/** A change that ends a session. */
export function ending({ family }: SessionRow, nowSeconds: number = now): Change {
  return { family, nowSeconds, session: { kind: 'end' } }
}

/** Keeps a new session. */
export async function make(store: Store, given: Partial<SessionRow> = {}): Promise<SessionRow> {
  const row = session(given)
  assert.deepEqual(await store.commit(creation(row)), { kind: 'committed' })
  return row
}

/** The session that is kept now. */
export async function kept(store: Store, family: string, nowSeconds: number = now): Promise<SessionRow | null> {
  return (await store.begin({ family, nowSeconds })).session
}

/** What is known of a submission now. */
export async function known(store: Store, key: string, nowSeconds: number = now): Promise<OnceRow | null> {
  return (await store.begin({ family: newId(), nowSeconds, once: { key } })).once
}

/** Claims a submission for 30 seconds, to be remembered for an hour. */
export async function claim(
  store: Store,
  given: { key: string; owner: string; fingerprint?: string; family?: string; nowSeconds?: number },
): Promise<Begun> {
  const { key, owner, fingerprint = 'print', family = newId(), nowSeconds = now } = given
  const times = { leaseUntilSeconds: nowSeconds + 30, expiresSeconds: nowSeconds + 3600 }
  return store.begin({ family, nowSeconds, once: { key, claim: { owner, fingerprint, ...times } } })
}

/** What completes a submission that is remembered for an hour. */
export function completion(key: string, given: Partial<Completion> = {}): Completion {
  return { key, fingerprint: 'print', answer: '{"to":"/done"}', expiresSeconds: now + 3600, ...given }
}

/** A change that completes a submission and does nothing else. */
export function completing(key: string, given: Partial<Completion> = {}): Change {
  return { family: newId(), nowSeconds: now, once: { kind: 'complete', ...completion(key, given) } }
}

/** The items that a session's content lists. */
export function itemsOf(row: SessionRow | null): readonly string[] {
  const content: { items: string[] } = JSON.parse(row?.content ?? '{"items":[]}')
  return content.items
}

/** The next version of a session, with one item more. */
export function withItem(row: SessionRow, item: string): SessionRow {
  return next(row, { content: JSON.stringify({ items: [...itemsOf(row), item] }) })
}

/** Adds an item as a request does: reads, writes, and begins again on what is there now if somebody else was faster. */
export async function append(
  store: Store,
  { family, item, once }: { family: string; item: string; once?: NonNullable<Change['once']> },
): Promise<Outcome> {
  let row = await kept(store, family)
  for (let tries = 0; tries < 1000; tries++) {
    assert.ok(row, 'the session is there')
    const change = updating(withItem(row, item))
    const outcome = await store.commit(once === undefined ? change : { ...change, once })
    if (outcome.kind !== 'conflict') return outcome
    row = outcome.session
    await new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(tries, 20)))
  }
  throw new Error('Always somebody else was faster.')
}

/** How often each kind of outcome came. */
export function tally(outcomes: readonly { readonly kind: string }[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { kind } of outcomes) counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}

/** Does something many times at once, by turns on both connections. */
export async function atOnce<Result>(
  stage: Stage,
  times: number,
  does: (store: Store, turn: number) => Promise<Result>,
): Promise<Result[]> {
  const stores = [stage.store, await stage.other()] as const
  return Promise.all(Array.from({ length: times }, (_, turn) => does(stores[turn % 2 === 0 ? 0 : 1], turn)))
}
