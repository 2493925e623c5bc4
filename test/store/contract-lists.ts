import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { completing, ending, kept, known, make, newId, next, now, type Open, on, session, updating } from './stage.ts'

/** Many sessions: listed, counted, revoked, swept. */
export function examineLists(open: Open): void {
  describe('the sessions of a user', () => examineUsers(open))
  describe('revoking', () => examineRevocation(open))
  describe('counting and sweeping', () => examineSweeping(open))
}

function examineUsers(open: Open): void {
  it('are listed with the one seen last first', () =>
    on(open, async ({ store }) => {
      const second = await make(store, { user: 'ada', seenSeconds: now - 20 })
      const third = await make(store, { user: 'ada', seenSeconds: now - 300 })
      const first = await make(store, { user: 'ada', seenSeconds: now - 3 })
      await make(store, { user: 'bob' })
      await make(store)
      assert.deepEqual(await store.list('ada', now), [first, second, third])
      const seen = next(third, { seenSeconds: now })
      await store.commit(updating(seen))
      assert.deepEqual(await store.list('ada', now), [seen, first, second])
    }))

  it('are not listed when they are over', () =>
    on(open, async ({ store }) => {
      const long = await make(store, { user: 'ada' })
      const short = await make(store, { user: 'ada', seenSeconds: now - 1, expiresSeconds: now + 100 })
      assert.deepEqual(await store.list('ada', now + 99), [long, short])
      assert.deepEqual(await store.list('ada', now + 100), [long])
    }))

  it('follow who is signed in', () =>
    on(open, async ({ store }) => {
      const row = await make(store)
      const ada = next(row, { user: 'ada' })
      await store.commit(updating(ada))
      assert.deepEqual(await store.list('ada', now), [ada])
      const bob = next(ada, { user: 'bob' })
      await store.commit(updating(bob))
      assert.deepEqual(await store.list('ada', now), [])
      assert.deepEqual(await store.list('bob', now), [bob])
      await store.commit(updating(next(bob, { user: null })))
      assert.deepEqual(await store.list('bob', now), [])
      assert.equal(await store.revoke({ user: 'bob' }, now), 0)
    }))

  it('are told apart by the whole name, whatever it is', () =>
    on(open, async ({ store }) => {
      const names = [
        'ada',
        'Ada',
        'ada ',
        'a',
        'ad%',
        'ad_',
        '*',
        'null',
        '__proto__',
        'constructor',
        "o'neill",
        '🧪',
        '{a}',
        'a:b',
      ]
      const rows = []
      for (const user of names) rows.push(await make(store, { user }))
      await make(store)
      for (const row of rows) assert.deepEqual(await store.list(row.user ?? '', now), [row])
      assert.deepEqual(await store.list('nobody', now), [])
    }))
}

