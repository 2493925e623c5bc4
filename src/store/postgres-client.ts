import { DewarError } from '../errors/dewar-error.ts'

/**
 * What the store needs of a pool: a `Pool` of `pg` is one. Connections are checked out for one call each, and one that
 * broke is given back with its error, so that the pool drops it.
 */
export interface PostgresPool<Client extends PostgresClient = PostgresClient> {
  /** Checks out a connection. May take as long as it likes: the store waits 1.8 seconds, and gives back what comes later. */
  // The second signature is there for the types: of several, TypeScript infers from the last.
  readonly connect: { (): Promise<Client>; (callback: never): void }
  /** Where the pool tells of a connection that died while nobody used it. Nobody listening would end the process. */
  on(event: 'error', listener: (error: Error) => void): unknown
  listenerCount(event: 'error'): number
}

/** What the store needs of a connection that is checked out: a `PoolClient` of `pg` is one. */
export interface PostgresClient {
  query(query: PostgresQuery): Promise<{ rows: unknown[][] }>
  on(event: 'error', listener: (error: Error) => void): unknown
  removeListener(event: 'error', listener: (error: Error) => void): unknown
  /** Gives it back to its pool; with an error the pool closes it. */
  release(error?: Error): void
}

/** A statement as it is sent. */
export interface PostgresQuery {
  /** The name under which a connection prepares it once. */
  readonly name?: string
  readonly text: string
  values?: (string | number | boolean | null)[]
  /** Rows come as lists of columns. */
  readonly rowMode: 'array'
  /** Columns come as text, whatever parsers the app has set. */
  readonly types: { getTypeParser(): (text: string) => string }
}

/** Throws `app/option-invalid` for what is no pool, saying what it looks like. */
export function refuseNonPool(given: unknown): void {
  if (!isObject(given) || typeof given.connect !== 'function' || typeof given.on !== 'function') {
    throw new DewarError(
      'app/option-invalid',
      `postgres() takes a Pool of the package pg, not ${nameOf(given)}. ${howTo}`,
    )
  }
  if ('escapeLiteral' in given) {
    const detail = 'postgres() takes a Pool of the package pg, not a single Client: one that broke would stay broken.'
    throw new DewarError('app/option-invalid', `${detail} ${howTo}`)
  }
}

const howTo = 'Write postgres(new pg.Pool({ connectionString })).'

function isObject(given: unknown): given is Record<string, unknown> {
  return (typeof given === 'object' && given !== null) || typeof given === 'function'
}

function nameOf(given: unknown): string {
  if (given === null || given === undefined) return String(given)
  return typeof given === 'string' ? 'a string' : `this ${typeof given}`
}
