import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { after, describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { sqlite } from '../../src/sqlite.ts'
import type { Outcome, Store } from '../../src/store/store.ts'
import { examineStore, type Stage } from './contract.ts'
import { openFile } from './sqlite-stage.ts'
import { claim, itemsOf, kept, known, make, newId, now, on, tally } from './stage.ts'
import { startWorker, type Worker } from './workers.ts'

// Four processes for all tests: to start one takes longer than most tests do. A test says on which file they work.
const workers = Array.from({ length: 4 }, () => startWorker(':memory:'))
after(() => Promise.all(workers.map((worker) => worker.end())))

examineStore('sqlite in two processes', { open: openTwo })

describe('several processes on one SQLite file', () => {
  it('keep 40 appends of 4 processes', () =>
    on(openFile, async ({ path, store }) => {
      await openAll(path)
      const { family } = await make(store)
      const appends = workers.map((worker, turn) => {
        const items = Array.from({ length: 10 }, (_, at) => `${turn}.${at}`)
        return worker.order({ kind: 'append', family, items })
      })
      await Promise.all(appends)
      const row = await kept(store, family)
      assert.equal(row?.version, 41)
      assert.equal(new Set(itemsOf(row)).size, 40)
    }))

  it('have one winner of claims that 4 of them make', () =>
    on(openFile, async ({ path }) => {
      await openAll(path)
      for (let round = 0; round < 50; round++) {
        const key = newId()
        const begun = await Promise.all(workers.map(({ store, pid }) => claim(store, { key, owner: `process ${pid}` })))
        assert.equal(begun.filter(({ isMine }) => isMine).length, 1)
        assert.equal(new Set(begun.map(({ once }) => once?.owner)).size, 1)
      }
    }))

  it('have one effect of a submission that each of them makes five times', () =>
    on(openFile, async ({ path, store, notes }) => {
      await openAll(path)
      const { family } = await make(store)
      for (let round = 0; round < 5; round++) {
        const key = newId()
        const orders = workers.flatMap((worker) =>
          Array.from({ length: 5 }, (_, at) =>
            worker.order({ kind: 'transact', family, key, note: `${round}: ${worker.pid}.${at}` }),
          ),
        )
        assert.deepEqual(tally((await Promise.all(orders)) as Outcome[]), { committed: 1, lost: 19 })
      }
      assert.equal((await notes()).length, 5)
      assert.deepEqual(itemsOf(await kept(store, family)), await notes())
    }))

  it('need no second try for 40 transactions on one session', () =>
    on(openFile, async ({ path, store, notes }) => {
      await openAll(path)
      const { family } = await make(store)
      const orders = workers.flatMap((worker) =>
        Array.from({ length: 10 }, (_, at) =>
          worker.order({ kind: 'transact', family, key: newId(), note: `${worker.pid}.${at}` }),
        ),
      )
      assert.deepEqual(tally((await Promise.all(orders)) as Outcome[]), { committed: 40 })
      assert.equal(new Set(await notes()).size, 40)
      assert.deepEqual(itemsOf(await kept(store, family)), await notes())
    }))

  it('wait no longer for the lock of one of them than they said, and not at all when it is killed', () =>
    on(openFile, async ({ path, store }) => {
      const holder = startWorker(path)
      await holder.order({ kind: 'sql', sql: 'BEGIN IMMEDIATE' })
      const start = performance.now()
      await assert.rejects(make(store), { code: 'store/unavailable' })
      assert.ok(performance.now() - start < 2000)
      const writing = make(store)
      await holder.end('SIGKILL')
      await writing
      assert.equal(await store.count(now), 1)
    }))

  it('make the tables once when all start at the same time', () =>
    on(openFile, async ({ path }) => {
      for (const fresh of [`${path}.1`, `${path}.2`, `${path}.3`]) {
        await openAll(fresh)
        const { family } = await make(sqlite(fresh))
        for (const { store } of workers) assert.equal((await kept(store, family))?.family, family)
      }
    }))

  it('lose nothing that was acknowledged when they are killed in the middle of it', { timeout: 120_000 }, () =>
    on(openFile, async ({ path, store, connect }) => {
      const { family } = await make(store)
      const submitted: string[] = []
      for (let round = 0; round < 4; round++) submitted.push(...(await submitUntilKilled(path, family)))

      const items = itemsOf(await kept(store, family))
      assert.ok(submitted.length > 8, `${submitted.length} submissions`)
      const lost = submitted.filter((key) => !items.includes(key))
      assert.deepEqual(lost, [], 'acknowledged and lost')
      assert.equal(new Set(items).size, items.length)
      for (const key of items) assert.equal((await known(store, key))?.answer, key, 'both or neither')
      const own = connect()
      assert.equal(own.prepare('SELECT count(*) AS done FROM dewar_once').get()?.done, items.length, 'both or neither')
      assert.equal(own.prepare('PRAGMA integrity_check').get()?.integrity_check, 'ok')
    }),
  )
})

async function openAll(path: string): Promise<void> {
  await Promise.all(workers.map((worker) => worker.order({ kind: 'open', path })))
}

/** A stage whose other connection is in another process. */
async function openTwo(): Promise<Stage> {
  const stage = await openFile()
  const other = async (): Promise<Store> => {
    const [far] = workers
    assert.ok(far)
    await far.order({ kind: 'open', path: stage.path })
    return far.store
  }
  return { ...stage, other }
}

/** Has two processes submit until they are killed, and gives what they have said is done. */
async function submitUntilKilled(path: string, family: string): Promise<readonly string[]> {
  const doomed: readonly Worker[] = [startWorker(path), startWorker(path)]
  const failures: unknown[] = []
  for (const worker of doomed) worker.order({ kind: 'submit', family }).catch((error) => failures.push(error))
  while (doomed.some(({ submitted }) => submitted.length === 0)) {
    if (failures.length > 0) throw failures[0]
    await pause(5)
  }
  for (const worker of doomed) {
    await pause(randomInt(20, 150))
    await worker.end('SIGKILL')
  }
  return doomed.flatMap(({ submitted }) => submitted)
}
