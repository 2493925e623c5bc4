import type { PostgresQuery } from './postgres-client.ts'
import type { OnceRow, SessionRow } from './store.ts'

/** A value of a statement, or a column of its answer: always text, if it is not NULL. */
export type Column = string | null

const sessionColumns = [
  'family',
  'version',
  'secret_hash',
  'previous_hash',
  'previous_until_seconds',
  'epoch',
  'user_name',
  'content',
  'created_seconds',
  'seen_seconds',
  'expires_seconds',
  'user_agent',
  'address',
]
const onceColumns = [
  'key',
  'fingerprint',
  'state',
  'owner',
  'lease_until_seconds',
  'answer',
  'expires_seconds',
  'written',
]

const columnsOf = (name: string, columns: readonly string[]) => columns.map((column) => `(r.${name}).${column}`).join()
const session = columnsOf('session', sessionColumns)
const once = columnsOf('once', onceColumns)
const incarnation = '(SELECT incarnation FROM dewar_schema)'

// $from, $from + 1, … as a row of a table.
function rowAt(from: number, count: number, table: string): string {
  return `row(${Array.from({ length: count }, (_, at) => `$${from + at}`).join()})::${table}`
}

/** The statements, each prepared once on every connection, under a name that is new when its text is. */
export const statements: Readonly<
  Record<
    'session' | 'both' | 'claim' | 'commit' | 'enter' | 'leave' | 'status' | 'list' | 'revoke' | 'count' | 'sweep',
    PostgresQuery
  >
> = {
  session: statement(
    'session',
    `SELECT ${sessionColumns.map((column) => `s.${column}`)}, ${incarnation} FROM (VALUES (1)) one
     LEFT JOIN dewar_sessions s ON s.family = $1 AND s.expires_seconds > $2::bigint`,
  ),
  both: statement(
    'both',
    `SELECT ${sessionColumns.map((column) => `s.${column}`)}, ${onceColumns.map((column) => `o.${column}`)},
     ${incarnation} FROM (VALUES (1)) one
     LEFT JOIN dewar_sessions s ON s.family = $1 AND s.expires_seconds > $2::bigint
     LEFT JOIN dewar_once o ON o.key = $3 AND o.expires_seconds > $2::bigint`,
  ),
  claim: statement(
    'claim',
    `SELECT r.outcome, r.clock, ${session}, ${once}, ${incarnation}
     FROM dewar_claim($1, $2, $3, $4, ${rowAt(5, onceColumns.length, 'dewar_once')}) r`,
  ),
  commit: statement(
    'commit',
    `SELECT r.outcome, r.clock, ${session}, ${once} FROM dewar_commit($1, $2, $3, $4,
     ${rowAt(5, sessionColumns.length + 1, 'dewar_sessions')}, $19, ${rowAt(20, onceColumns.length, 'dewar_once')}) r`,
  ),
  enter: statement(
    'enter',
    `SELECT r.outcome, r.clock, ${session}, ${once}, r.transaction
     FROM dewar_enter($1, $2, $3, ${rowAt(4, onceColumns.length, 'dewar_once')}) r`,
  ),
  leave: statement(
    'leave',
    `SELECT r.outcome, ${session}
     FROM dewar_leave($1, $2, $3, ${rowAt(4, sessionColumns.length + 1, 'dewar_sessions')}, $18, $19) r`,
  ),
  status: statement('status', 'SELECT pg_xact_status($1::xid8)'),
  list: statement(
    'list',
    `SELECT ${sessionColumns.join()} FROM dewar_sessions WHERE user_name = $1 AND expires_seconds > $2::bigint
     ORDER BY seen_seconds DESC, created_seconds DESC, family`,
  ),
  revoke: statement(
    'revoke',
    'SELECT r.outcome, r.clock, r.ended, r.removed FROM dewar_revoke($1, $2, $3, $4, $5, $6) r',
  ),
  count: statement('count', 'SELECT count(*) FROM dewar_sessions WHERE expires_seconds > $1::bigint'),
  sweep: statement('sweep', 'SELECT dewar_sweep($1, $2)'),
}

/** A statement that is sent as it stands, to do what functions cannot. */
export function plainStatement(text: string): PostgresQuery {
  return { text, rowMode: 'array', types: { getTypeParser: () => (column) => column } }
}

function statement(name: string, text: string): PostgresQuery {
  return { name: `dewar-1-${name}`, ...plainStatement(text) }
}

/** The columns of a session as values, with the name of the write that writes it; of none when there is none. */
export function sessionValues(family: string, row: SessionRow | null, writeId: string): Column[] {
  if (row === null) return [family, ...Array.from({ length: sessionColumns.length }, () => null)]
  return [
    family,
    `${row.version}`,
    row.secretHash,
    row.previousHash,
    `${row.previousUntilSeconds}`,
    `${row.epoch}`,
    row.user,
    row.content,
    `${row.createdSeconds}`,
    `${row.seenSeconds}`,
    `${row.expiresSeconds}`,
    row.userAgent,
    row.address,
    writeId,
  ]
}

/** The columns of a submission as values, with the name of the write. An owner of `null` has claimed nothing. */
export function onceValues(
  row: Partial<Omit<OnceRow, 'owner'>> & { readonly owner?: Column },
  writeId: string,
): Column[] {
  return [
    row.key ?? null,
    row.fingerprint ?? null,
    row.state ?? null,
    row.owner ?? null,
    `${row.leaseUntilSeconds ?? 0}`,
    row.answer ?? null,
    row.expiresSeconds === undefined ? null : `${row.expiresSeconds}`,
    writeId,
  ]
}

/** Where the columns of the submission begin in an answer that has those of the session at `sessionAt`. */
export function onceAt(sessionAt: number): number {
  return sessionAt + sessionColumns.length
}

/** Where the columns after the submission begin. */
export function afterOnce(sessionAt: number): number {
  return onceAt(sessionAt) + onceColumns.length
}

/** The session whose columns begin there, or `null` if they are all NULL. */
export function readSession(columns: readonly Column[], at: number): SessionRow | null {
  const column = (index: number) => columns[at + index] ?? ''
  if ((columns[at] ?? null) === null) return null
  return {
    family: column(0),
    version: Number(column(1)),
    secretHash: column(2),
    previousHash: columns[at + 3] ?? null,
    previousUntilSeconds: Number(column(4)),
    epoch: Number(column(5)),
    user: columns[at + 6] ?? null,
    content: column(7),
    createdSeconds: Number(column(8)),
    seenSeconds: Number(column(9)),
    expiresSeconds: Number(column(10)),
    userAgent: column(11),
    address: column(12),
  }
}

/** The record of a submission whose columns begin there, or `null` if they are all NULL. */
export function readOnce(columns: readonly Column[], at: number): OnceRow | null {
  const column = (index: number) => columns[at + index] ?? ''
  if ((columns[at] ?? null) === null) return null
  return {
    key: column(0),
    fingerprint: column(1),
    state: column(2) === 'done' ? 'done' : 'running',
    owner: column(3),
    leaseUntilSeconds: Number(column(4)),
    answer: columns[at + 5] ?? null,
    expiresSeconds: Number(column(6)),
  }
}
