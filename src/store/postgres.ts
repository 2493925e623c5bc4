import { Calls } from './postgres-calls.ts'
import { type PostgresClient, type PostgresPool, refuseNonPool } from './postgres-client.ts'
import { Connections } from './postgres-connections.ts'
import { prepareDatabase } from './postgres-schema.ts'
import {
  afterOnce,
  type Column,
  onceAt,
  onceValues,
  plainStatement,
  readOnce,
  readSession,
  sessionValues,
  statements,
} from './postgres-statements.ts'
import { type Transaction, Transactions } from './postgres-transactions.ts'
import type {
  Asked,
  Begun,
  Change,
  Outcome,
  Revocation,
  SessionRow,
  TellingStore,
  Told,
  TransactionalStore,
  Work,
} from './store.ts'
import { newWriteId } from './write-id.ts'

/**
 * A store in PostgreSQL 13 or newer, for apps that run on more than one machine. Takes a `Pool` of the package `pg`, which
 * stays the app's: its other queries may use it too, and it stays open when the store is closed. The tables `dewar_sessions`
 * and `dewar_once`, and functions named `dewar_…`, are made in the first schema of its `search_path` when it is made ready.
 *
 * What is committed is on the server's disk, also where `synchronous_commit` is off. A connection that is cut while a write
 * is under way does not matter as long as another one is to be had in time: there it is asked whether it was done.
 *
 * In a transaction `tx` is a connection of the pool, like that of `pool.connect()`: BEGIN, COMMIT and its release are the
 * store's. Work is run again, at most 5 times, where PostgreSQL has undone it because others were in its way (deadlocks
 * and serialization failures, 40P01 and 40001): what it does outside of the transaction happens again too.
 */
export function postgres<Client extends PostgresClient>(pool: PostgresPool<Client>): TransactionalStore<Client> {
  refuseNonPool(pool)
  return new PostgresStore(new Connections(pool))
}

// As they hold for the connections of this pool.
const settings = plainStatement(`
  SELECT current_setting('fsync'), current_setting('synchronous_commit'),
    floor(extract(epoch FROM clock_timestamp()) * 1000)`)

// How many sessions are ended in one go: a slice that disturbs nobody.
const revokedAtOnce = 1000

class PostgresStore<Client extends PostgresClient> implements TransactionalStore<Client>, TellingStore {
  readonly name = 'postgres'
  readonly #connections: Connections<Client>
  readonly #calls: Calls
  readonly #transactions: Transactions<Client>

  constructor(connections: Connections<Client>) {
    this.#connections = connections
    this.#calls = new Calls(connections)
    this.#transactions = new Transactions(connections, this.#calls.clock)
  }

  prepare(): Promise<void> {
    return prepareDatabase(this.#connections, this.#calls.clock)
  }

  async begin({ family, nowSeconds, once }: Asked): Promise<Begun> {
    if (once === undefined) {
      const [columns = []] = await this.#calls.read(statements.session, [family, `${nowSeconds}`])
      return { session: readSession(columns, 0), once: null, isMine: false, incarnation: columns[onceAt(0)] ?? '' }
    }
    if (once.claim === undefined) {
      const [columns = []] = await this.#calls.read(statements.both, [family, `${nowSeconds}`, once.key])
      const session = readSession(columns, 0)
      const incarnation = columns[afterOnce(0)] ?? ''
      return { session, once: readOnce(columns, onceAt(0)), isMine: false, incarnation }
    }
    const claim = onceValues({ key: once.key, state: 'running', ...once.claim }, newWriteId())
    const columns = await this.#calls.write(statements.claim, ({ deadline, again }) => [
      `${nowSeconds}`,
      deadline,
      again,
      family,
      ...claim,
    ])
    const [session, known] = [readSession(columns, 2), readOnce(columns, onceAt(2))]
    return { session, once: known, isMine: columns[0] === 'mine', incarnation: columns[afterOnce(2)] ?? '' }
  }

  async commit({ family, nowSeconds, session, once }: Change): Promise<Outcome> {
    if (session === undefined && once === undefined) return { kind: 'committed' }
    const writeId = newWriteId()
    const row = session === undefined || session.kind === 'end' ? null : session.row
    const columns = await this.#calls.write(statements.commit, ({ deadline, again }) => [
      `${nowSeconds}`,
      deadline,
      again,
      session?.kind ?? null,
      ...sessionValues(family, row, writeId),
      once?.kind ?? null,
      ...onceValues(once ?? {}, writeId),
    ])
    return outcomeOf(columns)
  }

  transact(
    asked: Transaction,
    work: (tx: Client, session: SessionRow | null) => Work | Promise<Work>,
  ): Promise<Outcome | { readonly kind: 'abandoned' }> {
    return this.#transactions.run(asked, work)
  }

  async list(user: string, nowSeconds: number): Promise<readonly SessionRow[]> {
    const rows = await this.#calls.read(statements.list, [user, `${nowSeconds}`])
    return rows.flatMap((columns) => readSession(columns, 0) ?? [])
  }

  async revoke(which: Revocation, nowSeconds: number): Promise<number> {
    const family = 'family' in which ? which.family : null
    const [user, except] = 'user' in which ? [which.user, which.except ?? null] : [null, null]
    for (let all = 0; ; ) {
      const [, , ended, removed] = await this.#calls.write(statements.revoke, ({ deadline }) => [
        `${nowSeconds}`,
        deadline,
        family,
        user,
        except,
        `${revokedAtOnce}`,
      ])
      all += Number(ended)
      if (Number(removed) < revokedAtOnce) return all
    }
  }

  async count(nowSeconds: number): Promise<number> {
    const [[count] = []] = await this.#calls.read(statements.count, [`${nowSeconds}`])
    return Number(count)
  }

  async sweep(most: number, nowSeconds: number): Promise<number> {
    const [[removed] = []] = await this.#calls.read(statements.sweep, [`${most}`, `${nowSeconds}`])
    return Number(removed)
  }

  async tell(): Promise<Told> {
    const [[fsync, commit, serverMs] = []] = await this.#calls.read(settings, [])
    return { settings: { fsync: `${fsync}`, synchronous_commit: `${commit}` }, serverMs: Number(serverMs) }
  }

  async close(): Promise<void> {}
}

function outcomeOf(columns: Column[]): Outcome {
  const session = readSession(columns, 2)
  switch (columns[0]) {
    case 'committed':
      return { kind: 'committed' }
    case 'lost':
      return { kind: 'lost', once: readOnce(columns, onceAt(2)) }
    case 'conflict':
      if (session !== null) return { kind: 'conflict', session }
  }
  return { kind: 'gone' }
}
