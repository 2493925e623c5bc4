import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { prepareOn } from './sqlite-prepare.ts'
import type { Begun, OnceRow, Revocation, SessionRow } from './store.ts'

/** A row as SQLite gives it, with the names of the contract. */
type Found = ReturnType<StatementSync['get']>

const sessionColumns = `family, dewar_sessions.version, secret_hash, previous_hash, previous_until_seconds, epoch, user, content,
  created_seconds, seen_seconds, expires_seconds, user_agent, address`

type Columns = readonly [
  family: string,
  version: number,
  secretHash: string,
  previousHash: string | null,
  previousUntilSeconds: number,
  epoch: number,
  user: string | null,
  content: string,
  createdSeconds: number,
  seenSeconds: number,
  expiresSeconds: number,
  userAgent: string,
  address: string,
]

/** The statements of the store, prepared once for a connection. None of them opens or ends a transaction. */
export class Statements {
  readonly #session: StatementSync
  readonly #begun: StatementSync
  readonly #keepSession: StatementSync
  readonly #updateSession: StatementSync
  readonly #list: StatementSync
  readonly #count: StatementSync
  readonly #once: StatementSync
  readonly #keepOnce: StatementSync
  readonly #keepFreeOnce: StatementSync
  readonly #keepAnswer: StatementSync
  readonly #removeOnce: StatementSync
  readonly #removeFamily: StatementSync
  readonly #removeUser: StatementSync
  readonly #removeAll: StatementSync
  readonly #isAnyOver: StatementSync
  readonly #sweepSessions: StatementSync
  readonly #sweepOnce: StatementSync

