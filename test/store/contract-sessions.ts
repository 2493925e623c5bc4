import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { SessionRow } from '../../src/store/store.ts'
import { creation, ending, hashOf, kept, make, newId, next, now, type Open, on, session, updating } from './stage.ts'

/** One session: written, read, written again, ended, over. */
export function examineSessions(open: Open): void {
  describe('a session', () => {
    examineRows(open)
    examineCopies(open)
    examineSight(open)
    examineVersions(open)
    examineEnds(open)
  })
}

const texts = [
  '',
  ' ',
  `'"\`\\`,
  `'); DROP TABLE dewar_sessions; --`,
  '{"a":["\\u0000",null]}',
  '\u0001\t\r\n\u007f\u0085\u2028\ufeff',
  'Zoë, Ζωή, Зоя, 佐江, زويا, e\u0301',
  '🧪👩‍👩‍👧‍👦🏴󠁧󠁢󠁷󠁬󠁳󠁿',
  '{curly} [square] <angle> %41 + & ; : * ? $1 ${x}',
  'null',
]

function examineRows(open: Open): void {
  it('is there as it was written, all of it', () =>
    on(open, async ({ store }) => {
      const row = session({
        previousHash: hashOf('previous'),
        previousUntilSeconds: now + 60,
        epoch: 4_294_967_295,
        user: 'zoë@example.org',
        content: '{"items":["a"]}',
        createdSeconds: now - 90_000,
        seenSeconds: now - 60,
        expiresSeconds: 253_402_300_799, // the last second of the year 9999
        userAgent: 'x'.repeat(200),
        address: 'fe80::1%eth0',
      })
      assert.deepEqual(await store.commit(creation(row)), { kind: 'committed' })
      const begun = await store.begin({ family: row.family, nowSeconds: now })
      const { incarnation } = begun
      assert.deepEqual(begun, { session: row, once: null, isMine: false, incarnation })
    }))

  it('holds text of any kind', () =>
    on(open, async ({ store }) => {
      for (const text of texts) {
        const row = await make(store, {
          content: text,
          userAgent: text,
          address: text,
          user: text === '' ? null : text,
        })
        assert.deepEqual(await kept(store, row.family), row, JSON.stringify(text))
        const updated = next(row, { content: `${text}${text}` })
        assert.deepEqual(await store.commit(updating(updated)), { kind: 'committed' })
        assert.deepEqual(await kept(store, row.family), updated, JSON.stringify(text))
      }
    }))

  it('holds a mebibyte of it', () =>
    on(open, async ({ store }) => {
      const row = await make(store, { content: 'é7'.repeat(349_525) })
      assert.equal((await kept(store, row.family))?.content, row.content)
    }))
}

function examineCopies(open: Open): void {
  it('does not change when what was handed in is changed', () =>
    on(open, async ({ store }) => {
      const row = await make(store)
      const updated = next(row)
      const before = { ...updated }
      Reflect.set(row, 'content', 'changed')
      assert.equal((await kept(store, row.family))?.content, before.content)
      assert.deepEqual(await store.commit(updating(updated)), { kind: 'committed' })
      Reflect.set(updated, 'user', 'mallory')
      assert.deepEqual(await kept(store, row.family), before)
    }))

  it('does not change when what was handed out is changed', () =>
    on(open, async ({ store }) => {
      const row = await make(store, { user: 'ada' })
      const refused = await store.commit(creation(row))
      const out = [
        await kept(store, row.family),
        (await store.list('ada', now))[0],
        refused.kind === 'conflict' && refused.session,
      ]
      for (const given of out) {
        assert.ok(given)
        Reflect.set(given, 'content', 'changed')
      }
      assert.deepEqual(await kept(store, row.family), row)
    }))
}

