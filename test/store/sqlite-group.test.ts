import assert from 'node:assert/strict'
import { AsyncLocalStorage } from 'node:async_hooks'
import { describe, it } from 'node:test'
import { calm, noting, openCounted, together } from './sqlite-group-stage.ts'
import { openFile } from './sqlite-stage.ts'
import {
  claim,
  completing,
  creation,
  itemsOf,
  kept,
  known,
  make,
  newId,
  now,
  on,
  session,
  updating,
  withItem,
} from './stage.ts'

describe('writes on SQLite that come together', () => {
  it('share one commit', () =>
    on(openCounted, async (stage) => {
      const { store } = stage
      const row = session()
      const heard = await together(stage, [
        () => store.commit(creation(row)),
        noting(store, 'one'),
        () => claim(store, { key: newId(), owner: 'me' }).then(({ isMine }) => ({ kind: `claimed ${isMine}` })),
        noting(store, 'two'),
        () => store.revoke({ family: row.family }, now),
      ])
      assert.deepEqual(heard, ['committed', 'committed', 'claimed true', 'committed', '1'])
      assert.equal(stage.takeCommits(), 1)
      assert.deepEqual(await stage.notes(), ['one', 'two'])
    }))

  it('do not delay the one that comes alone: it is written when the call returns', () =>
    on(openFile, async ({ store, connect }) => {
      const own = connect()
      const count = own.prepare('SELECT count(*) AS sessions FROM dewar_sessions')
      for (let turn = 1; turn <= 3; turn++) {
        await calm()
        const making = make(store)
        assert.equal(count.get()?.sessions, turn)
        await making
      }
    }))

  it('wait for company, the first of them too, when several came in the turn before', () =>
    on(openCounted, async ({ store, takeCommits }) => {
      const create = () => store.commit(creation(session()))
      const commits: number[] = []
      await calm()
      takeCommits()
      for (let turn = 0; turn < 3; turn++) {
        await Promise.all([create(), create(), create()])
        commits.push(takeCommits())
      }
      assert.deepEqual(commits, [2, 1, 1])
    }))

  it('are done and answered in the order in which they came', () =>
    on(openFile, async ({ store, notes }) => {
      const told: string[] = []
      const texts = Array.from({ length: 200 }, (_, turn) => `${turn}`)
      await Promise.all(texts.map((text) => noting(store, text)().then(() => told.push(text))))
      assert.deepEqual(await notes(), texts)
      assert.deepEqual(told, texts)
    }))

  it('see each other: of two that are the same submission, the second is lost', () =>
    on(openCounted, async (stage) => {
      const { store } = stage
      const [key, row] = [newId(), await make(store)]
      const heard = await together(stage, [
        noting(store, 'first', { key }),
        noting(store, 'second', { key }),
        () => store.commit(updating(withItem(row, 'first'))),
        () => store.commit(updating(withItem(row, 'second'))),
      ])
      assert.deepEqual(heard, ['committed', 'lost', 'committed', 'conflict'])
      assert.equal(stage.takeCommits(), 1)
      assert.deepEqual(await stage.notes(), ['first'])
      assert.deepEqual(itemsOf(await kept(store, row.family)), ['first'])
    }))

  it('run the work of each in the AsyncLocalStorage of who asked for it', () =>
    on(openCounted, async (stage) => {
      const asking = new AsyncLocalStorage<string>()
      const seen: string[] = []
      const work = (name: string) => () => {
        const transact = () => {
          seen.push(`${name} by ${asking.getStore()}`)
          return {}
        }
        return asking.run(name, () => stage.store.transact({ family: newId(), nowSeconds: now }, transact))
      }
      await together(stage, [work('ann'), work('bob'), work('cid')])
      assert.equal(stage.takeCommits(), 1)
      assert.deepEqual(seen, ['ann by ann', 'bob by bob', 'cid by cid'])
    }))

  it('are undone each by itself, when one throws, gives up, is lost, in conflict or gone', () =>
    on(openCounted, async (stage) => {
      const { store } = stage
      const [row, done, thrown, gone] = [await make(store), newId(), newId(), session()]
      await store.commit(completing(done))
      const stop = (): never => {
        throw new Error('out of stock')
      }
      const heard = await together(stage, [
        noting(store, 'before'),
        noting(store, 'thrown', { more: stop, key: thrown }),
        noting(store, 'abandoned', { more: () => null }),
        noting(store, 'lost', { key: done }),
        noting(store, 'conflict', { family: row.family, more: () => ({ session: { kind: 'update', row } }) }),
        noting(store, 'gone', { more: () => ({ session: { kind: 'update', row: gone } }) }),
        () => store.commit({ ...completing(thrown), ...updating(row) }),
        noting(store, 'after'),
      ])
      const fates = ['out of stock', 'abandoned', 'lost', 'conflict', 'gone', 'conflict']
      assert.deepEqual(heard, ['committed', ...fates, 'committed'])
      assert.equal(stage.takeCommits(), 1)
      assert.deepEqual(await stage.notes(), ['before', 'after'])
      assert.equal(await known(store, thrown), null)
      assert.deepEqual(await kept(store, row.family), row)
    }))

  it('commit nothing when nothing of them is to be kept', () =>
    on(openCounted, async (stage) => {
      const { store } = stage
      const abandoned = Array.from({ length: 3 }, () => noting(store, 'no', { more: () => null }))
      assert.deepEqual(await together(stage, abandoned), ['abandoned', 'abandoned', 'abandoned'])
      assert.equal(stage.takeCommits(), 0)
    }))

  it('are 128 for one commit at most', () =>
    on(openCounted, async (stage) => {
      const many = Array.from({ length: 257 }, () => () => stage.store.commit(creation(session())))
      assert.deepEqual(new Set(await together(stage, many)), new Set(['committed']))
      assert.equal(stage.takeCommits(), 3)
    }))

  it('do not wait for each other’s slow work', () =>
    on(openCounted, async (stage) => {
      await calm()
      stage.takeCommits()
      const slow = Array.from({ length: 4 }, () => noting(stage.store, 'slow', { more: () => busyFor(12) })())
      await Promise.all(slow)
      assert.equal(stage.takeCommits(), 4)
    }))
})

function busyFor(milliseconds: number): Record<string, never> {
  const untilMs = performance.now() + milliseconds
  while (performance.now() < untilMs);
  return {}
}
