import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync, type DatabaseSyncOptions } from 'node:sqlite'
import { sqlite } from '../../src/sqlite.ts'
import type { TransactionalStore } from '../../src/store/store.ts'
import type { TransactionStage } from './contract.ts'

/** A stage on a file of its own, in a folder that goes away with it. */
export interface SqliteStage extends TransactionStage<DatabaseSync> {
  readonly path: string
  /** Another connection to the file, as the app may have it: closed together with the stage. */
  connect(options?: DatabaseSyncOptions): DatabaseSync
}

/** Opens a stage on a new file, its stores made by `make`. */
export async function openSqlite(
  make: (stage: Pick<SqliteStage, 'path' | 'connect'>) => TransactionalStore<DatabaseSync>,
): Promise<SqliteStage> {
  const folder = await mkdtemp(join(tmpdir(), 'dewar-sqlite-'))
  const path = join(folder, 'app.db')
  const connections: DatabaseSync[] = []
  const stores: TransactionalStore<DatabaseSync>[] = []
  const connect = (options: DatabaseSyncOptions = {}): DatabaseSync => {
    const connection = new DatabaseSync(path, options)
    connections.push(connection)
    return connection
  }
  const add = async (): Promise<TransactionalStore<DatabaseSync>> => {
    const store = make({ path, connect })
    stores.push(store)
    await store.prepare()
    return store
  }
  const end = async (): Promise<void> => {
    for (const each of stores) await each.close()
    for (const each of connections) if (each.isOpen) each.close()
  }
  const store = await add()
  const own = connect()
  own.exec('CREATE TABLE notes (text TEXT NOT NULL)')
  return {
    path,
    connect,
    store,
    other: add,
    dump: async () => JSON.stringify(tables.map((table) => own.prepare(`SELECT * FROM ${table} ORDER BY 1`).all())),
    note: (tx, text) => void tx.prepare('INSERT INTO notes VALUES (?)').run(text),
    notes: async () =>
      own
        .prepare('SELECT text FROM notes ORDER BY rowid')
        .all()
        .map(({ text }) => String(text)),
    restart: async () => {
      await end()
      return add()
    },
    lose: async () => {
      await end()
      for (const name of await readdir(folder)) await rm(join(folder, name))
      return add()
    },
    close: async () => {
      await end()
      await rm(folder, { recursive: true })
    },
  }
}

const tables = ['dewar_sessions', 'dewar_once', 'notes']

/** A stage whose stores open the file themselves. */
export const openFile = (): Promise<SqliteStage> => openSqlite(({ path }) => sqlite(path))