function examineSight(open: Open): void {
  it('is seen by another connection as soon as it is committed', () =>
    on(open, async ({ store, other }) => {
      const far = await other()
      const row = await make(store)
      assert.deepEqual(await kept(far, row.family), row)
      assert.deepEqual(await far.commit(updating(next(row))), { kind: 'committed' })
      assert.deepEqual(await kept(store, row.family), next(row))
      await store.commit(ending(row))
      assert.equal(await kept(far, row.family), null)
    }))

  it('is not there under any name that nobody has made, and asking makes none', () =>
    on(open, async ({ store, dump }) => {
      await make(store)
      const before = await dump()
      for (const family of [newId(), ...texts, '*', '%', '_'.repeat(22), 'x'.repeat(1000)])
        assert.equal(await kept(store, family), null, JSON.stringify(family))
      assert.equal(await store.count(now), 1)
      assert.equal(await dump(), before)
    }))

  it('leaves its secret nowhere in the store', () =>
    on(open, async ({ store, dump }) => {
      const secret = newId()
      const row = await make(store, { secretHash: hashOf(secret) })
      await store.commit(updating(next(row, { secretHash: hashOf(`${secret}2`), previousHash: hashOf(secret) })))
      const all = await dump()
      assert.ok(all.includes(row.family) && all.includes(hashOf(secret)), 'the dump shows what is kept')
      assert.ok(!all.includes(secret))
    }))
}

function examineVersions(open: Open): void {
  it('is made where there is none', () =>
    on(open, async ({ store }) => {
      const row = await make(store, { content: 'first' })
      const second = session({ family: row.family, content: 'second' })
      assert.deepEqual(await store.commit(creation(second)), { kind: 'conflict', session: row })
      assert.deepEqual(await kept(store, row.family), row)
    }))

  it('is written again by who has seen its newest version', () =>
    on(open, async ({ store }) => {
      let row = await make(store)
      for (const content of ['a', 'b', 'c']) {
        row = next(row, { content })
        assert.deepEqual(await store.commit(updating(row)), { kind: 'committed' })
        assert.deepEqual(await kept(store, row.family), row)
      }
      assert.equal(row.version, 4)
    }))

  it('takes every field that is written again', () =>
    on(open, async ({ store }) => {
      const row = await make(store)
      const changed = { ...session(), family: row.family, version: 2, epoch: 7, user: 'ada', content: 'new' }
      const all = { ...changed, previousHash: row.secretHash, previousUntilSeconds: now + 60, seenSeconds: now + 5 }
      const updated = {
        ...all,
        createdSeconds: now - 5,
        expiresSeconds: now + 7200,
        userAgent: 'another',
        address: '::1',
      }
      assert.deepEqual(await store.commit(updating(updated)), { kind: 'committed' })
      assert.deepEqual(await kept(store, row.family), updated)
      const back = next(updated, { user: null, previousHash: null })
      assert.deepEqual(await store.commit(updating(back)), { kind: 'committed' })
      assert.deepEqual(await kept(store, row.family), back)
    }))

  it('takes any one field that is written again, and leaves the others', () =>
    on(open, async ({ store }) => {
      const changes: readonly Partial<SessionRow>[] = [
        { secretHash: hashOf('another') },
        { previousHash: hashOf('previous'), previousUntilSeconds: now + 60 },
        { epoch: 7 },
        { user: 'ada' },
        { user: null },
        { content: '{"b":2}' },
        { createdSeconds: now - 7 },
        { seenSeconds: now - 3 },
        { expiresSeconds: now + 777 },
        { userAgent: 'another' },
        { address: '203.0.113.7' },
      ]
      let row = await make(store)
      for (const change of changes) {
        row = next(row, change)
        assert.deepEqual(await store.commit(updating(row)), { kind: 'committed' })
        assert.deepEqual(await kept(store, row.family), row)
      }
    }))

  it('is left alone by who has seen another version, and they are told what it is now', () =>
    on(open, async ({ store }) => {
      const row = await make(store)
      const newest = next(row, { content: 'theirs' })
      await store.commit(updating(newest))
      for (const version of [1, 2, 4, 99]) {
        const mine = { ...row, version, content: 'mine' }
        assert.deepEqual(await store.commit(updating(mine)), { kind: 'conflict', session: newest }, `as ${version}`)
      }
      assert.deepEqual(await kept(store, row.family), newest)
    }))

  it('is not touched by a change of nothing', () =>
    on(open, async ({ store }) => {
      const row = await make(store)
      assert.deepEqual(await store.commit({ family: row.family, nowSeconds: now }), { kind: 'committed' })
      assert.deepEqual(await kept(store, row.family), row)
    }))
}

