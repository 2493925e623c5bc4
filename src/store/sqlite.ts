import { DatabaseSync } from 'node:sqlite'
import { DewarError } from '../errors/dewar-error.ts'
import { judgeClaim } from './judge-change.ts'
import { begin, claim, makeChange, runTransaction, type Transaction } from './sqlite-changes.ts'
import { Connection, isTaken } from './sqlite-connection.ts'
import { isBroken, isBusy, lockedOut, refusedIfFinal } from './sqlite-failure.ts'
import type { Asked, Begun, Change, Outcome, Revocation, SessionRow, TransactionalStore, Work } from './store.ts'
import { unavailable } from './unavailable.ts'
import { busy, WaitingLine } from './waiting-line.ts'

/**
 * A store in an SQLite file, which several processes of one machine may use at the same time; what is committed is on
 * disk. Takes the path of the file, which is made if it is not there (its folder is not), or a `DatabaseSync` of the app's
 * own, which stays open when the store is closed. The file may hold the app's tables too: those of the store are named
 * `dewar_…`. It is set to WAL with `synchronous = FULL`, a connection that is handed in as well.
 *
 * Nobody waits for a lock in a way that stops the process. What another connection, or a transaction that the app has left
 * open, holds up for 1.5 seconds rejects with `store/unavailable`.  sqlite.org/wal.html
 */
export function sqlite(database: string | DatabaseSync): TransactionalStore<DatabaseSync> {
  return new SqliteStore(database)
}

class SqliteStore implements TransactionalStore<DatabaseSync> {
  readonly name = 'sqlite'
  readonly #given: string | DatabaseSync
  readonly #writes = new WaitingLine()
  readonly #reads = new WaitingLine()
  #connection: Connection | null = null
  #isClosed = false

  constructor(given: string | DatabaseSync) {
    this.#given = given
  }

  async prepare(): Promise<void> {
    this.#isClosed = false
    try {
      await this.#writes.join(() => this.#attempt((connection) => connection.tryWriting()), lockedOut)
    } catch (error) {
      throw refusedIfFinal(error)
    }
  }

  begin(asked: Asked): Promise<Begun> {
    return asked.once?.claim === undefined
      ? this.#read(({ statements }) => begin(statements, asked))
      : this.#claim(asked)
  }

  async #claim(asked: Asked): Promise<Begun> {
    // Most of those who claim what is claimed already need no lock to be told so.
    const begun = this.#attempt(({ statements }) => begin(statements, asked))
    if (begun !== busy && judgeClaim(begun.once, asked) === null) return begun
    return this.#write(
      ({ statements }) => claim(statements, asked),
      ({ isMine }) => isMine,
    )
  }

  commit(change: Change): Promise<Outcome> {
    return this.#write(({ statements }) => makeChange(statements, change), isCommitted)
  }

  async transact(
    asked: Transaction,
    work: (tx: DatabaseSync, session: SessionRow | null) => Work | Promise<Work>,
  ): Promise<Outcome | { readonly kind: 'abandoned' }> {
    const outcome = await this.#write(
      ({ database, statements }) => runTransaction(statements, asked, (session) => work(database, session)),
      isCommitted,
    )
    if (outcome.kind === 'threw') throw outcome.thrown
    return outcome
  }

  list(user: string, nowSeconds: number): Promise<readonly SessionRow[]> {
    return this.#read(({ statements }) => statements.list(user, nowSeconds))
  }

  revoke(which: Revocation, nowSeconds: number): Promise<number> {
    return this.#write(
      ({ statements }) => statements.removeSessions(which, nowSeconds),
      () => true,
    )
  }

  count(nowSeconds: number): Promise<number> {
    return this.#read(({ statements }) => statements.count(nowSeconds))
  }

  async sweep(most: number, nowSeconds: number): Promise<number> {
    if (this.#attempt(({ statements }) => statements.isAnyOver(nowSeconds)) === false) return 0
    return this.#write(({ statements }) => statements.sweep(most, nowSeconds), isAny)
  }

  async close(): Promise<void> {
    // Last in the line: who waits there already is served before.
    await this.#writes.join(() => {
      this.#isClosed = true
      this.#letGo()
    }, lockedOut)
  }

  #read<Result>(work: (connection: Connection) => Result): Promise<Result> {
    return this.#reads.join(() => this.#attempt(work), lockedOut)
  }

  #write<Result>(work: (connection: Connection) => Result, isKept: (result: Result) => boolean): Promise<Result> {
    const write = (connection: Connection): Result | typeof busy =>
      connection.isTaken ? busy : connection.write(() => work(connection), isKept)
    return this.#writes.join(() => this.#attempt(write), lockedOut)
  }

  #attempt<Result>(work: (connection: Connection) => Result): Result | typeof busy {
    try {
      const connection = this.#connect()
      return connection === busy ? busy : work(connection)
    } catch (error) {
      if (isBusy(error)) return busy
      if (isBroken(error) && this.#connection?.isInMemory !== true) this.#letGo()
      throw unavailable(error)
    }
  }

  #connect(): Connection | typeof busy {
    if (this.#isClosed) throw unavailable(undefined, 'The store is closed.')
    if (this.#connection !== null) return this.#connection
    const given = this.#given
    if (typeof given !== 'string' && isTaken(given)) return busy
    this.#connection = typeof given === 'string' ? connectTo(given) : new Connection(given)
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
    database.exec('PRAGMA fullfsync = ON') // without it a Mac takes what is in the disk's own memory for written
    return new Connection(database)
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