  constructor(database: DatabaseSync) {
    const prepare = (sql: string): StatementSync => prepareOn(database, sql)
    this.#session = inArrays(
      prepare(`SELECT ${sessionColumns} FROM dewar_sessions WHERE family = ? AND expires_seconds > ?`),
    )
    this.#begun = inArrays(
      prepare(
        `SELECT ${sessionColumns}, incarnation FROM dewar_schema LEFT JOIN dewar_sessions ON family = ? AND expires_seconds > ?`,
      ),
    )
    this.#keepSession = prepare(
      `INSERT INTO dewar_sessions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
        version = excluded.version, secret_hash = excluded.secret_hash, previous_hash = excluded.previous_hash,
        previous_until_seconds = excluded.previous_until_seconds, epoch = excluded.epoch, user = excluded.user,
        content = excluded.content, created_seconds = excluded.created_seconds, seen_seconds = excluded.seen_seconds,
        expires_seconds = excluded.expires_seconds, user_agent = excluded.user_agent, address = excluded.address`,
    )
    // A column that is set costs its index, whatever it is set to.
    this.#updateSession = prepare(
      `UPDATE dewar_sessions SET version = ?, secret_hash = ?, previous_hash = ?, previous_until_seconds = ?, epoch = ?,
        content = ?, created_seconds = ?, seen_seconds = ?, expires_seconds = ? WHERE family = ?`,
    )
    this.#list = inArrays(
      prepare(
        `SELECT ${sessionColumns} FROM dewar_sessions WHERE user = ? AND expires_seconds > ? ORDER BY seen_seconds DESC`,
      ),
    )
    this.#count = prepare('SELECT count(*) AS sessions FROM dewar_sessions WHERE expires_seconds > ?')
    this.#once = prepare(
      `SELECT key, fingerprint, state, owner, lease_until_seconds AS leaseUntilSeconds, answer,
        expires_seconds AS expiresSeconds FROM dewar_once WHERE key = ? AND expires_seconds > ?`,
    )
    const keepOnce = `INSERT INTO dewar_once VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
      fingerprint = excluded.fingerprint, state = excluded.state, owner = excluded.owner,
      lease_until_seconds = excluded.lease_until_seconds, answer = excluded.answer,
      expires_seconds = excluded.expires_seconds`
    this.#keepOnce = prepare(keepOnce)
    this.#keepFreeOnce = prepare(`${keepOnce} WHERE dewar_once.expires_seconds <= ?`)
    this.#keepAnswer = prepare('UPDATE dewar_once SET answer = ? WHERE key = ?')
    this.#removeOnce = prepare('DELETE FROM dewar_once WHERE key = ?')
    this.#removeFamily = prepare('DELETE FROM dewar_sessions WHERE family = ? RETURNING expires_seconds')
    this.#removeUser = prepare(
      'DELETE FROM dewar_sessions WHERE user = ? AND family IS NOT ? RETURNING expires_seconds',
    )
    this.#removeAll = prepare('DELETE FROM dewar_sessions RETURNING expires_seconds')
    const isOver = (table: string): string => `EXISTS (SELECT 1 FROM ${table} WHERE expires_seconds <= ?)`
    this.#isAnyOver = prepare(`SELECT ${isOver('dewar_sessions')} OR ${isOver('dewar_once')} AS found`)
    const sweep = (table: string): StatementSync =>
      prepare(
        `DELETE FROM ${table} WHERE rowid IN (SELECT rowid FROM ${table} WHERE expires_seconds <= ? ORDER BY expires_seconds LIMIT ?)`,
      )
    this.#sweepSessions = sweep('dewar_sessions')
    this.#sweepOnce = sweep('dewar_once')
  }

  /** The session that is there and not over. */
  session(family: string, nowSeconds: number): SessionRow | null {
    const found = this.#session.get(family, nowSeconds)
    return found === undefined ? null : sessionOf(found)
  }

  /** The session that is there and not over, and the incarnation: both in one statement, for each takes a lock of its own. */
  begun(family: string, nowSeconds: number): Pick<Begun, 'session' | 'incarnation'> {
    const found = this.#begun.get(family, nowSeconds)
    if (found === undefined) return { session: null, incarnation: '' }
    const columns = columnsOf(found)
    return { session: columns[0] === null ? null : sessionOf(found), incarnation: String(columns[columns.length - 1]) }
  }

  /** Writes a session that is there. */
  updateSession(row: SessionRow, there: SessionRow): void {
    const { version, secretHash, previousHash, previousUntilSeconds, epoch, content } = row
    const { createdSeconds, seenSeconds, expiresSeconds, family } = row
    if (row.user !== there.user || row.userAgent !== there.userAgent || row.address !== there.address) {
      this.keepSession(row)
      return
    }
    const values = [version, secretHash, previousHash, previousUntilSeconds, epoch, content] as const
    this.#updateSession.run(...values, createdSeconds, seenSeconds, expiresSeconds, family)
  }

  /** Writes a session, whether it is there or not. */
  keepSession(row: SessionRow): void {
    const { family, version, secretHash, previousHash, previousUntilSeconds, epoch, user, content } = row
    const { createdSeconds, seenSeconds, expiresSeconds, userAgent, address } = row
    const who = [family, version, secretHash, previousHash, previousUntilSeconds, epoch, user] as const
    this.#keepSession.run(...who, content, createdSeconds, seenSeconds, expiresSeconds, userAgent, address)
  }

  /** Removes a session. */
  removeSession(family: string): void {
    this.#removeFamily.run(family)
  }

  /** Removes sessions, and gives how many there were that were not over. */
  removeSessions(which: Revocation, nowSeconds: number): number {
    const ended = this.#removed(which).map((row) => Number(row?.expires_seconds))
    return ended.filter((expiresSeconds) => expiresSeconds > nowSeconds).length
  }

  #removed(which: Revocation): Found[] {
    if ('family' in which) return this.#removeFamily.all(which.family)
    if ('all' in which) return this.#removeAll.all()
    return this.#removeUser.all(which.user, which.except ?? null)
  }

  list(user: string, nowSeconds: number): readonly SessionRow[] {
    return this.#list.all(user, nowSeconds).map(sessionOf)
  }

  count(nowSeconds: number): number {
    return Number(this.#count.get(nowSeconds)?.sessions)
  }

  /** The record of a submission that is there and not over. */
  once(key: string, nowSeconds: number): OnceRow | null {
    const found = this.#once.get(key, nowSeconds)
    return found === undefined ? null : onceOf(found)
  }

  keepOnce({ key, fingerprint, state, owner, leaseUntilSeconds, answer, expiresSeconds }: OnceRow): void {
    this.#keepOnce.run(key, fingerprint, state, owner, leaseUntilSeconds, answer, expiresSeconds)
  }

  /** Keeps the record of a submission if there is none that is not over, and tells whether it has. */
  keepFreeOnce(row: OnceRow, nowSeconds: number): boolean {
    const { key, fingerprint, state, owner, leaseUntilSeconds, answer, expiresSeconds } = row
    const values = [key, fingerprint, state, owner, leaseUntilSeconds, answer, expiresSeconds] as const
    return Number(this.#keepFreeOnce.run(...values, nowSeconds).changes) > 0
  }

  /** Keeps the answer of a submission that is done. */
  keepAnswer(key: string, answer: string): void {
    this.#keepAnswer.run(answer, key)
  }

  removeOnce(key: string): void {
    this.#removeOnce.run(key)
  }

  isAnyOver(nowSeconds: number): boolean {
    return this.#isAnyOver.get(nowSeconds, nowSeconds)?.found === 1
  }

  /** Removes at most so many rows that are over, and gives how many. */
  sweep(most: number, nowSeconds: number): number {
    const sessions = Number(this.#sweepSessions.run(nowSeconds, most).changes)
    return sessions + Number(this.#sweepOnce.run(nowSeconds, most - sessions).changes)
  }
}

// Values alone are read faster than an object with their names. Node before 22.16, among others, gives the object.
function inArrays(statement: StatementSync): StatementSync {
  if ('setReturnArrays' in statement) statement.setReturnArrays(true)
  return statement
}

function columnsOf(found: NonNullable<Found>): readonly unknown[] {
  return Array.isArray(found) ? found : Object.values(found)
}

// The tables are strict, so their columns have the types of the contract; they stand in the order of `sessionColumns`.
function sessionOf(found: NonNullable<Found>): SessionRow {
  const columns = columnsOf(found) as unknown as Columns
  return {
    family: columns[0],
    version: columns[1],
    secretHash: columns[2],
    previousHash: columns[3],
    previousUntilSeconds: columns[4],
    epoch: columns[5],
    user: columns[6],
    content: columns[7],
    createdSeconds: columns[8],
    seenSeconds: columns[9],
    expiresSeconds: columns[10],
    userAgent: columns[11],
    address: columns[12],
  }
}

function onceOf(found: NonNullable<Found>): OnceRow {
  const row = found as unknown as OnceRow // the table is strict, and its columns are named as the contract names them
  return { ...row }
}
