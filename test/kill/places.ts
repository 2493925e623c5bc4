import { DatabaseSync } from 'node:sqlite'
import { openFile, postgresAddress, redisAddress } from '../conformance/keepers.ts'
import { skipPostgres, startPostgres } from '../store/servers/postgres-server.ts'
import { skipRedis, startRedis } from '../store/servers/redis-server.ts'

/** What a place does with what it has said is kept, when the power is cut. */
export type Durability = 'on-disk' | 'quick'

/** Where the processes keep everything, made for one run and gone with it. */
export interface Place {
  readonly name: 'sqlite' | 'postgres' | 'redis'
  /** For the `skip` of a test that needs it. */
  readonly skip: string | false
  open(durability: Durability): Promise<OpenPlace>
}

/** A place that is there. */
export interface OpenPlace {
  /** For `DEWAR_STORE`. */
  readonly address: string
  /** Throws if it is damaged. Asked when no process uses it any more. */
  check(): Promise<void>
  close(): Promise<void>
}

/** A file of SQLite. The store always writes it to the disk. */
export const sqlitePlace: Place = {
  name: 'sqlite',
  skip: false,
  async open() {
    const { path, address, close } = await openFile()
    return { address, close, check: async () => checkFile(path) }
  },
}

/** A PostgreSQL of its own. */
export const postgresPlace: Place = {
  name: 'postgres',
  skip: skipPostgres,
  async open(durability) {
    const server = await startPostgres(durability === 'on-disk' ? { fsync: 'on', full_page_writes: 'on' } : {})
    return { address: postgresAddress(server.port), check: async () => {}, close: () => server.stop() }
  },
}

/** A Redis of its own. */
export const redisPlace: Place = {
  name: 'redis',
  skip: skipRedis,
  async open() {
    const server = await startRedis()
    return { address: redisAddress(server.port), check: async () => {}, close: () => server.stop() }
  },
}

function checkFile(path: string): void {
  const database = new DatabaseSync(path)
  try {
    const faults = database.prepare('PRAGMA integrity_check').all()
    if (faults.length !== 1 || faults[0]?.integrity_check !== 'ok') throw new Error(JSON.stringify(faults))
  } finally {
    database.close()
  }
}
