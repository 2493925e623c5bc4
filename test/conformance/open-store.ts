import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { memory, type Store } from 'dewar'
import { postgres } from 'dewar/postgres'
import { redis } from 'dewar/redis'
import { sqlite } from 'dewar/sqlite'
import pg from 'pg'
import { createClient } from 'redis'
import type { StoreSetting } from './settings.ts'

/** Opens the store that `DEWAR_STORE` names; `undefined` for sealed cookies. */
export async function openStore({ kind, address }: StoreSetting): Promise<Store | undefined> {
  switch (kind) {
    case 'cookie':
      return undefined
    case 'memory':
      return memory()
    case 'sqlite':
      return sqlite(address === '' ? temporaryFile() : address)
    case 'redis': {
      const client = createClient({ url: address })
      client.on('error', ({ message }: Error) => console.error(`Redis: ${message}`)) // it connects again by itself
      await client.connect()
      return redis(client)
    }
    case 'postgres':
      return postgres(new pg.Pool({ connectionString: address }))
  }
}

function temporaryFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'dewar-store-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'conformance.db')
}
