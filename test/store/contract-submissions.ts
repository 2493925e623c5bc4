import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Change } from '../../src/store/store.ts'
import { claim, completing, known, make, newId, now, type Open, on } from './stage.ts'

/** One submission: claimed, given back, taken over, done, done already. */
export function examineSubmissions(open: Open): void {
  describe('a submission', () => {
    examineClaims(open)
    examineAnew(open)
    examineTimes(open)
    examineCompletion(open)
    examineLosers(open)
    examineRelease(open)
  })
}

function examineClaims(open: Open): void {
  it('of which nothing is known begins with nothing, and asking makes nothing', () =>
    on(open, async ({ store, dump }) => {
      const before = await dump()
      const begun = await store.begin({ family: newId(), nowSeconds: now, once: { key: newId() } })
      assert.deepEqual(begun, { session: null, once: null, isMine: false, incarnation: begun.incarnation })
      assert.equal(await dump(), before)
    }))

  it('is theirs who claim it first, in the round trip that brings the session', () =>
    on(open, async ({ store, other }) => {
      const session = await make(store)
      const key = newId()
      const { family } = session
      const once = {
        key,
        fingerprint: 'print',
        state: 'running',
        owner: 'one',
        leaseUntilSeconds: now + 30,
        answer: null,
        expiresSeconds: now + 3600,
      }
      const claimed = await claim(store, { key, owner: 'one', family })
      const { incarnation } = claimed
      assert.deepEqual(claimed, { session, once, isMine: true, incarnation })
      assert.deepEqual(await claim(await other(), { key, owner: 'two', family, fingerprint: 'another' }), {
        session,
        once,
        isMine: false,
        incarnation,
      })
      const asked = await store.begin({ family, nowSeconds: now, once: { key } })
      assert.deepEqual(asked, { session, once, isMine: false, incarnation })
    }))

  it('is another one under another key', () =>
    on(open, async ({ store }) => {
      assert.equal((await claim(store, { key: newId(), owner: 'one' })).isMine, true)
      assert.equal((await claim(store, { key: newId(), owner: 'two' })).isMine, true)
    }))
}

function examineAnew(open: Open): void {
  it('can be claimed anew when the lease is over, and not before', () =>
    on(open, async ({ store }) => {
      const key = newId()
      await claim(store, { key, owner: 'one' })
      assert.equal((await claim(store, { key, owner: 'two', nowSeconds: now + 29 })).isMine, false)
      assert.equal((await known(store, key, now + 30))?.owner, 'one')
      const { once, isMine } = await claim(store, { key, owner: 'two', nowSeconds: now + 30 })
      assert.equal(isMine, true)
      assert.deepEqual(once, {
        key,
        fingerprint: 'print',
        state: 'running',
        owner: 'two',
        leaseUntilSeconds: now + 60,
        answer: '',
        expiresSeconds: now + 3630,
      })
      assert.deepEqual(await known(store, key, now + 30), once)
      assert.equal((await claim(store, { key, owner: 'three', nowSeconds: now + 59 })).isMine, false)
    }))

  it('cannot be claimed anew with something else: it may have been done', () =>
    on(open, async ({ store }) => {
      const key = newId()
      const { once } = await claim(store, { key, owner: 'one' })
      const other = await claim(store, { key, owner: 'two', fingerprint: 'new', nowSeconds: now + 30 })
      assert.deepEqual([other.isMine, other.once], [false, once])
    }))

  it('that was claimed anew and is given back may be tried again by the same alone', () =>
    on(open, async ({ store, other }) => {
      const key = newId()
      const release = (owner: string) => ({
        family: newId(),
        nowSeconds: now + 31,
        once: { kind: 'release', key, owner } as const,
      })
      await claim(store, { key, owner: 'zombie' })
      await claim(store, { key, owner: 'two', nowSeconds: now + 30 })
      assert.deepEqual(await store.commit(release('zombie')), { kind: 'committed' })
      assert.equal((await known(store, key, now + 31))?.owner, 'two')
      assert.deepEqual(await store.commit(release('two')), { kind: 'committed' })
      const given = { state: 'running', owner: '', leaseUntilSeconds: 0, answer: '', fingerprint: 'print' } as const
      assert.deepEqual(await known(await other(), key, now + 31), { key, ...given, expiresSeconds: now + 3630 })
      assert.deepEqual(await store.commit(release('two')), { kind: 'committed' })
      const changed = await claim(store, { key, owner: 'three', fingerprint: 'new', nowSeconds: now + 31 })
      assert.equal(changed.isMine, false)
      assert.equal((await claim(store, { key, owner: 'four', nowSeconds: now + 31 })).isMine, true)
      assert.equal((await store.commit(completing(key, { owner: 'two' }))).kind, 'lost')
      assert.deepEqual(await store.commit(release('four')), { kind: 'committed' })
      assert.equal((await known(store, key, now + 31))?.answer, '')
    }))
}

