import { execFile } from 'node:child_process'
import { globSync } from 'node:fs'
import { chown, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { skipWithout } from '../../browser/needs.ts'
import { freePort } from './free-port.ts'
import { asUser, ServerProcess, type User } from './process.ts'

// Debian puts each version into a folder of its own.
const [newest = '/usr/lib/postgresql/bin/postgres'] = globSync('/usr/lib/postgresql/*/bin/postgres').sort().reverse()

/** For the `skip` of a test that needs PostgreSQL. */
export const skipPostgres: string | false = skipWithout(newest)

/** A PostgreSQL cluster of its own, in a folder that goes away with it. */
export interface PostgresServer {
  readonly port: number
  /** A pool on the database `app`, in a schema of this name. Whoever makes it ends it. */
  pool(schema: string, config?: pg.PoolConfig): pg.Pool
  /** Sends a signal to the server and all its backends. */
  signal(signal: NodeJS.Signals): void
  /** Ends it at once, as a crash does: nothing is brought to an end, and the next start has to recover. */
  kill(): Promise<void>
  /** Starts it again on the same port. */
  restart(): Promise<void>
  stop(): Promise<void>
}

/** Starts a cluster with these settings. It does not care for power cuts, which is faster. */
export async function startPostgres(settings: Record<string, string> = {}): Promise<PostgresServer> {
  const folder = await mkdtemp(join(tmpdir(), 'dewar-postgres-'))
  const user = await otherUser()
  if (user !== null) await chown(folder, user.uid, user.gid)
  const data = join(folder, 'data')
  await run('setpriv', [...asUser(user), join(dirname(newest), 'initdb'), ...initdb, '-D', data], { cwd: '/' })
  const port = await freePort()
  const all = { ...quick, ...settings, port: `${port}`, listen_addresses: '127.0.0.1', unix_socket_directories: folder }
  const options = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  let server: ServerProcess
  const start = async (): Promise<void> => {
    server = new ServerProcess([newest, '-D', data, ...options], user)
    await server.until(() => answers(port))
  }
  const stop = async (): Promise<void> => {
    await untilLeft(port)
    await server.end('SIGINT')
    await rm(folder, { recursive: true })
  }
  try {
    await start()
  } catch (error) {
    await stop()
    throw error
  }
  return {
    port,
    stop,
    signal: (signal) => server.signal(signal),
    kill: () => server.end('SIGQUIT'), // an immediate shutdown.  PostgreSQL, "Shutting Down the Server"
    restart: start,
    pool: (schema, config = {}) => new pg.Pool({ ...address(port), options: `-c search_path=${schema}`, ...config }),
  }
}

const run = promisify(execFile)
const initdb = ['-A', 'trust', '-U', 'app', '-E', 'UTF8', '--locale=C', '--no-sync', '--no-instructions']
const quick = { fsync: 'off', full_page_writes: 'off', max_connections: '100', shared_buffers: '32MB' }

function address(port: number): pg.PoolConfig {
  return { host: '127.0.0.1', port, user: 'app', database: 'postgres' }
}

async function answers(port: number): Promise<boolean> {
  const client = new pg.Client(address(port))
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query('SELECT 1')
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => {})
  }
}

// A pool that has ended has said goodbye and listens no more: what the server says of its shutdown before it has heard
// that would be an error that nobody catches. Who stays all the same is not waited for.
async function untilLeft(port: number): Promise<void> {
  const others = `SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`
  const client = new pg.Client({ ...address(port), connectionTimeoutMillis: 1000, query_timeout: 1000 })
  client.on('error', () => {})
  try {
    await client.connect()
    for (const untilMs = performance.now() + 1000; performance.now() < untilMs; await pause(10)) {
      if ((await client.query(others)).rows[0].count === 0) return
    }
  } catch {
    // It has ended, or stands still.
  } finally {
    await client.end().catch(() => {})
  }
}

// PostgreSQL refuses to run as root: then it runs as the user that its package has made.
async function otherUser(): Promise<User | null> {
  if (process.getuid?.() !== 0) return null
  const idOf = async (kind: string) => Number((await run('id', [kind, 'postgres'])).stdout)
  return { uid: await idOf('-u'), gid: await idOf('-g') }
}
