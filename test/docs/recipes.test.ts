import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, it } from 'node:test'
import { drizzle } from 'drizzle-orm/node-postgres'
import type { Pool } from 'pg'
import { Dewar } from '../../src/index.ts'
import { postgres } from '../../src/postgres.ts'
import { sqlite } from '../../src/sqlite.ts'
import { browser } from '../../src/testing.ts'
import { type PostgresServer, skipPostgres, startPostgres } from '../store/servers/postgres-server.ts'
import { Programs } from './programs.ts'

// / <p>Your orders: none.</p><form method="post" action="/"><input type="hidden" name="_token" value="…">
//   <input type="number" name="count" min="1" max="9"><button>Order</button></form>

/** Runs statements on the database of a program, and gives the only value of the last one. */
type Database = (statement: string) => Promise<unknown>

interface Program {
  readonly app: Dewar
  readonly database: Database
}

const programs = new Programs('docs/recipes.md')
after(() => programs.remove())

async function sqliteProgram(name: string): Promise<Program> {
  const { default: app, database } = await programs.run(name)
  assert.ok(app instanceof Dewar && database instanceof DatabaseSync)
  return {
    app,
    database: async (statement) => Object.values(database.prepare(statement).get() ?? {})[0],
  }
}

async function postgresProgram(name: string): Promise<Program & { readonly pool: Pool }> {
  const { default: app, pool } = await programs.run(name)
  assert.ok(app instanceof Dewar && isPool(pool))
  return {
    app,
    pool,
    database: async (statement) => Object.values((await pool.query(statement)).rows[0] ?? {})[0],
  }
}

function isPool(value: unknown): value is Pool {
  return typeof value === 'object' && value !== null && 'query' in value
}

async function assertTogether({ app, database }: Program): Promise<void> {
  const count = async (what: string): Promise<number> => Number(await database(`SELECT ${what}`))
  const state = async (): Promise<readonly number[]> => [
    await count('stock FROM shelf'),
    await count('count(*) FROM orders'),
    await count("count(*) FROM dewar_once WHERE state = 'done'"),
  ]
  await database("INSERT INTO shelf (sku, stock) VALUES ('tea', 5)")
  const ada = browser(app)
  const page = (await ada.open('/')).fill({ count: 2 })
  const [first, second] = await Promise.all([page.submit('Order'), page.submit('Order')])
  for (const { text } of [first, second]) assert.match(text, /Your orders: 1\./)
  assert.deepEqual(await state(), [3, 1, 1])

  const refused = await (await ada.open('/')).fill({ count: 4 }).submit('Order')
  assert.equal(refused.status, 422)
  assert.match(refused.text, /Your orders: 1\. .*There is not so much tea\./)
  assert.deepEqual(await state(), [3, 1, 1])

  const bob = browser(app)
  const form = (await bob.open('/')).fill({ count: 1 })
  await database('ALTER TABLE orders RENAME TO away') // the second statement throws
  assert.equal((await form.submit('Order')).status, 500)
  await database('ALTER TABLE away RENAME TO orders')
  assert.deepEqual(await state(), [3, 1, 1])
  assert.match((await bob.open('/')).text, /Your orders: none\./)
  assert.match((await form.submit('Order')).text, /Your orders: \d+\./) // the same form, for it was not sent
  assert.deepEqual(await state(), [2, 2, 2])
}

describe('docs/recipes.md', () => {
  it('has programs that compile, and no others', async () => {
    assert.deepEqual(programs.names, [
      'drizzle-sqlite.ts',
      'kysely-sqlite.ts',
      'refused.ts',
      'drizzle-postgres.ts',
      'kysely-postgres.ts',
    ])
    assert.deepEqual(programs.nameless, [])
    assert.equal(await programs.compile(), '')
  })

  for (const name of ['drizzle-sqlite.ts', 'kysely-sqlite.ts']) {
    it(`keeps the effect, the session and the submission together in ${name}, and undoes them together`, async (t) => {
      t.mock.method(console, 'error', () => {})
      await assertTogether(await sqliteProgram(name))
    })
  }

  it('refuses work that is awaited on SQLite, says how to write it, and keeps nothing of it', async (t) => {
    const { mock } = t.mock.method(console, 'error', () => {})
    const { app, database } = await sqliteProgram('refused.ts')
    const page = (await browser(app).open('/')).fill({ count: 1 })
    assert.equal((await page.submit()).status, 500)
    assert.match(
      mock.calls.map(({ arguments: [line] }) => String(line)).join('\n'),
      /The work of a transaction on SQLite gave back a promise\. What it had done by then is undone; what it does later is outside of it\. Write it without async and await/,
    )
    assert.equal(await database('SELECT count(*) FROM orders'), 0)
    assert.equal(await database('SELECT count(*) FROM dewar_once'), 0)
  })

  it('says rightly that what awaited work does after its first await stays', async (t) => {
    t.mock.method(console, 'error', () => {})
    const database = new DatabaseSync(':memory:')
    database.exec('CREATE TABLE notes (text TEXT)')
    const app = new Dewar({ store: sqlite(database) })
    app.post('/', ({ commit }) =>
      // @ts-expect-error work on SQLite is synchronous
      commit(async (tx) => {
        tx.exec("INSERT INTO notes VALUES ('before')")
        await Promise.resolve()
        tx.exec("INSERT INTO notes VALUES ('after')")
        return 'done'
      }),
    )
    assert.equal((await app.fetch(posted())).status, 500)
    assert.deepEqual(database.prepare('SELECT text FROM notes').all().map(Object.values), [['after']])
  })

  describe('on PostgreSQL', { skip: skipPostgres }, () => {
    let server: PostgresServer
    before(async () => {
      server = await startPostgres()
    })
    after(() => server.stop())

    for (const name of ['drizzle-postgres.ts', 'kysely-postgres.ts']) {
      it(`keeps the effect, the session and the submission together in ${name}, and undoes them together`, async (t) => {
        t.mock.method(console, 'error', () => {})
        const schema = name.replace('-postgres.ts', '')
        const own = server.pool(schema)
        await own.query(`CREATE SCHEMA ${schema}`)
        await own.end()
        const options = encodeURIComponent(`-c search_path=${schema}`)
        process.env.DATABASE_URL = `postgres://app@127.0.0.1:${server.port}/postgres?options=${options}`
        const program = await postgresProgram(name)
        await assertTogether(program)
        await program.pool.end()
      })
    }

    it('says rightly that a transaction within the transaction ends it, is told, and stays', async (t) => {
      const { mock } = t.mock.method(console, 'error', () => {})
      const pool = server.pool('public')
      await pool.query('CREATE TABLE notes (text text)')
      const app = new Dewar({ store: postgres(pool) })
      app.post('/', ({ commit }) =>
        commit(async (tx) => {
          await drizzle(tx).transaction((own) => own.execute("INSERT INTO notes VALUES ('inside')"))
          return 'done'
        }),
      )
      assert.equal((await app.fetch(posted())).status, 500)
      const said = mock.calls.map(({ arguments: [line] }) => String(line)).join('\n')
      assert.match(said, /The work of a transaction has ended it\./)
      assert.deepEqual((await pool.query('SELECT text FROM notes')).rows, [{ text: 'inside' }])
      await pool.end()
    })
  })
})

function posted(): Request {
  return new Request('http://localhost/', { method: 'POST', headers: { 'sec-fetch-site': 'same-origin' } })
}
