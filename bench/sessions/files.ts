import { createHash, randomBytes, randomInt } from 'node:crypto'
import { statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { defaultLifetime } from '../../src/session/lifetime.ts'
import { rowOf } from '../../src/session/stored-state.ts'
import { Connection } from '../../src/store/sqlite-connection.ts'
import type { SessionRow } from '../../src/store/store.ts'
import { visitorOf } from './content.ts'

/** A session of which the bench knows the secret. */
export interface Known {
  /** Which visitor of `visitorOf` it is. */
  readonly number: number
  readonly family: string
  readonly secret: string
}

const daySeconds = 24 * 60 * 60
const userAgent =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36'
// A file that is lost in a crash is made again.
const hasty = 'PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -600000; BEGIN'
// So many rows are written in one transaction.
const slice = 50_000

/**
 * Makes a file with so many sessions, row by row, as Dewar writes them. Gives those whose secret is known: visitor 0, whose
 * name has to be escaped, and others by chance. They were seen just now, so that looking at a page writes nothing.
 */
export function fillForDewar(file: string, rows: number, knownCount: number): readonly Known[] {
  const database = new DatabaseSync(file)
  const { statements } = new Connection(database, { neverWaits: false }) // makes the tables
  database.exec(hasty)
  const numbers = numbersByChance(rows, knownCount)
  const known = new Map<number, Known>()
  const nowSeconds = Math.floor(Date.now() / 1000)
  let bytes = randomBytes(0)
  for (let number = 0; number < rows; number++) {
    if (number > 0 && number % slice === 0) database.exec('COMMIT; BEGIN')
    if (number % slice === 0) bytes = randomBytes(40 * slice)
    const at = 40 * (number % slice)
    const family = bytes.toString('base64url', at, at + 16)
    const secret = bytes.toString('base64url', at + 16, at + 40)
    const isKnown = numbers.has(number)
    // Others at some time of the last 13 days.
    const seenSeconds = nowSeconds - (isKnown ? 0 : Math.floor(Math.random() * 13 * daySeconds))
    statements.keepSession(sessionRow({ number, family, secret, rows, seenSeconds }))
    if (isKnown) known.set(number, { number, family, secret })
  }
  finish(database)
  return [...numbers].flatMap((number) => known.get(number) ?? [])
}

/** Makes a file for the floor, with the content of every session that is in Dewar's. */
export function fillForFloor(file: string, dewarFile: string): void {
  const database = new DatabaseSync(file)
  database.exec('CREATE TABLE sessions (id TEXT PRIMARY KEY, content TEXT NOT NULL) STRICT, WITHOUT ROWID')
  database.prepare('ATTACH ? AS dewar').run(dewarFile)
  database.exec(hasty)
  // The content of a row is [format, data, flashes].
  database.exec("INSERT INTO sessions SELECT family, content -> '$[1]' FROM dewar.dewar_sessions ORDER BY family")
  finish(database)
}

/** The size of a file in bytes. */
export function sizeOf(file: string): number {
  return statSync(file).size
}

/** The user of a session, if it is one of the quarter that has one. Each user has five sessions, scattered over the file. */
export function userOf(number: number, rows: number): string | null {
  return number % 4 === 0 ? `user-${(number / 4) % Math.ceil(rows / 20)}` : null
}

function finish(database: DatabaseSync): void {
  database.exec('COMMIT; PRAGMA main.journal_mode = WAL')
  database.close()
}

function numbersByChance(rows: number, count: number): ReadonlySet<number> {
  const numbers = new Set([0])
  while (numbers.size < Math.min(count, rows)) numbers.add(randomInt(rows))
  return numbers
}

// Begun up to 30 days before.
function sessionRow({
  number,
  family,
  secret,
  rows,
  seenSeconds,
}: Known & { readonly rows: number; readonly seenSeconds: number }): SessionRow {
  const state = {
    family,
    epoch: 0,
    user: userOf(number, rows),
    createdSeconds: seenSeconds - Math.floor(Math.random() * 30 * daySeconds),
    seenSeconds,
    data: new Map<string, unknown>(Object.entries(visitorOf(number))),
    flashes: [],
  }
  const secretHash = createHash('sha256').update(secret).digest('base64url')
  const parts = { version: 1, secretHash, previousHash: null, previousUntilSeconds: 0, userAgent, address: '' }
  return rowOf(state, parts, defaultLifetime)
}
