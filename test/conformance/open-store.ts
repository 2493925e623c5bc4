import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { memory, type Store } from 'dewar'
import { sqlite } from 'dewar/sqlite'
import { SettingRefused, type StoreSetting } from './settings.ts'

/** Opens the store that `DEWAR_STORE` names; `undefined` for sealed cookies. */
export async function openStore({ kind, address }: StoreSetting): Promise<Store | undefined> {
  switch (kind) {
    case 'cookie':
      return undefined
    case 'memory':
      return memory()
    case 'sqlite':
      return sqlite(address === '' ? temporaryFile() : address)
    case 'redis':
    case 'postgres':
      throw new SettingRefused(`DEWAR_STORE is ${kind}: this app has no such store yet.`)
  }
}

function temporaryFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'dewar-store-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'conformance.db')
}
