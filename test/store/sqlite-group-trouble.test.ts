import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import { describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { Work } from '../../src/store/store.ts'
import { skipWithout } from '../browser/needs.ts'
import { noting, openCounted, together } from './sqlite-group-stage.ts'
import { openFile } from './sqlite-stage.ts'
import { completing, creation, kept, known, make, newId, now, on, session, tally } from './stage.ts'
import { startWorker, type Worker } from './workers.ts'

const full = () => Object.assign(new Error('database or disk is full'), { errcode: 13 })

describe('a commit that fails', () => {
  it('is told to all who share it, whatever they came to, and nothing of theirs is kept', () =>
    on(openCounted, async (stage) => {
      const { store } = stage
      const [key, row] = [newId(), session()]
      const asks = [
        noting(store, 'kept', { key }),
        noting(store, 'lost', { key }),
        noting(store, 'abandoned', { more: () => null }),
        noting(store, 'thrown', { more: () => throwIt('sold out by the first') }),
        () => store.commit(creation(row)),
      ]
      const before = await store.count(now)
      const heard = await together(stage, asks, () => stage.failNext(full()))
      assert.deepEqual(heard, Array(5).fill('store/unavailable'))
      assert.deepEqual(await stage.notes(), [])
      assert.equal(await known(store, key), null)
      assert.equal(await kept(store, row.family), null)
      assert.equal(await store.count(now), before + 1)
      assert.deepEqual(await together(stage, asks), [
        'committed',
        'lost',
        'abandoned',
        'sold out by the first',
        'committed',
      ])
      assert.equal(stage.takeCommits(), 1)
    }))

  it(
    'because the disk takes no more is told to all of them, and later they are kept',
    {
      skip: skipWithout('/usr/bin/prlimit'),
    },
    () =>
      on(openFile, async ({ path, store }) => {
        const worker = startWorker(path, { before: ['prlimit', '--fsize=300000:unlimited', '--'] })
        try {
          await worker.store.prepare()
          const rows = Array.from({ length: 60 }, () => session({ content: 'x'.repeat(20_000) }))
          const create = () =>
            Promise.all(
              rows.map((row) => worker.store.commit(creation(row)).then(String, (error) => String(error.code))),
            )
          const told = await create()
          const there = await Promise.all(rows.map(({ family }) => kept(store, family)))
          assert.deepEqual(
            told.map((word) => word !== 'store/unavailable'),
            there.map((row) => row !== null),
          )
          assert.ok(told.includes('store/unavailable'))
          spawnSync('prlimit', ['--pid', String(worker.pid), '--fsize=unlimited:unlimited'])
          assert.ok(!(await create()).includes('store/unavailable'))
          assert.equal(await store.count(now), 60)
        } finally {
          await worker.end()
        }
      }),
  )

  it('because of a constraint that one of them breaks is told to that one alone', () =>
    on(openCounted, async (stage) => {
      const { store } = stage
      stage.own.exec('CREATE TABLE parents (id INTEGER PRIMARY KEY)')
      stage.own.exec(
        'CREATE TABLE children (parent INTEGER REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED); PRAGMA foreign_keys = ON',
      )
      const orphan = (tx: DatabaseSync): Work => {
        tx.exec('INSERT INTO children VALUES (7)')
        return {}
      }
      const heard = await together(stage, [
        noting(store, 'one'),
        noting(store, 'orphan', { more: orphan }),
        noting(store, 'two'),
      ])
      assert.deepEqual(heard, ['committed', 'store/unavailable', 'committed'])
      assert.deepEqual(await stage.notes(), ['one', 'two'])
    }))
})

describe('work that ends the transaction it shares', () => {
  // What it says of itself is what it says when it is alone: see “that its own work ends is not said to be committed”.
  const endings = ['COMMIT', 'ROLLBACK', 'COMMIT; BEGIN', 'ROLLBACK; BEGIN', 'ROLLBACK; BEGIN; SAVEPOINT dewar']
  for (const sql of endings) {
    it(`by ${sql} spoils nobody else’s, and each is done once`, () =>
      on(openCounted, async (stage) => {
        const { store } = stage
        const [key, row] = [newId(), session()]
        const end = (outcome: Work) => (tx: DatabaseSync) => {
          tx.exec(sql)
          return outcome
        }
        const heard = await together(stage, [
          noting(store, 'one', { key }),
          () => store.commit(creation(row)),
          noting(store, 'one again', { key }),
          noting(store, 'ends it', { more: end({}) }),
          noting(store, 'two'),
          noting(store, 'ends it and gives up', { more: end(null) }),
          noting(store, 'three'),
        ])
        const others = heard.filter((_, at) => at !== 3 && at !== 5)
        assert.deepEqual(others, ['committed', 'committed', 'lost', 'committed', 'committed'])
        const notes = (await stage.notes()).filter((text) => !text.startsWith('ends it'))
        assert.deepEqual(notes.toSorted(), ['one', 'three', 'two'])
        assert.deepEqual(await kept(store, row.family), row)
        assert.equal((await known(store, key))?.answer, 'one')
      }))
  }

  it('by closing the connection has nobody told that something is committed that is not', () =>
    on(openFile, async (stage) => {
      const { store } = stage
      const closing = (tx: DatabaseSync): Work => {
        tx.close()
        return {}
      }
      const asks = [noting(store, 'one'), noting(store, 'closes', { more: closing }), noting(store, 'two')]
      const heard = await together({ store, takeCommits: () => 0 }, asks)
      assert.deepEqual(heard, ['store/unavailable', 'store/unavailable', 'committed'])
      assert.deepEqual(await stage.notes(), ['two'])
    }))

  it('by a full disk, of which it takes no notice, undoes itself alone', () =>
    on(openCounted, async (stage) => {
      const { store } = stage
      await make(store)
      const careless = (tx: DatabaseSync): Work => {
        const { page_count: pages } = tx.prepare('PRAGMA page_count').get() ?? {}
        tx.exec(`PRAGMA max_page_count = ${Number(pages) + 2}`)
        try {
          tx.prepare('INSERT INTO notes VALUES (?)').run('x'.repeat(1_000_000))
        } catch {}
        tx.exec('PRAGMA max_page_count = 1000000')
        return {}
      }
      const heard = await together(stage, [
        noting(store, 'one'),
        noting(store, 'careless', { more: careless }),
        noting(store, 'two'),
      ])
      assert.deepEqual(heard, ['committed', 'store/unavailable', 'committed'])
      assert.deepEqual((await stage.notes()).toSorted(), ['one', 'two'])
    }))
})

describe('when the store’s own tables vanish', () => {
  it('one write hears of it, and those that came with it are kept in new ones', () =>
    on(openFile, async ({ store, connect }) => {
      await make(store)
      connect().exec('DROP TABLE dewar_sessions; DROP TABLE dewar_once; DROP TABLE dewar_schema')
      const row = session()
      const first = store.commit(completing(newId()))
      const others = [store.commit(creation(row)), store.commit(completing(newId()))]
      await assert.rejects(first, { code: 'store/unavailable' })
      assert.deepEqual(tally(await Promise.all(others)), { committed: 2 })
      assert.deepEqual(await kept(store, row.family), row)
    }))
})

describe('processes on one SQLite file whose writes come together', () => {
  it('let another one write, which waits no longer than it said', () =>
    on(openFile, async ({ path, store }) => {
      const other = startWorker(path)
      await other.store.prepare()
      let isOver = false
      const writers = Array.from({ length: 64 }, async () => {
        while (!isOver) await make(store)
      })
      const tries: string[] = []
      for (let turn = 0; turn < 10; turn++) tries.push((await other.store.commit(creation(session()))).kind)
      isOver = true
      await Promise.all(writers)
      await other.end()
      assert.deepEqual(tries, Array(10).fill('committed'))
    }))

  it(
    'lose nothing that was acknowledged when they are killed, with 64 submissions in flight',
    { timeout: 120_000 },
    () =>
      on(openFile, async ({ path, connect, notes }) => {
        const told: string[] = []
        for (let round = 0; round < 3; round++) told.push(...(await crowdUntilKilled(path)))
        assert.ok(told.length > 200, `${told.length} told`)
        const texts = await notes()
        const there = new Set(texts)
        assert.deepEqual(
          told.filter((key) => !there.has(key)),
          [],
          'acknowledged and lost',
        )
        assert.equal(there.size, texts.length, 'once')
        const own = connect()
        const done = own.prepare('SELECT key FROM dewar_once WHERE answer = key').all()
        assert.deepEqual(done.map(({ key }) => String(key)).toSorted(), texts.toSorted(), 'both or neither')
        assert.equal(own.prepare('PRAGMA integrity_check').get()?.integrity_check, 'ok')
      }),
  )
})

/** Has two processes submit until they are killed, and gives what they have said is done. */
async function crowdUntilKilled(path: string): Promise<readonly string[]> {
  const doomed: readonly Worker[] = [startWorker(path), startWorker(path)]
  for (const worker of doomed) worker.order({ kind: 'crowd', inFlight: 64 }).catch(() => {})
  while (doomed.some(({ submitted }) => submitted.length < 64)) await pause(5)
  for (const worker of doomed) {
    await pause(randomInt(20, 150))
    await worker.end('SIGKILL')
  }
  return doomed.flatMap(({ submitted }) => submitted)
}

function throwIt(message: string): never {
  throw new Error(message)
}