function examineEnds(open: Open): void {
  it('that nobody has made is gone, and writing makes none', () =>
    on(open, async ({ store }) => {
      const row = session({ version: 2 })
      assert.deepEqual(await store.commit(updating(row)), { kind: 'gone' })
      assert.deepEqual(await store.commit(updating({ ...row, version: 1 })), { kind: 'gone' })
      assert.equal(await kept(store, row.family), null)
      assert.equal(await store.count(now), 0)
    }))

  it('is not written again after its end', () =>
    on(open, async ({ store }) => {
      const row = await make(store, { user: 'ada' })
      assert.deepEqual(await store.commit(ending(row)), { kind: 'committed' })
      assert.equal(await kept(store, row.family), null)
      assert.deepEqual(await store.commit(updating(next(row))), { kind: 'gone' })
      assert.equal(await kept(store, row.family), null)
      assert.deepEqual(await store.list('ada', now), [])
    }))

  it('ends whatever its version is, and ends twice', () =>
    on(open, async ({ store }) => {
      const row = await make(store)
      await store.commit(updating(next(row)))
      assert.deepEqual(await store.commit(ending(row)), { kind: 'committed' })
      assert.deepEqual(await store.commit(ending(row)), { kind: 'committed' })
      assert.equal(await kept(store, row.family), null)
    }))

  it('is not written again after it was revoked', () =>
    on(open, async ({ store }) => {
      const row = await make(store)
      assert.equal(await store.revoke({ family: row.family }, now), 1)
      assert.deepEqual(await store.commit(updating(next(row))), { kind: 'gone' })
      assert.equal(await kept(store, row.family), null)
    }))

  it('is over at its time by the clock of who asks, swept or not', () =>
    on(open, async ({ store }) => {
      const row = await make(store, { expiresSeconds: now + 100 })
      assert.deepEqual(await kept(store, row.family, now + 99), row)
      assert.equal(await kept(store, row.family, now + 100), null)
      const longer = next(row, { expiresSeconds: now + 5000 })
      assert.deepEqual(await store.commit(updating(longer, now + 100)), { kind: 'gone' })
      assert.equal(await kept(store, row.family, now + 100), null)
    }))

  it('lives on when it was written again in time', () =>
    on(open, async ({ store }) => {
      const row = await make(store, { expiresSeconds: now + 100 })
      const longer = next(row, { expiresSeconds: now + 5000 })
      assert.deepEqual(await store.commit(updating(longer, now + 99)), { kind: 'committed' })
      await store.sweep(1000, now + 100)
      assert.deepEqual(await kept(store, row.family, now + 4999), longer)
      assert.equal(await kept(store, row.family, now + 5000), null)
    }))

  it('that is over leaves room for a new one', () =>
    on(open, async ({ store }) => {
      const row = await make(store, { user: 'ada', expiresSeconds: now + 100 })
      const fresh = session({ family: row.family, expiresSeconds: now + 5000 })
      assert.deepEqual(await store.commit(creation(fresh, now + 99)), { kind: 'conflict', session: row })
      assert.deepEqual(await store.commit(creation(fresh, now + 100)), { kind: 'committed' })
      assert.deepEqual(await kept(store, row.family, now + 100), fresh)
      assert.deepEqual(await store.list('ada', now + 100), [])
    }))
}
