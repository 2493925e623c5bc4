import { AsyncResource } from 'node:async_hooks'
import { DatabaseSync } from 'node:sqlite'
import { DewarError } from '../errors/dewar-error.ts'
import { inShort } from '../errors/refuse-options.ts'
import { judgeClaim } from './judge-change.ts'
import { begin, claim, makeChange, runTransaction, type Transaction } from './sqlite-changes.ts'
import { Connection, isTaken } from './sqlite-connection.ts'
import { isBroken, isBusy, lockedOut, refusedIfFinal } from './sqlite-failure.ts'
import { SqliteWrites } from './sqlite-writes.ts'
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
import { unavailable } from './unavailable.ts'
import { busy, Waiter, WaitingLine } from './waiting-line.ts'

/**
 * A store in an SQLite file, which several processes of one machine may use at the same time; what is committed is on
 * disk. Takes the path of the file, which is made if it is not there (its folder is not), or a `DatabaseSync` of the app's
 * own, which stays open when the store is closed. The file may hold the app's tables too: those of the store are named
 * `dewar_…`. It is set to WAL with `synchronous = FULL`, a connection that is handed in as well.
 *
 * Writes that come in one turn of the event loop share a commit, and each is kept or undone by itself. Work of the app that
 * ends the transaction, or a disk that is full, may have the work of others in it run once more.
 *
 * A connection that the store opens itself takes up to 16 MiB of memory for pages of the file.
 *
 * Nobody waits for a lock in a way that stops the process. What another connection, or a transaction that the app has left
 * open, holds up for 1.5 seconds rejects with `store/unavailable`.  sqlite.org/wal.html
 */
export function sqlite(database: string | DatabaseSync): TransactionalStore<DatabaseSync> {
  if (!isDatabase(database)) {
    const takes = 'sqlite() takes the path of a file, or a DatabaseSync of node:sqlite,'
    throw new DewarError('app/option-invalid', `${takes} and not ${inShort(database)}.`)
  }
  return new SqliteStore(database)
}

// An empty path would be a file without a name that is gone with its connection.
function isDatabase(given: unknown): boolean {
  if (typeof given !== 'object' || given === null) return typeof given === 'string' && given !== ''
  return 'prepare' in given && typeof given.prepare === 'function' && 'exec' in given
}

