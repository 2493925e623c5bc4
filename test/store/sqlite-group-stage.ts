import assert from 'node:assert/strict'
import type { DatabaseSync } from 'node:sqlite'
import { mock } from 'node:test'
import { DewarError } from '../../src/errors/dewar-error.ts'
import { sqlite } from '../../src/sqlite.ts'
import type { Outcome, SessionRow, TransactionalStore, Work } from '../../src/store/store.ts'
import { openSqlite, type SqliteStage } from './sqlite-stage.ts'
import { completion, creation, newId, now, session } from './stage.ts'

/** A stage whose store has a connection on which the commits are counted, and can be made to fail. */
export interface CountedStage extends SqliteStage {
  /** The connection of the store. */
  readonly own: DatabaseSync
  /** How many transactions were committed since this was last asked. */
  takeCommits(): number
  /** Has the next commit throw this. Its transaction stays open, as SQLite may leave it. */
  failNext(error: Error): void
}

/** Opens one. */
export async function openCounted(): Promise<CountedStage> {
  let own: DatabaseSync | undefined
  let commits = 0
  const failures: Error[] = []
  const stage = await openSqlite(({ connect }) => {
    const made = connect()
    own ??= made
    const prepare = made.prepare.bind(made)
    made.prepare = (sql) => {
      const statement = prepare(sql)
      if (sql !== 'COMMIT') return statement
      const run = statement.run.bind(statement)
      statement.run = () => {
        const failure = failures.shift()
        if (failure !== undefined) throw failure
        commits += 1
        return run()
      }
      return statement
    }
    return sqlite(made)
  })
  assert.ok(own)
  return {
    ...stage,
    own,
    takeCommits() {
      const taken = commits
      commits = 0
      return taken
    },
    failNext: (error) => void failures.push(error),
  }
}

/** What came of something that was asked of a store: the kind of the outcome, or of the error. */
export type Heard = string

/** What writes hear that share a commit. Just before it, something more may be done. The clock stands still meanwhile. */
export async function together(
  { store, takeCommits }: Pick<CountedStage, 'store' | 'takeCommits'>,
  asks: readonly (() => Promise<{ readonly kind: string } | number>)[],
  justBefore: () => void = () => {},
): Promise<readonly Heard[]> {
  await calm()
  const first = store.commit(creation(session())) // who comes first in a turn is served at once
  takeCommits()
  justBefore()
  const nowMs = performance.now()
  const clock = mock.method(performance, 'now', () => nowMs)
  try {
    return await Promise.all(asks.map((ask) => ask().then(kindOf, errorOf)))
  } finally {
    clock.mock.restore()
    assert.deepEqual(await first, { kind: 'committed' })
  }
}

/** Waits until nobody has written anything for a turn of the event loop: who comes then does not wait for company. */
export async function calm(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve))
}

function kindOf(outcome: { readonly kind: string } | number): Heard {
  return typeof outcome === 'number' ? `${outcome}` : outcome.kind
}

function errorOf(error: unknown): Heard {
  if (error instanceof DewarError) return error.code
  return error instanceof Error ? error.message : String(error)
}

/** Work that writes a note, and does something more. */
export function noting(
  store: TransactionalStore<DatabaseSync>,
  text: string,
  { more = () => ({}), key = newId(), family = newId() }: Partial<Noting> = {},
): () => Promise<Outcome | { readonly kind: 'abandoned' }> {
  const once = completion(key, { answer: text })
  return () =>
    store.transact({ family, nowSeconds: now, once }, (tx, row) => {
      tx.prepare('INSERT INTO notes VALUES (?)').run(text)
      return more(tx, row)
    })
}

interface Noting {
  readonly key: string
  readonly family: string
  more(tx: DatabaseSync, row: SessionRow | null): Work
}