function examineTimes(open: Open): void {
  it('is forgotten at its time by the clock of who asks, swept or not', () =>
    on(open, async ({ store }) => {
      const key = newId()
      await store.commit(completing(key, { expiresSeconds: now + 100 }))
      assert.equal((await known(store, key, now + 99))?.state, 'done')
      assert.equal((await claim(store, { key, owner: 'late', nowSeconds: now + 99 })).isMine, false)
      assert.equal(await known(store, key, now + 100), null)
      assert.equal((await claim(store, { key, owner: 'late', nowSeconds: now + 100 })).isMine, true)
    }))

  it('does not change when what was handed out is changed', () =>
    on(open, async ({ store }) => {
      const key = newId()
      const { once } = await claim(store, { key, owner: 'one' })
      const again = await known(store, key)
      const before = { ...again }
      const lost = await store.commit(completing(key))
      for (const given of [once, again, lost.kind === 'lost' && lost.once]) {
        assert.ok(given)
        Reflect.set(given, 'owner', 'mallory')
        Reflect.set(given, 'state', 'done')
      }
      assert.deepEqual(await known(store, key), before)
    }))
}

function examineCompletion(open: Open): void {
  it('that was claimed is done by its owner, and stays done', () =>
    on(open, async ({ store }) => {
      const key = newId()
      await claim(store, { key, owner: 'one' })
      const done = completing(key, { owner: 'one', answer: '{"to":"/1"}', expiresSeconds: now + 7200 })
      assert.deepEqual(await store.commit(done), { kind: 'committed' })
      const { isMine, once } = await claim(store, { key, owner: 'two', nowSeconds: now + 3600 })
      assert.equal(isMine, false)
      assert.ok(once)
      assert.deepEqual(
        { ...once, leaseUntilSeconds: 0 },
        {
          key,
          fingerprint: 'print',
          state: 'done',
          owner: 'one',
          leaseUntilSeconds: 0,
          answer: '{"to":"/1"}',
          expiresSeconds: now + 7200,
        },
      )
    }))

  it('that nobody has claimed is done by the first, and lost to the others with its record', () =>
    on(open, async ({ store, other }) => {
      const key = newId()
      assert.deepEqual(await store.commit(completing(key, { fingerprint: 'a', answer: 'first' })), {
        kind: 'committed',
      })
      const record = await known(store, key)
      assert.deepEqual(
        { ...record, leaseUntilSeconds: 0 },
        {
          key,
          fingerprint: 'a',
          state: 'done',
          owner: '',
          leaseUntilSeconds: 0,
          answer: 'first',
          expiresSeconds: now + 3600,
        },
      )
      const second = completing(key, { fingerprint: 'b', answer: 'second' })
      assert.deepEqual(await store.commit(second), { kind: 'lost', once: record })
      assert.deepEqual(await (await other()).commit(second), { kind: 'lost', once: record })
      assert.deepEqual(await known(store, key), record)
    }))
}