function examineRevocation(open: Open): void {
  it('one session ends that one', () =>
    on(open, async ({ store }) => {
      const row = await make(store, { user: 'ada' })
      const another = await make(store, { user: 'ada' })
      assert.equal(await store.revoke({ family: row.family }, now), 1)
      assert.equal(await store.revoke({ family: row.family }, now), 0)
      assert.equal(await kept(store, row.family), null)
      assert.deepEqual(await store.list('ada', now), [another])
    }))

  it('a user ends all of theirs and nobody else’s', () =>
    on(open, async ({ store, other }) => {
      const theirs = [await make(store, { user: 'ada' }), await make(store, { user: 'ada' })]
      const bob = await make(store, { user: 'bob' })
      const nobody = await make(store)
      assert.equal(await store.revoke({ user: 'ada' }, now), 2)
      assert.equal(await store.revoke({ user: 'ada' }, now), 0)
      const far = await other()
      for (const { family } of theirs) assert.equal(await kept(far, family), null)
      assert.deepEqual(await kept(far, bob.family), bob)
      assert.deepEqual(await kept(far, nobody.family), nobody)
      assert.equal(await store.revoke({ user: 'null' }, now), 0)
    }))

  it('a user but for one leaves that one', () =>
    on(open, async ({ store }) => {
      const mine = await make(store, { user: 'ada' })
      const bob = await make(store, { user: 'bob' })
      for (let more = 0; more < 3; more++) await make(store, { user: 'ada' })
      assert.equal(await store.revoke({ user: 'ada', except: mine.family }, now), 3)
      assert.deepEqual(await store.list('ada', now), [mine])
      assert.equal(await store.revoke({ user: 'ada', except: bob.family }, now), 1)
      assert.deepEqual(await kept(store, bob.family), bob)
    }))

  it('counts those that were not over, and leaves none behind', () =>
    on(open, async ({ store }) => {
      const rows = []
      for (const expiresSeconds of [now + 100, now + 100, now + 3600]) {
        rows.push(await make(store, { user: 'ada', expiresSeconds }))
      }
      const [first, ...others] = rows
      assert.equal(await store.revoke({ family: first?.family ?? '' }, now + 100), 0)
      assert.equal(await store.revoke({ user: 'ada' }, now + 100), 1)
      for (const { family } of [...others, first ?? session()]) assert.equal(await kept(store, family), null)
      await make(store, { expiresSeconds: now + 100 })
      await make(store)
      assert.equal(await store.revoke({ all: true }, now + 100), 1)
      assert.equal(await store.count(now), 0)
    }))

  it('all ends every session, and forgets no submission', () =>
    on(open, async ({ store }) => {
      const rows = [await make(store, { user: 'ada' }), await make(store, { user: 'bob' }), await make(store)]
      const key = newId()
      await store.commit(completing(key))
      assert.equal(await store.revoke({ all: true }, now), 3)
      assert.equal(await store.count(now), 0)
      for (const row of rows) assert.deepEqual(await store.commit(updating(next(row))), { kind: 'gone' })
      assert.deepEqual(await store.list('ada', now), [])
      assert.equal((await known(store, key))?.state, 'done')
      assert.equal(await store.revoke({ all: true }, now), 0)
    }))
}

function examineSweeping(open: Open): void {
  it('counts the sessions that are not over', () =>
    on(open, async ({ store }) => {
      assert.equal(await store.count(now), 0)
      const row = await make(store)
      await make(store, { user: 'ada' })
      await make(store, { expiresSeconds: now + 100 })
      assert.equal(await store.count(now + 99), 3)
      assert.equal(await store.count(now + 100), 2)
      await store.commit(ending(row))
      assert.equal(await store.count(now + 100), 1)
    }))

  it('removes what is over, a slice at a time, and nothing else', () =>
    on(open, async ({ store, dump, expiresByItself = false }) => {
      const over: string[] = []
      for (let turn = 0; turn < 13; turn++) {
        over.push((await make(store, { user: 'ada', expiresSeconds: now + 10 + turn })).family, newId())
        await store.commit(completing(over.at(-1) ?? '', { expiresSeconds: now + 10 + turn }))
      }
      const row = await make(store, { user: 'ada' })
      const key = newId()
      await store.commit(completing(key))

      const slices: number[] = []
      do slices.push(await store.sweep(10, now + 100))
      while (slices.at(-1) !== 0 && slices.length < 100)
      assert.equal(slices.at(-1), 0)
      assert.ok(
        slices.every((removed) => removed <= 10),
        String(slices),
      )
      if (!expiresByItself) {
        assert.deepEqual(slices, [10, 10, 6, 0])
        const all = await dump()
        assert.ok(all.includes(key) && all.includes(row.family))
        assert.deepEqual(
          over.filter((id) => all.includes(id)),
          [],
        )
      }
      assert.deepEqual(await store.list('ada', now + 100), [row])
      assert.equal((await known(store, key, now + 100))?.state, 'done')
    }))

  it('removes nothing before its time', () =>
    on(open, async ({ store }) => {
      const row = await make(store, { expiresSeconds: now + 10 })
      const key = newId()
      await store.commit(completing(key, { expiresSeconds: now + 10 }))
      assert.equal(await store.sweep(10, now + 9), 0)
      assert.deepEqual(await kept(store, row.family, now + 9), row)
      assert.equal((await known(store, key, now + 9))?.state, 'done')
    }))
}
