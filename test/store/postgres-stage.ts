import type { Pool, PoolClient } from 'pg'
import { postgres } from '../../src/postgres.ts'
import type { TransactionalStore } from '../../src/store/store.ts'
import type { TransactionStage } from './contract.ts'
import type { PostgresServer } from './servers/postgres-server.ts'

/** Opens stages one after the other, on the same connections: making them takes longer than most tests. */
export class PostgresStages {
  readonly #own: Pool
  readonly #stores: readonly TransactionalStore<PoolClient>[]
  readonly #pools: readonly Pool[]

  private constructor(own: Pool, pools: readonly Pool[]) {
    this.#own = own
    this.#pools = [own, ...pools]
    this.#stores = pools.map(postgres)
  }

  /** In a schema of this name. */
  static async create(server: PostgresServer, schema: string): Promise<PostgresStages> {
    const own = server.pool(schema)
    await own.query(`CREATE SCHEMA ${schema}`)
    await own.query('CREATE TABLE notes (id serial, text text NOT NULL)')
    const stages = new PostgresStages(own, [server.pool(schema), server.pool(schema)])
    for (const store of stages.#stores) await store.prepare()
    return stages
  }

  async open(): Promise<TransactionStage<PoolClient>> {
    await this.#own.query(tables.map((table) => `DELETE FROM ${table}`).join(';'))
    const [store, other] = this.#stores
    if (store === undefined || other === undefined) throw new Error('There are no stores.')
    return {
      store,
      other: async () => other,
      dump: async () => {
        const all = tables.map((table) => this.#own.query(`SELECT * FROM ${table} ORDER BY 1`))
        return JSON.stringify((await Promise.all(all)).map(({ rows }) => rows))
      },
      note: async (tx, text) => {
        await tx.query('INSERT INTO notes (text) VALUES ($1)', [text])
      },
      notes: async () =>
        (await this.#own.query('SELECT text FROM notes ORDER BY id')).rows.map(({ text }) => String(text)),
      close: async () => {},
    }
  }

  async end(): Promise<void> {
    for (const pool of this.#pools) await pool.end()
  }
}

const tables = ['dewar_sessions', 'dewar_once', 'notes']