function examineLosers(open: Open): void {
  it('that somebody has claimed is lost to who has not', () =>
    on(open, async ({ store }) => {
      const key = newId()
      const { once } = await claim(store, { key, owner: 'one' })
      assert.deepEqual(await store.commit(completing(key)), { kind: 'lost', once })
      assert.deepEqual(await store.commit(completing(key, { owner: 'two' })), { kind: 'lost', once })
      assert.deepEqual(await known(store, key), once)
    }))

  it('is lost to an owner of whom nothing is known', () =>
    on(open, async ({ store }) => {
      const key = newId()
      assert.deepEqual(await store.commit(completing(key, { owner: 'one' })), { kind: 'lost', once: null })
      assert.equal(await known(store, key), null)
    }))

  it('is lost to an owner whose lease was over and taken', () =>
    on(open, async ({ store }) => {
      const key = newId()
      await claim(store, { key, owner: 'zombie' })
      const { once } = await claim(store, { key, owner: 'two', nowSeconds: now + 30 })
      const late = { ...completing(key, { owner: 'zombie', answer: 'late' }), nowSeconds: now + 31 }
      assert.deepEqual(await store.commit(late), { kind: 'lost', once })
      assert.equal((await store.commit(completing(key, { owner: 'two', answer: 'right' }))).kind, 'committed')
      const lost = await store.commit(late)
      assert.equal(lost.kind === 'lost' && lost.once?.answer, 'right')
      assert.equal((await known(store, key))?.answer, 'right')
    }))

  it('is lost to its owner when it is done already', () =>
    on(open, async ({ store }) => {
      const key = newId()
      await claim(store, { key, owner: 'one' })
      await store.commit(completing(key, { owner: 'one', answer: 'first' }))
      const lost = await store.commit(completing(key, { owner: 'one', answer: 'second' }))
      assert.equal(lost.kind === 'lost' && lost.once?.answer, 'first')
      assert.equal((await known(store, key))?.answer, 'first')
    }))

  it('is done by an owner whose lease was over and not taken', () =>
    on(open, async ({ store }) => {
      const key = newId()
      await claim(store, { key, owner: 'slow' })
      const late = { ...completing(key, { owner: 'slow' }), nowSeconds: now + 45 }
      assert.deepEqual(await store.commit(late), { kind: 'committed' })
      assert.equal((await known(store, key, now + 45))?.state, 'done')
    }))

  it('keeps an answer of any text, 64 KiB of it too', () =>
    on(open, async ({ store }) => {
      for (const answer of ['', `'"\\{}🧪\r\n`, 'é'.repeat(32_768)]) {
        const key = newId()
        assert.deepEqual(await store.commit(completing(key, { answer, fingerprint: answer })), { kind: 'committed' })
        const record = await known(store, key)
        assert.equal(record?.answer, answer)
        assert.equal(record.fingerprint, answer)
        assert.equal(record.state, 'done')
      }
    }))
}

function examineRelease(open: Open): void {
  const release = (key: string, owner: string): Change => ({
    family: newId(),
    nowSeconds: now,
    once: { kind: 'release', key, owner },
  })

  it('that is given back can be claimed at once', () =>
    on(open, async ({ store }) => {
      const key = newId()
      await claim(store, { key, owner: 'one' })
      assert.deepEqual(await store.commit(release(key, 'one')), { kind: 'committed' })
      assert.equal(await known(store, key), null)
      assert.equal((await claim(store, { key, owner: 'two' })).isMine, true)
    }))

  it('is given back by its owner only', () =>
    on(open, async ({ store }) => {
      const key = newId()
      const { once } = await claim(store, { key, owner: 'one' })
      assert.deepEqual(await store.commit(release(key, 'two')), { kind: 'committed' })
      assert.deepEqual(await store.commit(release(key, '')), { kind: 'committed' })
      assert.deepEqual(await known(store, key), once)
    }))

  it('that is done is not given back', () =>
    on(open, async ({ store }) => {
      const [key, unclaimed] = [newId(), newId()]
      await claim(store, { key, owner: 'one' })
      await store.commit(completing(key, { owner: 'one' }))
      await store.commit(completing(unclaimed))
      assert.deepEqual(await store.commit(release(key, 'one')), { kind: 'committed' })
      assert.deepEqual(await store.commit(release(unclaimed, '')), { kind: 'committed' })
      assert.equal((await known(store, key))?.state, 'done')
      assert.equal((await known(store, unclaimed))?.state, 'done')
    }))
}
