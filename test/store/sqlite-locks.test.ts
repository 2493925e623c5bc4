import assert from 'node:assert/strict'
import { performance } from 'node:perf_hooks'
import { describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { DewarError } from '../../src/errors/dewar-error.ts'
import { sqlite } from '../../src/sqlite.ts'
import { startStopwatch } from '../stopwatch.ts'
import { openFile, openSqlite } from './sqlite-stage.ts'
import { claim, completing, creation, kept, make, newId, next, now, on, session, updating } from './stage.ts'

describe('while another connection holds the write lock', () => {
  it('a write waits for it, without stopping the process', () =>
    on(openFile, async ({ store, connect }) => {
      const other = connect()
      other.exec('BEGIN IMMEDIATE')
      const row = session()
      const writing = store.commit(creation(row))
      await pause(300)
      assert.equal(await kept(store, row.family), null)
      other.exec('COMMIT')
      assert.deepEqual(await writing, { kind: 'committed' })
      assert.deepEqual(await kept(store, row.family), row)
    }))

  it('every write is told within two seconds that there is no store, and nothing else waits meanwhile', () =>
    on(openFile, async ({ path, store, connect }) => {
      const row = await make(store, { expiresSeconds: now + 10 })
      const other = connect()
      other.exec('BEGIN IMMEDIATE')
      const before = performance.eventLoopUtilization()
      const gaps = watchGaps()
      const start = performance.now()
      const stop = startStopwatch()
      const writes = [
        store.commit(updating(next(row))),
        store.commit(completing(newId())),
        claim(store, { key: newId(), owner: 'one' }),
        store.revoke({ family: row.family }, now),
        store.sweep(10, now + 10),
        store.transact({ family: row.family, nowSeconds: now }, () => ({})),
        sqlite(path).prepare(),
        ...Array.from({ length: 500 }, () => store.commit(creation(session()))),
      ]
      await Promise.all(writes.map((write) => assertUnavailable(write)))
      const waited = performance.now() - start
      const { active } = performance.eventLoopUtilization(before)
      assert.ok(waited > 1400, `${waited} ms`)
      assert.ok(stop() < 2000, `${waited} ms`)
      assert.ok(gaps() < 400, `nothing else happened for ${gaps()} ms`)
      assert.ok(active < 700, `busy for ${active} ms of ${waited}`)

      other.exec('ROLLBACK')
      assert.deepEqual(await kept(store, row.family), row)
      assert.equal(await store.count(now), 1)
      assert.deepEqual(await store.commit(updating(next(row))), { kind: 'committed' })
    }))

  it('reading goes on', () =>
    on(openFile, async ({ store, connect }) => {
      const row = await make(store, { user: 'ada' })
      const key = newId()
      const { once, incarnation } = await claim(store, { key, owner: 'one' })
      const other = connect()
      other.exec('BEGIN IMMEDIATE')
      other.exec('DELETE FROM dewar_sessions')
      const start = performance.now()
      assert.deepEqual(await kept(store, row.family), row)
      assert.deepEqual(await store.list('ada', now), [row])
      assert.equal(await store.count(now), 1)
      assert.equal(await store.sweep(10, now), 0)
      const lost = await claim(store, { key, owner: 'two', family: row.family })
      assert.deepEqual(lost, { session: row, once, isMine: false, incarnation })
      assert.ok(performance.now() - start < 1000)
      other.exec('ROLLBACK')
    }))

  it('those who wait are served in the order in which they came', () =>
    on(openFile, async ({ store, connect }) => {
      const other = connect()
      other.exec('BEGIN IMMEDIATE')
      const done: number[] = []
      const writes = Array.from({ length: 20 }, async (_, turn) => {
        await store.commit(creation(session()))
        done.push(turn)
      })
      await pause(50)
      other.exec('COMMIT')
      await Promise.all(writes)
      assert.deepEqual(
        done,
        done.toSorted((one, another) => one - another),
      )
    }))

  it('closing lets those who wait go first', async () => {
    await on(openFile, async ({ store, path, connect }) => {
      const closing = sqlite(path)
      const row = session()
      const other = connect()
      other.exec('BEGIN IMMEDIATE')
      const writing = closing.commit(creation(row))
      const closed = closing.close()
      await pause(50)
      other.exec('COMMIT')
      assert.deepEqual(await writing, { kind: 'committed' })
      await closed
      await assertUnavailable(closing.commit(creation(session())))
      assert.deepEqual(await kept(store, row.family), row)
    })
  })
})

describe('on a connection of the app', () => {
  const openPatient = () =>
    openSqlite(({ connect }) => {
      const own = connect()
      own.exec('PRAGMA busy_timeout = 5000')
      return sqlite(own)
    })

  it('its own patience with locks does not stop the process, and stays as it was', () =>
    on(openPatient, async ({ store, connect }) => {
      const other = connect()
      other.exec('BEGIN IMMEDIATE')
      const gaps = watchGaps()
      await assertUnavailable(store.commit(creation(session())))
      assert.ok(gaps() < 400, `nothing else happened for ${gaps()} ms`)
      other.exec('ROLLBACK')
      await store.transact({ family: newId(), nowSeconds: now }, (tx) => {
        assert.equal(tx.prepare('PRAGMA busy_timeout').get()?.timeout, 5000)
        return {}
      })
    }))

  it('a transaction that the app has left open is waited for, never joined', () =>
    on(openFile, async ({ connect }) => {
      const own = connect()
      const store = sqlite(own)
      await store.prepare()
      const row = session()
      own.exec('BEGIN')
      const writing = store.commit(creation(row))
      await pause(50)
      assert.equal(await kept(store, row.family), null)
      own.exec('ROLLBACK')
      assert.deepEqual(await writing, { kind: 'committed' })
      assert.deepEqual(await kept(store, row.family), row)
      own.exec('BEGIN')
      await assertUnavailable(store.commit(updating(next(row))))
      await assertUnavailable(sqlite(own).prepare())
      own.exec('COMMIT')
      assert.deepEqual(await store.commit(updating(next(row))), { kind: 'committed' })
    }))

  it('stays open when the store is closed', () =>
    on(openFile, async ({ connect }) => {
      const own = connect()
      const store = sqlite(own)
      await store.prepare()
      await store.close()
      assert.equal(own.prepare('SELECT 1 AS one').get()?.one, 1)
      await assertUnavailable(store.count(now))
      await store.prepare()
      assert.equal(await store.count(now), 0)
    }))
})

async function assertUnavailable(doing: Promise<unknown>): Promise<void> {
  await assert.rejects(doing, (error) => error instanceof DewarError && error.code === 'store/unavailable')
}

/** Gives the longest time in milliseconds since now in which nothing else could happen in this process. */
function watchGaps(): () => number {
  let stop = startStopwatch()
  let longest = 0
  const timer = setInterval(() => {
    longest = Math.max(longest, stop())
    stop = startStopwatch()
  }, 5)
  return () => {
    clearInterval(timer)
    return Math.max(longest, stop())
  }
}
