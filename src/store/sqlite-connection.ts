import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { DewarError } from '../errors/dewar-error.ts'
import { prepareOn } from './sqlite-prepare.ts'
import { Savepoints } from './sqlite-savepoints.ts'
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
  readonly #timeout: StatementSync
  readonly #neverWaits: boolean
  #savepoints: Savepoints | null = null
  #isWriting = false

  /**
   * Throws whatever SQLite does, also that somebody else has the lock; and `store/refused`. One that `neverWaits` has no
   * `busy_timeout`, so that nobody needs to look.
   */
  constructor(database: DatabaseSync, { neverWaits }: { readonly neverWaits: boolean }) {
    this.database = database
    this.#neverWaits = neverWaits
    // Statements, not `exec`: on Deno an error of `exec` has no code.
    this.#begin = prepareOn(database, 'BEGIN IMMEDIATE')
    this.#commit = prepareOn(database, 'COMMIT')
    this.#rollback = prepareOn(database, 'ROLLBACK')
    this.#timeout = prepareOn(database, 'PRAGMA busy_timeout')
    const journal = this.#withoutWaiting(() => prepareOn(database, 'PRAGMA journal_mode = WAL').get()?.journal_mode)
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

  /** What says how much of a commit is on disk, as SQLite tells it.  sqlite.org/pragma.html */
  settings(): Readonly<Record<string, string>> {
    const { journal_mode } = prepareOn(this.database, 'PRAGMA journal_mode').get() ?? {}
    const { synchronous } = prepareOn(this.database, 'PRAGMA synchronous').get() ?? {}
    return { journal_mode: String(journal_mode), synchronous: levels[Number(synchronous)] ?? String(synchronous) }
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

  /** What several writes in one transaction need. Not to be asked for first inside of one. */
  get savepoints(): Savepoints {
    this.#savepoints ??= this.#withoutWaiting(() => new Savepoints(this.database))
    return this.#savepoints
  }

  /** Runs work with the write lock and keeps what it did, or undoes it if it throws or its result is not to be kept. */
  write<Result>(work: () => Result, isKept: (result: Result) => boolean): Result {
    return this.inTransaction(() => {
      const result = work()
      if (isKept(result)) this.commit()
      else this.undo()
      return result
    })
  }

  /** Runs work with the write lock. What it has not committed is undone. */
  inTransaction<Result>(work: () => Result): Result {
    this.#withoutWaiting(() => this.#begin.run())
    this.#isWriting = true
    try {
      return work()
    } catch (error) {
      this.undo()
      throw error
    } finally {
      this.#isWriting = false
    }
  }

  /** Commits the transaction that is open. Throws if there is none. */
  commit(): void {
    if (!isTaken(this.database)) throw new Error(endedEarly)
    this.#commit.run()
  }

  /** Undoes the transaction that is open, if there is one. */
  undo(): void {
    try {
      if (isTaken(this.database)) this.#rollback.run() // a full disk, among others, has SQLite undo all by itself
    } catch {
      // What was thrown before says more.
    }
  }

  /** Runs something so that it throws at once where it would block this process to wait for a lock. */
  #withoutWaiting<Result>(does: () => Result): Result {
    const timeout = this.#neverWaits ? 0 : Number(this.#timeout.get()?.timeout)
    if (timeout === 0) return does()
    this.database.exec('PRAGMA busy_timeout = 0')
    try {
      return does()
    } finally {
      this.database.exec(`PRAGMA busy_timeout = ${timeout}`)
    }
  }
}

const levels = ['OFF', 'NORMAL', 'FULL', 'EXTRA']

const endedEarly = `The transaction had ended before its work was done: by a COMMIT or ROLLBACK among its statements, \
or undone by SQLite for an error that was caught.`

/** Whether a transaction is open on a connection. */
export function isTaken(database: DatabaseSync): boolean {
  const told: boolean | undefined = database.isTransaction
  return told ?? !canBegin(database)
}

// Node before 22.16 does not tell. A BEGIN takes no lock, and inside of a transaction it is refused and changes nothing.
function canBegin(database: DatabaseSync): boolean {
  try {
    database.exec('BEGIN')
  } catch {
    return false
  }
  database.exec('ROLLBACK')
  return true
}

function withoutWal(journal: unknown): DewarError {
  const detail = `The database keeps its journal as "${journal}" and cannot be set to WAL.`
  return new DewarError('store/refused', `${detail} Put it on a disk of this machine.`)
}
