import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { skipPostgres, startPostgres } from '../store/servers/postgres-server.ts'
import { skipRedis, startRedis } from '../store/servers/redis-server.ts'

/** Where the conformance app can keep its sessions, made for one test and gone with it. */
export interface Keeper {
  readonly name: string
  /** For the `skip` of a test that needs it. */
  readonly skip: string | false
  /** How many processes of the app it is examined with. */
  readonly processes: 1 | 2
  open(): Promise<OpenKeeper>
}

/** A keeper that is there. */
export interface OpenKeeper {
  /** For `DEWAR_STORE`. */
  readonly address: string
  close(): Promise<void>
}

/** All of them that keep sessions on the server. */
export const keepers: readonly Keeper[] = [
  {
    name: 'memory',
    skip: false,
    processes: 1,
    open: async () => ({ address: 'memory:', close: async () => {} }),
  },
  { name: 'SQLite', skip: false, processes: 2, open: openFile },
  {
    name: 'PostgreSQL',
    skip: skipPostgres,
    processes: 2,
    async open() {
      const server = await startPostgres()
      return { address: postgresAddress(server.port), close: () => server.stop() }
    },
  },
  {
    name: 'Redis',
    skip: skipRedis,
    processes: 2,
    async open() {
      const server = await startRedis()
      return { address: redisAddress(server.port), close: () => server.stop() }
    },
  },
]

/** A file of SQLite, in a folder that goes away with it. */
export async function openFile(): Promise<OpenKeeper & { readonly path: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'dewar-file-'))
  const path = join(folder, 'app.db')
  return { path, address: `sqlite:${path}`, close: () => rm(folder, { recursive: true }) }
}

/** The `DEWAR_STORE` of a PostgreSQL of the tests on this port. */
export function postgresAddress(port: number): string {
  return `postgres://app@127.0.0.1:${port}/postgres`
}

/** The `DEWAR_STORE` of a Redis on this port. */
export function redisAddress(port: number): string {
  return `redis://127.0.0.1:${port}/0`
}
