import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  claim,
  completion,
  creation,
  ending,
  kept,
  known,
  make,
  newId,
  next,
  now,
  type Open,
  on,
  session,
  updating,
} from './stage.ts'

/** A session and a submission in one change: both or neither. */
export function examineTogether(open: Open): void {
  describe('a session and a submission', () => {
    examineBoth(open)
    examineNeither(open)
  })
  it('makes itself ready more than once', () =>
    on(open, async ({ store }) => {
      const row = await make(store)
      await store.prepare()
      await store.prepare()
      assert.deepEqual(await kept(store, row.family), row)
      assert.match(store.name, /^[a-z]+$/)
    }))
}

function examineBoth(open: Open): void {
  it('are both written', () =>
    on(open, async ({ store }) => {
      const row = await make(store)
      const changes = [updating(next(row, { content: 'written' })), creation(session()), ending(row)] as const
      for (const change of changes) {
        const key = newId()
        const { isMine } = await claim(store, { key, owner: 'one' })
        assert.equal(isMine, true)
        const once = { kind: 'complete', ...completion(key, { owner: 'one' }) } as const
        assert.deepEqual(await store.commit({ ...change, once }), { kind: 'committed' })
        assert.equal((await known(store, key))?.state, 'done')
      }
      assert.equal(await kept(store, row.family), null)
      assert.equal(await store.count(now), 1)
    }))

  it('are both written when the claim is given back, whoever’s it is', () =>
    on(open, async ({ store }) => {
      const row = await make(store)
      const key = newId()
      await claim(store, { key, owner: 'one' })
      const back = (owner: string) => ({ kind: 'release', key, owner }) as const
      const second = next(row, { content: 'second' })
      assert.deepEqual(await store.commit({ ...updating(second), once: back('two') }), { kind: 'committed' })
      assert.equal((await known(store, key))?.owner, 'one')
      const third = next(second, { content: 'third' })
      assert.deepEqual(await store.commit({ ...updating(third), once: back('one') }), { kind: 'committed' })
      assert.equal(await known(store, key), null)
      assert.deepEqual(await kept(store, row.family), third)
    }))
}

function examineNeither(open: Open): void {
  it('are both left alone by a conflict', () =>
    on(open, async ({ store }) => {
      const row = await make(store, { content: 'theirs' })
      const [key, free] = [newId(), newId()]
      const { once } = await claim(store, { key, owner: 'one' })
      const outdated = updating({ ...row, content: 'mine' })
      const conflict = { kind: 'conflict', session: row }
      const complete = { kind: 'complete', ...completion(key, { owner: 'one' }) } as const
      assert.deepEqual(await store.commit({ ...outdated, once: complete }), conflict)
      assert.deepEqual(await store.commit({ ...creation(row), once: complete }), conflict)
      assert.deepEqual(await store.commit({ ...outdated, once: { kind: 'release', key, owner: 'one' } }), conflict)
      const unclaimed = { kind: 'complete', ...completion(free) } as const
      assert.deepEqual(await store.commit({ ...outdated, once: unclaimed }), conflict)
      assert.deepEqual(await known(store, key), once)
      assert.equal(await known(store, free), null)
      assert.deepEqual(await kept(store, row.family), row)
    }))

  it('are both left alone when the session is gone', () =>
    on(open, async ({ store }) => {
      const row = await make(store)
      await store.revoke({ family: row.family }, now)
      const [key, free] = [newId(), newId()]
      const { once } = await claim(store, { key, owner: 'one' })
      const complete = { kind: 'complete', ...completion(key, { owner: 'one' }) } as const
      assert.deepEqual(await store.commit({ ...updating(next(row)), once: complete }), { kind: 'gone' })
      const unclaimed = { kind: 'complete', ...completion(free) } as const
      assert.deepEqual(await store.commit({ ...updating(next(row)), once: unclaimed }), { kind: 'gone' })
      assert.deepEqual(await known(store, key), once)
      assert.equal(await known(store, free), null)
      assert.equal(await kept(store, row.family), null)
    }))

  it('are both left alone when the submission is lost', () =>
    on(open, async ({ store }) => {
      const row = await make(store)
      const fresh = session()
      const key = newId()
      const { once } = await claim(store, { key, owner: 'one' })
      for (const given of [{}, { owner: 'two' }]) {
        const complete = { kind: 'complete', ...completion(key, given) } as const
        const lost = { kind: 'lost', once }
        assert.deepEqual(await store.commit({ ...updating(next(row)), once: complete }), lost)
        assert.deepEqual(await store.commit({ ...ending(row), once: complete }), lost)
        assert.deepEqual(await store.commit({ ...creation(fresh), once: complete }), lost)
      }
      assert.deepEqual(await kept(store, row.family), row)
      assert.equal(await kept(store, fresh.family), null)
      assert.deepEqual(await known(store, key), once)
    }))

  it('are lost rather than in conflict when they are both', () =>
    on(open, async ({ store }) => {
      const row = await make(store)
      const key = newId()
      await store.commit({ family: row.family, nowSeconds: now, once: { kind: 'complete', ...completion(key) } })
      const again = { kind: 'complete', ...completion(key) } as const
      assert.equal((await store.commit({ ...updating(row), once: again })).kind, 'lost')
      await store.commit(ending(row))
      assert.equal((await store.commit({ ...updating(next(row)), once: again })).kind, 'lost')
    }))
}
