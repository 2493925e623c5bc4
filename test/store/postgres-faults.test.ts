import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { type PostgresPool, postgres } from '../../src/postgres.ts'
import type { Store, TransactionalStore } from '../../src/store/store.ts'
import { startStopwatch } from '../stopwatch.ts'
import { type PostgresServer, skipPostgres, startPostgres } from './servers/postgres-server.ts'
import {
  append,
  claim,
  completing,
  completion,
  creation,
  itemsOf,
  kept,
  known,
  make,
  newId,
  next,
  now,
  session,
  updating,
  withItem,
} from './stage.ts'
import { isUnavailable, refuses, rejectsInTime } from './unavailable.ts'

describe('PostgreSQL in trouble', { skip: skipPostgres }, () => {
  let server: PostgresServer
  let own: pg.Pool
  let store: TransactionalStore<pg.PoolClient>
  const pools: pg.Pool[] = []

  before(async () => {
    server = await startPostgres({ deadlock_timeout: '50ms' })
    own = server.pool('faults', { max: 16 })
    await own.query('CREATE SCHEMA faults; CREATE TABLE notes (id serial, text text NOT NULL)')
    store = postgres(own)
    await store.prepare()
  })
  after(async () => {
    server?.signal('SIGCONT')
    for (const pool of pools) await pool.end()
    await own?.end()
    await server?.stop()
  })
  beforeEach(async () => {
    await own.query('DELETE FROM dewar_sessions; DELETE FROM dewar_once; DELETE FROM notes')
  })
  const another = (config: pg.PoolConfig = {}, schema = 'faults'): pg.Pool => {
    const pool = server.pool(schema, config)
    pools.push(pool)
    return pool
  }

  it('that stands still is unavailable within two seconds, does nothing later, and works again by itself', async () => {
    const row = await make(store, { user: 'ada' })
    const key = newId()
    const fresh = postgres(another())
    await Promise.all(Array.from({ length: 16 }, () => own.query('SELECT pg_sleep(0.1)'))) // all connections are there
    server.signal('SIGSTOP')
    const calls: [string, () => Promise<unknown>][] = [
      ['begin', () => kept(store, row.family)],
      ['claim', () => claim(store, { key, owner: 'one' })],
      ['commit', () => store.commit(updating(withItem(row, 'late')))],
      ['create', () => store.commit(creation(session({ user: 'ada' })))],
      ['revoke', () => store.revoke({ user: 'ada' }, now)],
      ['list', () => store.list('ada', now)],
      ['count', () => store.count(now)],
      ['sweep', () => store.sweep(10, now)],
      ['transact', () => store.transact({ family: row.family, nowSeconds: now }, noting('late'))],
      ['prepare', () => store.prepare()],
      ['a first connection', () => fresh.prepare()],
    ]
    await Promise.all(calls.map(([name, call]) => rejectsInTime(call, name)))
    server.signal('SIGCONT')
    await pause(300)
    assert.deepEqual(await store.list('ada', now), [row])
    assert.equal(await known(store, key), null)
    assert.equal(await store.count(now), 1)
    assert.deepEqual(await notes(), [])
    assert.equal((await store.commit(updating(next(row)))).kind, 'committed')
    await fresh.prepare()
  })

  it('that stands still during COMMIT is unavailable within two seconds', async () => {
    const row = await make(store)
    const once = completion(newId())
    let stop = () => Infinity
    const work = async () => {
      server.signal('SIGSTOP')
      stop = startStopwatch()
      return { session: { kind: 'update', row: withItem(row, 'maybe') } } as const
    }
    const working = store.transact({ family: row.family, nowSeconds: now, once }, work)
    await assert.rejects(working, isUnavailable)
    assert.ok(stop() < 2000)
    server.signal('SIGCONT')
    const again = await store.transact({ family: row.family, nowSeconds: now, once }, async (_tx, found) => ({
      session: { kind: 'update', row: withItem(found ?? row, 'sure') },
    }))
    const items = itemsOf(await kept(store, row.family))
    assert.deepEqual(items, again.kind === 'lost' ? ['maybe'] : ['sure']) // one of the two, and who asks again is told
  })

  it('with a row that is locked for long is unavailable, and does nothing when it is free', async () => {
    const row = await make(store)
    const locking = await own.connect()
    await locking.query('BEGIN')
    await locking.query('SELECT 1 FROM dewar_sessions WHERE family = $1 FOR UPDATE', [row.family])
    await Promise.all([
      rejectsInTime(() => store.commit(updating(withItem(row, 'late'))), 'commit'),
      rejectsInTime(() => store.revoke({ family: row.family }, now), 'revoke'),
      rejectsInTime(() => store.transact({ family: row.family, nowSeconds: now }, noting('late')), 'transact'),
    ])
    assert.deepEqual(await kept(store, row.family), row) // who only reads waits for nobody
    assert.equal(await store.sweep(10, now + 10_000), 0) // nor does who sweeps
    await locking.query('COMMIT')
    locking.release()
    await pause(100)
    assert.deepEqual(await kept(store, row.family), row)
    assert.deepEqual(await notes(), [])
  })

  it('lets who sends the same wait for a slow transaction, longer than a lock is waited for, and tells them its answer', async () => {
    const key = newId()
    const asked = { family: newId(), nowSeconds: now, once: completion(key) }
    const slow = store.transact(asked, async () => {
      await pause(2500)
      return { answer: 'first' }
    })
    await pause(100)
    const same = await store.transact(asked, () => assert.fail('it was done already'))
    assert.deepEqual([(await slow).kind, same.kind], ['committed', 'lost'])
    assert.equal(same.kind === 'lost' ? same.once?.answer : null, 'first')
  })

  it('with no connection to spare is unavailable, and gives back the one that comes too late', async () => {
    const pool = another({ max: 1 })
    const narrow = postgres(pool)
    await narrow.prepare()
    const taken = await pool.connect()
    await rejectsInTime(() => kept(narrow, newId()), 'begin')
    taken.release()
    assert.equal(await kept(narrow, newId()), null)
    assert.equal(pool.totalCount, 1)
    assert.equal(pool.idleCount, 1)
  })

  it('that may only be read is unavailable to who writes', async () => {
    const row = await make(store)
    const reading = postgres(another({ options: '-c search_path=faults -c default_transaction_read_only=on' }))
    await rejectsInTime(() => reading.commit(updating(next(row))), 'commit')
    await rejectsInTime(() => claim(reading, { key: newId(), owner: 'one' }), 'claim')
    assert.deepEqual(await kept(reading, row.family), row)
  })

  it('that nobody answers for is unavailable', async () => {
    const nobody = postgres(another({ port: 1 }))
    await rejectsInTime(() => nobody.prepare(), 'prepare')
    await rejectsInTime(() => kept(nobody, newId()), 'begin')
  })

  it('that ends an idle connection does not end the process', async () => {
    const pool = another()
    const idle = postgres(pool)
    await idle.prepare()
    await own.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()')
    await pause(100)
    assert.equal(await kept(idle, newId()), null)
  })

  it('undoes one of two that lock each other out, and its work is run again', async () => {
    await own.query(`CREATE TABLE IF NOT EXISTS stock AS SELECT generate_series(1, 2) AS id, 0 AS taken`)
    let runs = 0
    let holding = 0
    let goOn = () => {}
    const bothHaveOne = new Promise<void>((resolve) => (goOn = resolve))
    const both: Promise<unknown>[] = []
    const take = (first: number, second: number) =>
      store.transact({ family: newId(), nowSeconds: now, once: completion(newId()) }, async (tx) => {
        runs += 1
        if (runs > 2) await Promise.race(both) // the other is through: else they may meet again
        await tx.query('UPDATE stock SET taken = taken + 1 WHERE id = $1', [first])
        if (++holding === 2) goOn()
        await bothHaveOne
        await tx.query('UPDATE stock SET taken = taken + 1 WHERE id = $1', [second])
        return {}
      })
    both.push(take(1, 2), take(2, 1))
    assert.deepEqual(await Promise.all(both), [{ kind: 'committed' }, { kind: 'committed' }])
    assert.equal(runs, 3)
    const { rows } = await own.query('SELECT taken FROM stock')
    assert.deepEqual(rows, [{ taken: 2 }, { taken: 2 }])
  })

  it('throws what the work throws when it collides 5 times', async () => {
    let runs = 0
    const failing = store.transact({ family: newId(), nowSeconds: now }, async (tx) => {
      runs += 1
      await tx.query(`DO $$ BEGIN RAISE EXCEPTION 'in the way' USING ERRCODE = '40001'; END $$`)
      return {}
    })
    await assert.rejects(failing, { code: '40001', message: 'in the way' })
    assert.equal(runs, 5)
  })

  it('throws what the app’s tables find wrong at COMMIT', async () => {
    await own.query('CREATE TABLE IF NOT EXISTS pairs (id int UNIQUE DEFERRABLE INITIALLY DEFERRED)')
    const key = newId()
    const failing = store.transact({ family: newId(), nowSeconds: now, once: completion(key) }, async (tx) => {
      await tx.query('INSERT INTO pairs VALUES (1), (1)')
      return {}
    })
    await assert.rejects(failing, { code: '23505' })
    assert.equal(await known(store, key), null)
  })

  it('takes no work that ends its transaction by itself', async () => {
    const row = await make(store)
    const ending = store.transact({ family: row.family, nowSeconds: now }, async (tx) => {
      await tx.query('COMMIT')
      return { session: { kind: 'update', row: withItem(row, 'outside') } }
    })
    await assert.rejects(ending, { code: 'app/option-invalid', message: /has ended it/ })
    assert.deepEqual(await kept(store, row.family), row)
    const nothing = store.transact({ family: row.family, nowSeconds: now }, (() => {}) as never)
    await assert.rejects(nothing, { code: 'app/option-invalid', message: /gave nothing back/ })
  })

  it('tells who has caught the error of a statement that nothing of the transaction can be kept', async () => {
    const row = await make(store)
    const caught = store.transact({ family: row.family, nowSeconds: now }, async (tx) => {
      await tx.query('INSERT INTO nowhere VALUES (1)').catch(() => {})
      return { session: { kind: 'update', row: withItem(row, 'after') } }
    })
    await assert.rejects(caught, { code: 'app/option-invalid', message: /has failed, and its error was caught/ })
    assert.deepEqual(await kept(store, row.family), row)
  })

  it('in a stricter isolation keeps what 20 parallel appends write', async () => {
    const strict = postgres(another({ options: '-c search_path=faults -c default_transaction_isolation=serializable' }))
    await strict.prepare()
    const { family } = await make(strict)
    await Promise.all(Array.from({ length: 20 }, (_, turn) => append(strict, { family, item: `${turn}` })))
    assert.equal(itemsOf(await kept(strict, family)).length, 20)
  })

  it('that trades durability for speed writes to disk what the store commits', async () => {
    await own.query(`
      CREATE TABLE IF NOT EXISTS seen (setting text);
      CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN INSERT INTO seen VALUES (current_setting('synchronous_commit')); RETURN NULL; END $$;
      CREATE CONSTRAINT TRIGGER see AFTER INSERT OR UPDATE OR DELETE ON dewar_sessions INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION see();
      CREATE CONSTRAINT TRIGGER see AFTER INSERT OR UPDATE OR DELETE ON dewar_once INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION see()`)
    const hasty = postgres(another({ options: '-c search_path=faults -c synchronous_commit=off', max: 1 }))
    const row = await make(hasty)
    await claim(hasty, { key: newId(), owner: 'one' })
    await hasty.commit(completing(newId()))
    await hasty.transact({ family: row.family, nowSeconds: now, once: completion(newId()) }, () => ({
      session: { kind: 'update', row: next(row) },
    }))
    await hasty.revoke({ family: row.family }, now)
    const { rows } = await own.query('SELECT setting, count(*)::int FROM seen GROUP BY 1')
    await own.query('DROP FUNCTION see CASCADE')
    assert.deepEqual(rows, [{ setting: 'on', count: 6 }])
  })

  async function notes(): Promise<string[]> {
    return (await own.query('SELECT text FROM notes')).rows.map(({ text }) => text)
  }
})

