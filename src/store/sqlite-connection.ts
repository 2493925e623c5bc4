import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { DewarError } from '../errors/dewar-error.ts'
import { isUpToDate, migrate, tryWriting } from './sqlite-schema.ts'
import { Statements } from './sqlite-statements.ts'

/** A connection that is ready: its settings hold, its tables are there, its statements are prepared. */
export class Connection {
  readonly database: DatabaseSync
  readonly statements: Statements
  /** Nothing of it is on a disk. */
  readonly isInMemory: boolean
  readonly #begin: StatementSync
  readonly #commit: StatementSync
  readonly #rollback: StatementSync
  #isWriting = false

  /** Throws whatever SQLite does, also that somebody else has the lock; and `store/refused`. */
  constructor(database: DatabaseSync) {
    this.database = database
    // Statements, not `exec`: on Deno an error of `exec` has no code.
    this.#begin = database.prepare('BEGIN IMMEDIATE')
    this.#commit = database.prepare('COMMIT')
    this.#rollback = database.prepare('ROLLBACK')
    const journal = withoutWaiting(database, () => database.prepare('PRAGMA journal_mode = WAL').get()?.journal_mode)
    this.isInMemory = journal === 'memory'
    if (journal !== 'wal' && !this.isInMemory) throw withoutWal(journal)
    database.exec('PRAGMA synchronous = FULL') // what is committed is on disk
    if (!isUpToDate(database)) this.#migrate()
    this.statements = new Statements(database)
  }

  /** Throws what writing would, and writes nothing. */
  tryWriting(): void {
    this.write(
      () => tryWriting(this.database),
      () => false,
    )
  }

  #migrate(): void {
    this.write(
      () => migrate(this.database),
      () => true,
    )
  }

  /** Whether a transaction is open already: one that the app has left open, or one that this is asked from inside of. */
  get isTaken(): boolean {
    return this.#isWriting || isTaken(this.database)
  }

  /** Runs work with the write lock and keeps what it did, or undoes it if it throws or its result is not to be kept. */
  write<Result>(work: () => Result, isKept: (result: Result) => boolean): Result {
    withoutWaiting(this.database, () => this.#begin.run())
    this.#isWriting = true
    try {
      const result = work()
      if (!isKept(result)) this.#undo()
      else if (this.database.isTransaction === false) throw new Error(endedEarly)
      else this.#commit.run()
      return result
    } catch (error) {
      this.#undo()
      throw error
    } finally {
      this.#isWriting = false
    }
  }

  // A full disk, among others, has SQLite undo all by itself. Node before 22.16 cannot tell: then this throws.
  #undo(): void {
    try {
      if (this.database.isTransaction !== false) this.#rollback.run()
    } catch {
      // What was thrown before says more.
    }
  }
}

const endedEarly = `The transaction had ended before its work was done: by a COMMIT or ROLLBACK among its statements, \
or undone by SQLite for an error that was caught.`

/** Whether a transaction is open on a connection. */
export function isTaken(database: DatabaseSync): boolean {
  return database.isTransaction === true
}

/** Runs something on a connection so that it throws at once where it would block this process to wait for a lock. */
function withoutWaiting<Result>(database: DatabaseSync, does: () => Result): Result {
  const timeout = Number(database.prepare('PRAGMA busy_timeout').get()?.timeout)
  if (timeout === 0) return does()
  database.exec('PRAGMA busy_timeout = 0')
  try {
    return does()
  } finally {
    database.exec(`PRAGMA busy_timeout = ${timeout}`)
  }
}

function withoutWal(journal: unknown): DewarError {
  const detail = `The database keeps its journal as "${journal}" and cannot be set to WAL.`
  return new DewarError('store/refused', `${detail} Put it on a disk of this machine.`)
}
