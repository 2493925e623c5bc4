import { DewarError } from '../errors/dewar-error.ts'
import { newIncarnation } from './incarnation.ts'
import { Patience } from './patience.ts'
import type { PostgresClient } from './postgres-client.ts'
import { type Connections, type HeldConnection, sqlStateOf } from './postgres-connections.ts'
import { functions } from './postgres-functions.ts'
import { plainStatement } from './postgres-statements.ts'
import { tables } from './postgres-tables.ts'
import type { ServerClock } from './server-clock.ts'
import { unavailable } from './unavailable.ts'

// What was released is never changed: a change is one more entry.
const migrations: readonly string[] = [tables + functions]

const settings = plainStatement(`
  SELECT current_setting('server_version_num'), current_setting('server_version'), current_setting('server_encoding'),
    to_regclass('dewar_schema') IS NOT NULL,
    floor(extract(epoch FROM clock_timestamp()) * 1000)`)
const versionThere = plainStatement('SELECT version FROM dewar_schema')

// One process at a time: the others wait, and find it done.
const alone = plainStatement(`
  BEGIN;
  SET LOCAL lock_timeout = '8s';
  SELECT pg_advisory_xact_lock(431199052146)`)
const schema = plainStatement(
  'CREATE TABLE IF NOT EXISTS dewar_schema (version integer NOT NULL, incarnation text NOT NULL)',
)
const upToDate = () =>
  plainStatement(`
  UPDATE dewar_schema SET version = ${migrations.length};
  INSERT INTO dewar_schema SELECT ${migrations.length}, '${newIncarnation()}' WHERE NOT EXISTS (SELECT FROM dewar_schema)`)
const commit = plainStatement('COMMIT')
const rollback = plainStatement('ROLLBACK')

/** Tables are made once: that may take longer than a call does. */
const patienceToMigrateMs = 10_000

/**
 * Checks the server and brings the tables up to date. Rejects with `store/refused` if the server is older than 13 or the
 * database does not keep UTF-8, if the tables are of a newer Dewar, or if they are missing and may not be made.
 */
export async function prepareDatabase<Client extends PostgresClient>(
  connections: Connections<Client>,
  clock: ServerClock,
): Promise<void> {
  try {
    const patience = new Patience()
    const isDone = await connections.use(patience, (held) => check(held, clock, patience))
    if (isDone) return
    const longer = new Patience(patienceToMigrateMs)
    await connections.use(longer, (held) => migrate(held, longer))
  } catch (error) {
    throw refusedIfFinal(error)
  }
}

// Whether the tables are there and up to date: then nothing is locked, and no right to make tables is needed.
async function check<Client extends PostgresClient>(
  held: HeldConnection<Client>,
  clock: ServerClock,
  patience: Patience,
): Promise<boolean> {
  const [[number, version, encoding, hasSchema, serverMs] = []] = await held.run(settings, [], patience)
  clock.learn(Number(serverMs))
  if (Number(number) < 130_000) throw refused(`PostgreSQL ${version} is too old: the store needs 13 or newer.`)
  if (encoding !== 'UTF8') {
    throw refused(`The database keeps its text as ${encoding}: create it with ENCODING 'UTF8'.`)
  }
  return hasSchema === 't' && (await versionOf(held, patience)) === migrations.length
}

async function versionOf<Client extends PostgresClient>(
  held: HeldConnection<Client>,
  patience: Patience,
): Promise<number> {
  const [[found] = []] = await held.run(versionThere, [], patience)
  const version = Number(found ?? 0)
  if (version <= migrations.length) return version
  const detail = `The tables of the store have version ${version}, and this Dewar knows ${migrations.length}.`
  throw refused(`${detail} Run the newer Dewar that made them.`)
}

async function migrate<Client extends PostgresClient>(held: HeldConnection<Client>, patience: Patience): Promise<void> {
  try {
    await held.run(alone, [], patience)
    await held.run(schema, [], patience)
    for (const migration of migrations.slice(await versionOf(held, patience))) {
      await held.run(plainStatement(migration), [], patience)
    }
    await held.run(upToDate(), [], patience)
    await held.run(commit, [], patience)
  } catch (error) {
    await held.rollBack(rollback, new Patience(patienceToUndoMs))
    throw error
  }
}

const patienceToUndoMs = 200

// Rights that are missing and names that are taken are for the author to put right.  PostgreSQL, appendix A, class 42
function refusedIfFinal(error: unknown): DewarError {
  if (error instanceof DewarError) return error
  if (error instanceof Error && sqlStateOf(error)?.startsWith('42')) {
    const detail = `The tables of the store cannot be made: ${error.message}. Let the role make tables, or start once as one that may.`
    return new DewarError('store/refused', detail, { cause: error })
  }
  return unavailable(error)
}

function refused(detail: string): DewarError {
  return new DewarError('store/refused', detail)
}