function noting(text: string) {
  return async (tx: pg.PoolClient) => {
    await tx.query('INSERT INTO notes (text) VALUES ($1)', [text])
    return {}
  }
}

describe('PostgreSQL at start', { skip: skipPostgres }, () => {
  let server: PostgresServer
  const pools: pg.Pool[] = []

  before(async () => {
    server = await startPostgres()
  })
  after(async () => {
    for (const pool of pools) await pool.end()
    await server?.stop()
  })
  const poolOn = async (schema: string, config: pg.PoolConfig = {}): Promise<pg.Pool> => {
    const pool = server.pool(schema, config)
    pools.push(pool)
    await pool.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`)
    return pool
  }

  it('is made ready by 8 at once', async () => {
    const stores: Store[] = []
    for (let turn = 0; turn < 8; turn++) stores.push(postgres(await poolOn('crowd')))
    await Promise.all(stores.map((store) => store.prepare()))
    for (const store of stores) await make(store)
    assert.equal(await stores[0]?.count(now), 8)
    const told = await Promise.all(stores.map((store) => store.begin({ family: newId(), nowSeconds: now })))
    assert.equal(new Set(told.map(({ incarnation }) => incarnation)).size, 1)
  })

  it('is refused when its tables are of a newer Dewar', async () => {
    const pool = await poolOn('newer')
    await postgres(pool).prepare()
    await pool.query('UPDATE dewar_schema SET version = 99')
    await refuses(postgres(pool).prepare(), /version 99, and this Dewar knows 1\. Run the newer Dewar/)
  })

  it('is refused when the tables are missing and may not be made, and not when they are there', async () => {
    const pool = await poolOn('rights')
    await pool.query('CREATE ROLE guest LOGIN; GRANT USAGE ON SCHEMA rights TO guest')
    const guest = server.pool('rights', { user: 'guest' })
    pools.push(guest)
    await refuses(postgres(guest).prepare(), /permission denied .* Let the role make tables/)
    await postgres(pool).prepare()
    await pool.query('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA rights TO guest')
    await postgres(guest).prepare()
    await make(postgres(guest))
  })

  it('is refused when its names are taken by something else', async () => {
    const pool = await poolOn('taken')
    await pool.query('CREATE TABLE dewar_sessions (id int)')
    await refuses(postgres(pool).prepare(), /"dewar_sessions" already exists/)
  })

  it('is refused when the database keeps no UTF-8', async () => {
    const pool = await poolOn('first')
    await pool.query(`CREATE DATABASE plain TEMPLATE template0 ENCODING 'SQL_ASCII'`)
    const plain = await poolOn('plain', { database: 'plain' })
    await refuses(postgres(plain).prepare(), /keeps its text as SQL_ASCII/)
  })

  it('is refused when it is older than 13', async () => {
    const client = Object.assign(new EventTarget(), {
      query: async () => ({ rows: [['120017', '12.17', 'UTF8', 'f', '0']] }),
      on: () => {},
      removeListener: () => {},
      release: () => {},
    })
    const old: PostgresPool = { connect: async () => client, on: () => {}, listenerCount: () => 1 }
    await refuses(postgres(old).prepare(), /PostgreSQL 12\.17 is too old: the store needs 13 or newer/)
  })

  it('asks for a pool, and says so', () => {
    const given = [undefined, null, 'postgres://localhost/app', {}, { connect: 1 }, new pg.Client()]
    for (const each of given) {
      assert.throws(() => postgres(each as never), {
        code: 'app/option-invalid',
        message:
          /takes a Pool of the package pg, not (undefined|null|a string|this object|a single Client).*\(new pg\.Pool/,
      })
    }
  })

  it('is asked once a call, and four times a transaction', async () => {
    await poolOn('rounds')
    const pool = server.pool('rounds')
    pools.push(pool)
    let rounds = 0
    pool.on('connect', (client) => {
      const query = client.query.bind(client) as (...given: unknown[]) => unknown
      Object.assign(client, {
        query: (...given: unknown[]) => {
          rounds += 1
          return query(...given)
        },
      })
    })
    const store = postgres(pool)
    await store.prepare()
    const row = session({ user: 'ada' })
    const once = completion(newId())
    const costs = async (call: Promise<unknown>): Promise<number> => {
      const before = rounds
      await call
      return rounds - before
    }
    assert.equal(await costs(store.commit(creation(row))), 1)
    assert.equal(await costs(kept(store, row.family)), 1)
    assert.equal(await costs(known(store, newId())), 1)
    assert.equal(await costs(claim(store, { key: newId(), owner: 'one' })), 1)
    assert.equal(await costs(store.commit({ ...updating(next(row)), once: { kind: 'complete', ...once } })), 1)
    assert.equal(await costs(store.commit({ ...updating(next(row)), once: { kind: 'complete', ...once } })), 1)
    assert.equal(await costs(store.commit(updating(row))), 1)
    assert.equal(await costs(store.list('ada', now)), 1)
    assert.equal(await costs(store.count(now)), 1)
    assert.equal(await costs(store.sweep(10, now)), 1)
    assert.equal(await costs(store.transact({ family: row.family, nowSeconds: now }, () => ({}))), 4)
    assert.equal(await costs(store.revoke({ user: 'ada' }, now)), 1)
    assert.equal(await costs(store.commit({ family: row.family, nowSeconds: now })), 0)
    // A store that was not made ready here learns the server's clock from its first answer.
    const writes: ((store: TransactionalStore<pg.PoolClient>) => Promise<unknown>)[] = [
      (fresh) => claim(fresh, { key: newId(), owner: 'one' }),
      (fresh) => make(fresh),
      (fresh) => fresh.revoke({ all: true }, now),
    ]
    for (const write of writes) {
      const fresh = postgres(pool)
      assert.equal(await costs(write(fresh)), 2)
      assert.equal(await costs(write(fresh)), 1)
    }
    const fresh = postgres(pool)
    const transacting = () => fresh.transact({ family: newId(), nowSeconds: now }, () => ({}))
    assert.equal(await costs(transacting()), 3 + 4) // BEGIN, too late, ROLLBACK
    assert.equal(await costs(transacting()), 4)
  })
})
