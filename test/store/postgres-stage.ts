import type { Pool, PoolClient } from 'pg'
import { postgres } from '../../src/postgres.ts'
import type { TransactionalStore } from '../../src/store/store.ts'
import type { TransactionStage } from './contract.ts'
import type { PostgresServer } from './servers/postgres-server.ts'

/** Opens stages one after the other, on the same connections: making them takes longer than most tests. */
export class PostgresStages {
  readonly #server: PostgresServer
  readonly #schema: string
  readonly #own: Pool
  readonly #stores: readonly TransactionalStore<PoolClient>[]
  readonly #pools: readonly Pool[]

  private constructor(server: PostgresServer, schema: string) {
    this.#server = server
    this.#schema = schema
    const [own, ...pools] = [server.pool(schema), server.pool(schema), server.pool(schema)] as const
    this.#own = own.on('error', () => {}) // its connections die when the server is restarted
    this.#pools = [own, ...pools]
    this.#stores = pools.map(postgres)
  }

  /** In a schema of this name. */
  static async create(server: PostgresServer, schema: string): Promise<PostgresStages> {
    const stages = new PostgresStages(server, schema)
    await stages.#make()
    return stages
  }

  async #make(): Promise<void> {
    await this.#own.query(`CREATE SCHEMA ${this.#schema}`)
    await this.#own.query('CREATE TABLE notes (id serial, text text NOT NULL)')
    for (const store of this.#stores) await store.prepare()
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
      restart: async () => {
        await this.#server.kill()
        await this.#server.restart()
        return store
      },
      lose: async () => {
        await this.#own.query(`DROP SCHEMA ${this.#schema} CASCADE`)
        await this.#make()
        return store
      },
      close: async () => {},
    }
  }

  async end(): Promise<void> {
    for (const pool of this.#pools) await pool.end()
  }
}

const tables = ['dewar_sessions', 'dewar_once', 'notes']
