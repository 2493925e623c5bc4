import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { Pool, PoolClient } from 'pg'
import { postgres } from '../../src/postgres.ts'
import type { Outcome, TransactionalStore } from '../../src/store/store.ts'
import { type LossyLine, openLossyLine } from './servers/lossy-line.ts'
import { type PostgresServer, skipPostgres, startPostgres } from './servers/postgres-server.ts'
import {
  claim,
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
import { isUnavailable, rejectsInTime } from './unavailable.ts'

describe('a connection to PostgreSQL that is cut', { skip: skipPostgres }, () => {
  let server: PostgresServer
  let line: LossyLine
  let own: Pool
  let lossyPool: Pool
  let store: TransactionalStore<PoolClient>
  let lossy: TransactionalStore<PoolClient>

  before(async () => {
    server = await startPostgres()
    own = server.pool('cut')
    await own.query('CREATE SCHEMA cut; CREATE TABLE notes (id serial, text text NOT NULL)')
    store = postgres(own)
    await store.prepare()
    line = await openLossyLine(server.port)
    lossyPool = server.pool('cut', { port: line.port, max: 2 })
    lossy = postgres(lossyPool)
    await lossy.prepare()
  })
  after(async () => {
    await line?.stop()
    await lossyPool?.end()
    await own?.end()
    await server?.stop()
  })
  beforeEach(async () => {
    await own.query('DELETE FROM dewar_sessions; DELETE FROM dewar_once; DELETE FROM notes')
  })
  const notes = async () => (await own.query('SELECT text FROM notes ORDER BY id')).rows.map(({ text }) => text)
  const noting = async (tx: PoolClient, text: string) => {
    await tx.query('INSERT INTO notes (text) VALUES ($1)', [text])
  }

  for (const what of ['question', 'answer'] as const) {
    it(`before the ${what} of a commit arrives makes no difference: it is done, once`, async () => {
      const row = await make(store)
      const once = { kind: 'complete', ...completion(newId()) } as const
      const changes = [
        updating(withItem(row, 'a')),
        { ...updating(withItem(withItem(row, 'a'), 'b')), once },
        { family: newId(), nowSeconds: now, once: { ...once, key: newId() } },
        creation(session()),
        { family: row.family, nowSeconds: now, session: { kind: 'end' } } as const,
      ]
      for (const change of changes) {
        const isMade = change.session?.kind === 'create'
        if (isMade && what === 'answer') line.lose({ text: 'dewar-1-commit', what })
        else if (!isMade) line.lose({ text: 'dewar-1-commit', what })
        const before = line.losses
        assert.deepEqual(await lossy.commit(change), { kind: 'committed' }, JSON.stringify(change))
        if (!isMade) assert.equal(line.losses, before + 1)
      }
      assert.equal(await kept(store, row.family), null)
      assert.equal((await known(store, once.key))?.state, 'done')
    })
  }

  it('before the answer to a commit arrives is no conflict with who writes the session meanwhile', async () => {
    const row = await make(store)
    const mine = withItem(row, 'mine')
    const theirs = withItem(mine, 'theirs')
    line.lose({ text: 'dewar-1-commit', what: 'answer', meanwhile: () => store.commit(updating(theirs)) })
    assert.deepEqual(await lossy.commit(updating(mine)), { kind: 'committed' })
    assert.deepEqual(itemsOf(await kept(store, row.family)), ['mine', 'theirs'])
  })

  it('is not said to be either way when what came after does not tell', async () => {
    const row = await make(store)
    const mine = withItem(row, 'mine')
    const meanwhile = async () => {
      for (let newest = mine, turn = 0; turn < 9; turn++) {
        newest = withItem(newest, `${turn}`)
        await store.commit(updating(newest))
      }
    }
    line.lose({ text: 'dewar-1-commit', what: 'answer', meanwhile })
    await rejectsInTime(() => lossy.commit(updating(mine)), 'commit')
  })

  it('does not bring back a session that was made and ended meanwhile', async () => {
    const row = session()
    line.lose({ text: 'dewar-1-commit', what: 'answer', meanwhile: () => store.revoke({ family: row.family }, now) })
    await rejectsInTime(() => lossy.commit(creation(row)), 'commit')
    assert.equal(await kept(store, row.family), null)
  })

  it('before the answer to a claim arrives leaves it theirs', async () => {
    const key = newId()
    line.lose({ text: 'dewar-1-claim', what: 'answer' })
    assert.equal((await claim(lossy, { key, owner: 'one' })).isMine, true)
    assert.equal(line.losses > 0 && (await claim(store, { key, owner: 'two' })).isMine, false)
  })

  it('before the answer to COMMIT arrives is asked about: it was done', async () => {
    const row = await make(store)
    const key = newId()
    line.lose({ text: 'COMMIT\0', what: 'answer' })
    const before = line.losses
    const outcome = await lossy.transact({ family: row.family, nowSeconds: now, once: completion(key) }, async (tx) => {
      await noting(tx, 'order')
      return { session: { kind: 'update', row: withItem(row, 'order') } }
    })
    assert.equal(line.losses, before + 1)
    assert.deepEqual(outcome, { kind: 'committed' })
    assert.deepEqual(await notes(), ['order'])
    assert.equal((await known(store, key))?.state, 'done')
  })

  it('before COMMIT arrives is asked about: it was not done', async () => {
    const row = await make(store)
    const key = newId()
    line.lose({ text: 'COMMIT\0', what: 'question' })
    await rejectsInTime(
      () =>
        lossy.transact({ family: row.family, nowSeconds: now, once: completion(key) }, async (tx) => {
          await noting(tx, 'order')
          return {}
        }),
      'transact',
    )
    assert.deepEqual(await notes(), [])
    assert.equal(await known(store, key), null)
  })

  it('before the work begins makes no difference', async () => {
    for (const [text, what] of [
      ['BEGIN', 'question'],
      ['BEGIN', 'answer'],
      ['dewar-1-enter', 'question'],
      ['dewar-1-enter', 'answer'],
    ] as const) {
      line.lose({ text, what })
      const before = line.losses
      const once = completion(newId())
      const outcome = await lossy.transact({ family: newId(), nowSeconds: now, once }, async (tx) => {
        await noting(tx, 'order')
        return {}
      })
      assert.deepEqual(outcome, { kind: 'committed' })
      assert.equal(line.losses, before + 1)
    }
    assert.equal((await notes()).length, 4)
  })

  it('while the work runs is unavailable, not what the work threw', async () => {
    const family = newId()
    const cutting = lossy.transact({ family, nowSeconds: now }, async (tx) => {
      const { rows } = await tx.query('SELECT pg_backend_pid() AS pid')
      await own.query('SELECT pg_terminate_backend($1)', [rows[0].pid])
      await noting(tx, 'order')
      return {}
    })
    await assert.rejects(cutting, isUnavailable)
    const idle = lossy.transact({ family, nowSeconds: now }, async (tx) => {
      await noting(tx, 'order')
      const { rows } = await tx.query('SELECT pg_backend_pid() AS pid')
      await own.query('SELECT pg_terminate_backend($1)', [rows[0].pid])
      await pause(50)
      return {}
    })
    await assert.rejects(idle, isUnavailable)
    assert.deepEqual(await notes(), [])
  })

  it('by the server in the middle of COMMIT is asked about: it was done', async () => {
    await setting("synchronous_standby_names = 'nobody'") // COMMIT is on disk, and waits for ever for its copy
    try {
      const working = store.transact({ family: newId(), nowSeconds: now }, async (tx) => {
        await noting(tx, 'kept')
        return {}
      })
      await terminated("wait_event = 'SyncRep'")
      assert.deepEqual(await working, { kind: 'committed' })
      assert.deepEqual(await notes(), ['kept'])
    } finally {
      await setting("synchronous_standby_names = ''")
    }
  })

  it('by the server in the middle of COMMIT is asked about: it was not done', async () => {
    await own.query(`
      CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(5); RETURN NULL; END $$;
      CREATE CONSTRAINT TRIGGER slowly AFTER INSERT ON notes INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION slowly()`)
    try {
      const working = store.transact({ family: newId(), nowSeconds: now }, async (tx) => {
        await noting(tx, 'undone')
        return {}
      })
      working.catch(() => {})
      await terminated("wait_event = 'PgSleep'")
      await rejectsInTime(() => working, 'transact')
      assert.deepEqual(await notes(), [])
    } finally {
      await own.query('DROP TRIGGER slowly ON notes; DROP FUNCTION slowly')
    }
  })

  it('again and again while many write loses nothing and doubles nothing', async () => {
    const { family } = await make(store)
    const pools = [server.pool('cut'), server.pool('cut')]
    const stores = pools.map(postgres)
    for (const each of stores) await each.prepare()
    const told: string[] = []
    const refused: unknown[] = []
    const untilMs = performance.now() + 3000
    const isOver = () => performance.now() > untilMs
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let turn = 0; !isOver(); turn++) {
        const item = `${writer}-${turn}`
        const each = stores[writer % 2] ?? store
        const writing = writer < 4 ? append(each, family, item) : appendIn(each, family, item)
        await writing.then(
          () => told.push(item),
          (error) => refused.push(error),
        )
      }
    })
    const cutter = (async () => {
      while (!isOver()) {
        await pause(80 + Math.random() * 60)
        await own.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND query LIKE '%dewar%' AND random() < 0.3`)
      }
    })()
    await Promise.all([...writers, cutter])
    const items = itemsOf(await kept(store, family))
    for (const pool of pools) await pool.end()
    assert.ok(refused.every(isUnavailable), String(refused.find((error) => !isUnavailable(error))))
    assert.equal(new Set(items).size, items.length, 'nothing is there twice')
    assert.deepEqual(
      told.filter((item) => !items.includes(item)),
      [],
    )
    assert.ok(told.length > 20, `${told.length} told, ${refused.length} refused`)
    const noted = new Set(await notes())
    assert.deepEqual(
      items.filter((item) => Number(item[0]) >= 4 && !noted.has(item)),
      [],
    )
    assert.equal(noted.size, items.filter((item) => Number(item[0]) >= 4).length)
  })

  async function append(each: TransactionalStore<PoolClient>, family: string, item: string): Promise<Outcome> {
    let row = await kept(each, family)
    for (;;) {
      assert.ok(row)
      const outcome = await each.commit(updating(withItem(row, item)))
      if (outcome.kind !== 'conflict') return outcome
      row = outcome.session
      await pause(Math.random() * 10)
    }
  }

  async function appendIn(each: TransactionalStore<PoolClient>, family: string, item: string): Promise<void> {
    const outcome = await each.transact({ family, nowSeconds: now }, async (tx, row) => {
      assert.ok(row)
      await noting(tx, item)
      return { session: { kind: 'update', row: withItem(row, item) } }
    })
    assert.deepEqual(outcome, { kind: 'committed' })
  }

  async function setting(assignment: string): Promise<void> {
    await own.query(`ALTER SYSTEM SET ${assignment}`)
    await own.query('SELECT pg_reload_conf()')
    await pause(200)
  }

  // Ends the connections that wait for something, as soon as there is one.
  async function terminated(where: string): Promise<void> {
    for (let ended = 0; ended === 0; await pause(10)) {
      const found = await own.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${where}`)
      ended = found.rowCount ?? 0
    }
  }

  void next
})
