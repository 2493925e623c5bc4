import { type Patience, TooLate } from './patience.ts'
import type { PostgresClient, PostgresPool, PostgresQuery } from './postgres-client.ts'
import type { Column } from './postgres-statements.ts'

const nobodyElse = (): void => {}

/** The connections of a pool, checked out in time and given back in any case. */
export class Connections<Client extends PostgresClient> {
  readonly #pool: PostgresPool<Client>

  constructor(pool: PostgresPool<Client>) {
    this.#pool = pool
    // That an idle connection died is no matter: the pool drops it. But an error that nobody listens to ends the process.
    if (pool.listenerCount('error') === 0) pool.on('error', nobodyElse)
  }

  /** Does something on a connection that is its alone. */
  async use<Result>(patience: Patience, does: (held: HeldConnection<Client>) => Promise<Result>): Promise<Result> {
    const held = new HeldConnection(await this.#take(patience))
    try {
      return await does(held)
    } finally {
      held.giveBack()
    }
  }

  async #take(patience: Patience): Promise<Client> {
    const coming = this.#pool.connect()
    try {
      return await patience.wait(coming)
    } catch (error) {
      if (error instanceof TooLate) coming.then((client) => client.release(), nobodyElse)
      throw error
    }
  }
}

/** A connection that is checked out. */
export class HeldConnection<Client extends PostgresClient> {
  readonly client: Client
  #brokenBy: Error | null = null
  readonly #note = (error: Error): void => {
    this.#brokenBy ??= error
  }

  constructor(client: Client) {
    this.client = client
    client.on('error', this.#note)
  }

  /** What it broke by, or `null`: then it is given back for others to use. */
  get brokenBy(): Error | null {
    return this.#brokenBy
  }

  /** Runs a statement. Rejects with what the server says, or with why there is no answer: then the connection is done. */
  async run(query: PostgresQuery, values: Column[], patience: Patience): Promise<Column[][]> {
    try {
      const { rows } = await patience.wait(this.client.query({ ...query, values }))
      return rows as Column[][] // text or NULL: no statement here asks for anything else
    } catch (error) {
      if (isLost(error)) this.#note(error instanceof Error ? error : new Error(String(error)))
      throw error
    }
  }

  /** Undoes what its transaction did: by a ROLLBACK, or by closing the connection when that cannot be sent. */
  async rollBack(query: PostgresQuery, patience: Patience): Promise<void> {
    if (this.#brokenBy === null) await this.run(query, [], patience).catch((error) => this.#note(error))
  }

  giveBack(): void {
    this.client.removeListener('error', this.#note)
    this.client.release(this.#brokenBy ?? undefined)
  }
}

/** Whether an error says that the transaction should be run again: others were in its way.  PostgreSQL, appendix A, class 40 */
export function isCollision(error: unknown): boolean {
  return ['40001', '40P01'].includes(sqlStateOf(error) ?? '')
}

/**
 * Whether an error says that there is no answer and that it is not known whether the statement was done: the connection is
 * gone, or the server is ending it. What else a server reports undoes the statement.  PostgreSQL, appendix A, classes 08, 57P
 */
export function isLost(error: unknown): boolean {
  const state = sqlStateOf(error)
  return state === null || state.startsWith('08') || state.startsWith('57P')
}

/** The SQLSTATE of an error that the server has reported; `null` for any other, like that of a socket. */
export function sqlStateOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('severity' in error) || !('code' in error)) return null
  return typeof error.code === 'string' ? error.code : null
}