class SqliteStore implements TransactionalStore<DatabaseSync>, TellingStore {
  readonly name = 'sqlite'
  readonly #given: string | DatabaseSync
  readonly #reads = new WaitingLine()
  readonly #writes = new SqliteWrites({
    attempt: (work) => this.#attempt(work),
    refusal: (thrown) => this.#refusal(thrown),
  })
  #connection: Connection | null = null
  #isClosed = false

  constructor(given: string | DatabaseSync) {
    this.#given = given
  }

  async prepare(): Promise<void> {
    this.#isClosed = false
    try {
      await this.#writes.addAlone(() => this.#attempt((connection) => connection.tryWriting()))
    } catch (error) {
      throw refusedIfFinal(error)
    }
  }

  begin(asked: Asked): Begun | Promise<Begun> {
    if (asked.once?.claim !== undefined) return this.#claim(asked)
    return this.#readAtOnce(({ statements }) => begin(statements, asked))
  }

  async #claim(asked: Asked): Promise<Begun> {
    // Most of those who claim what is claimed already need no lock to be told so.
    const begun = this.#attempt(({ statements }) => begin(statements, asked))
    if (begun !== busy && judgeClaim(begun.once, asked) === null) return begun
    return this.#writes.add(
      ({ statements }) => claim(statements, asked),
      ({ isMine }) => isMine,
    )
  }

  commit(change: Change): Promise<Outcome> {
    return this.#writes.add(({ statements }) => makeChange(statements, change), isCommitted)
  }

  async transact(
    asked: Transaction,
    work: (tx: DatabaseSync, session: SessionRow | null) => Work | Promise<Work>,
  ): Promise<Outcome | { readonly kind: 'abandoned' }> {
    // It may be run in the turn of another request, whose AsyncLocalStorage is not its own. `bind` would cost 12 µs more.
    const asking = new AsyncResource('DewarTransaction')
    const outcome = await this.#writes.add(
      ({ database, statements }) =>
        runTransaction(statements, asked, {
          work: (session) => asking.runInAsyncScope(work, null, database, session),
          isOpen: () => isTaken(database),
        }),
      isCommitted,
    )
    if (outcome.kind === 'threw') throw outcome.thrown
    return outcome
  }

  list(user: string, nowSeconds: number): Promise<readonly SessionRow[]> {
    return this.#read(({ statements }) => statements.list(user, nowSeconds))
  }

  revoke(which: Revocation, nowSeconds: number): Promise<number> {
    return this.#writes.add(
      ({ statements }) => statements.removeSessions(which, nowSeconds),
      () => true,
    )
  }

  count(nowSeconds: number): Promise<number> {
    return this.#read(({ statements }) => statements.count(nowSeconds))
  }

  async sweep(most: number, nowSeconds: number): Promise<number> {
    if (this.#attempt(({ statements }) => statements.isAnyOver(nowSeconds)) === false) return 0
    return this.#writes.add(({ statements }) => statements.sweep(most, nowSeconds), isAny)
  }

  async tell(): Promise<Told> {
    return { settings: await this.#read((connection) => connection.settings()), serverMs: null }
  }

  async close(): Promise<void> {
    // Last in the line: who waits there already is served before.
    await this.#writes.addAlone(() => {
      this.#isClosed = true
      this.#letGo()
    })
  }

  // Most reads find nobody in front of them and no lock: they cost no promise.
  #readAtOnce<Result>(work: (connection: Connection) => Result): Result | Promise<Result> {
    if (this.#reads.isEmpty) {
      try {
        const result = this.#attempt(work)
        if (result !== busy) return result
      } catch (error) {
        return Promise.reject(error)
      }
    }
    return this.#read(work)
  }

  #read<Result>(work: (connection: Connection) => Result): Promise<Result> {
    const reader = new Waiter(() => this.#attempt(work), lockedOut)
    this.#reads.join([reader])
    return reader.outcome
  }

  #attempt<Result>(work: (connection: Connection) => Result | typeof busy): Result | typeof busy {
    try {
      const connection = this.#connect()
      return connection === busy ? busy : work(connection)
    } catch (error) {
      if (isBusy(error)) return busy
      throw this.#refusal(error)
    }
  }

  #refusal(thrown: unknown): DewarError {
    if (isBroken(thrown) && this.#connection?.isInMemory !== true) this.#letGo()
    return unavailable(thrown)
  }

  #connect(): Connection | typeof busy {
    if (this.#isClosed) throw unavailable(undefined, 'The store is closed.')
    if (this.#connection !== null) return this.#connection
    const given = this.#given
    if (typeof given !== 'string' && isTaken(given)) return busy
    this.#connection = typeof given === 'string' ? connectTo(given) : new Connection(given, { neverWaits: false })
    return this.#connection
  }

  // The next one to ask connects anew.
  #letGo(): void {
    const { database } = this.#connection ?? {}
    this.#connection = null
    if (typeof this.#given !== 'string' || database === undefined) return
    try {
      database.close() // the last connection to a file brings its WAL back into it, and removes it
    } catch {
      // It was closed, or is broken beyond that: it is not used again.
    }
  }
}

function connectTo(path: string): Connection {
  const database = open(path)
  try {
    database.exec('PRAGMA busy_timeout = 0') // Deno begins with five seconds
    database.exec('PRAGMA cache_size = -16384') // 16 MiB: two pages each for the sessions of 2,000 visitors, and SQLite begins with 2
    database.exec('PRAGMA fullfsync = ON') // without it a Mac takes what is in the disk's own memory for written
    return new Connection(database, { neverWaits: true })
  } catch (error) {
    database.close()
    throw error
  }
}

function open(path: string): DatabaseSync {
  try {
    return new DatabaseSync(path)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new DewarError('store/refused', `The database ${path} cannot be opened: ${reason}.`, { cause })
  }
}

const isAny = (count: number): boolean => count > 0
const isCommitted = ({ kind }: { readonly kind: string }): boolean => kind === 'committed'
