import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Dewar, type DewarOptions, memory } from 'dewar'
import { postgres } from 'dewar/postgres'
import { redis } from 'dewar/redis'
import { sqlite } from 'dewar/sqlite'
import pg from 'pg'
import type { App } from './app-type.ts'
import { payInMemory } from './ledger/memory.ts'
import type { Ledger } from './ledger/payment.ts'
import { payInPostgres } from './ledger/postgres.ts'
import { payInRedis } from './ledger/redis.ts'
import { payInSqlite } from './ledger/sqlite.ts'
import type { StoreSetting } from './settings.ts'

/** An app on the store that `DEWAR_STORE` names, with payments in that store as far as it can hold them. */
export async function openApp(
  { kind, address }: StoreSetting,
  options: DewarOptions<Record<string, unknown>, undefined>,
): Promise<{ readonly app: App; readonly ledger: Ledger }> {
  switch (kind) {
    case 'cookie': {
      const app = new Dewar(options)
      return { app, ledger: payInMemory(app) }
    }
    case 'memory': {
      const app = new Dewar({ ...options, store: memory() })
      return { app, ledger: payInMemory(app) }
    }
    case 'sqlite': {
      const path = address === '' ? temporaryFile() : address
      const app = new Dewar({ ...options, store: sqlite(path) })
      return { app, ledger: payInSqlite(app, path) }
    }
    case 'redis': {
      const { createClient } = await import('redis') // it takes as long to load as all the rest
      const client = createClient({ url: address })
      client.on('error', ({ message }: Error) => console.error(`Redis: ${message}`)) // it connects again by itself
      await client.connect()
      const app = new Dewar({ ...options, store: redis(client) })
      return { app, ledger: payInRedis(app, client) }
    }
    case 'postgres': {
      const pool = new pg.Pool({ connectionString: address })
      const app = new Dewar({ ...options, store: postgres(pool) })
      return { app, ledger: await payInPostgres(app, pool) }
    }
  }
}

function temporaryFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'dewar-store-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'conformance.db')
}
