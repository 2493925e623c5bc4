import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  append,
  atOnce,
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
  type Open,
  on,
  session,
  tally,
  updating,
} from './stage.ts'

/** Many at the same time, over two connections. */
export function examineCrowds(open: Open): void {
  describe('of many at the same time', () => {
    examineWinners(open)
    examineNothingLost(open)
  })
}

function examineWinners(open: Open): void {
  it('25 claims have one winner, and the others see whose it is', () =>
    on(open, async (stage) => {
      for (let round = 0; round < 4; round++) {
        const key = newId()
        const begun = await atOnce(stage, 25, (store, turn) => claim(store, { key, owner: `owner ${turn}` }))
        const winners = begun.filter(({ isMine }) => isMine)
        assert.equal(winners.length, 1)
        const owner = begun.findIndex(({ isMine }) => isMine)
        for (const { once } of begun) assert.equal(once?.owner, `owner ${owner}`)
      }
    }))

  it('25 claims after a lease was over have one winner', () =>
    on(open, async (stage) => {
      const key = newId()
      await claim(stage.store, { key, owner: 'gone' })
      const late = await atOnce(stage, 25, (store, turn) =>
        claim(store, { key, owner: `owner ${turn}`, nowSeconds: now + 30 }),
      )
      assert.equal(late.filter(({ isMine }) => isMine).length, 1)
    }))

  it('25 claims of one that was over and forgotten have one winner', () =>
    on(open, async (stage) => {
      const key = newId()
      await stage.store.commit(completing(key, { expiresSeconds: now + 100 }))
      const late = await atOnce(stage, 25, (store, turn) =>
        claim(store, { key, owner: `owner ${turn}`, nowSeconds: now + 100 }),
      )
      assert.equal(late.filter(({ isMine }) => isMine).length, 1)
    }))

  it('25 completions that nobody has claimed leave one, and the others are told which', () =>
    on(open, async (stage) => {
      const key = newId()
      const outcomes = await atOnce(stage, 25, (store, turn) => store.commit(completing(key, { answer: `${turn}` })))
      assert.deepEqual(tally(outcomes), { committed: 1, lost: 24 })
      const winner = String(outcomes.findIndex(({ kind }) => kind === 'committed'))
      for (const outcome of outcomes) if (outcome.kind === 'lost') assert.equal(outcome.once?.answer, winner)
      assert.equal((await known(stage.store, key))?.answer, winner)
    }))

  it('25 creations of one family leave one', () =>
    on(open, async (stage) => {
      const { family } = session()
      const outcomes = await atOnce(stage, 25, (store, turn) =>
        store.commit(creation(session({ family, content: `${turn}` }))),
      )
      assert.deepEqual(tally(outcomes), { committed: 1, conflict: 24 })
      const winner = String(outcomes.findIndex(({ kind }) => kind === 'committed'))
      for (const outcome of outcomes) if (outcome.kind === 'conflict') assert.equal(outcome.session.content, winner)
      assert.equal((await kept(stage.store, family))?.content, winner)
    }))

  it('25 updates of one version leave one', () =>
    on(open, async (stage) => {
      const row = await make(stage.store)
      const outcomes = await atOnce(stage, 25, (store, turn) =>
        store.commit(updating(next(row, { content: `${turn}` }))),
      )
      assert.deepEqual(tally(outcomes), { committed: 1, conflict: 24 })
      assert.equal((await kept(stage.store, row.family))?.version, 2)
    }))
}

function examineNothingLost(open: Open): void {
  it('40 appends keep 40', () =>
    on(open, async (stage) => {
      const { family } = await make(stage.store)
      await atOnce(stage, 40, (store, turn) => append(store, { family, item: `${turn}` }))
      const row = await kept(stage.store, family)
      assert.equal(row?.version, 41)
      assert.deepEqual([...itemsOf(row)].sort(), Array.from({ length: 40 }, (_, turn) => `${turn}`).sort())
    }))

  it('30 submissions of which each 3 are the same append 10 items', () =>
    on(open, async (stage) => {
      const { family } = await make(stage.store)
      const keys = Array.from({ length: 10 }, newId)
      const outcomes = await atOnce(stage, 30, (store, turn) => {
        const key = keys[turn % 10] ?? ''
        const once = { kind: 'complete', ...completion(key, { answer: key }) } as const
        return append(store, { family, item: key, once })
      })
      assert.deepEqual(tally(outcomes), { committed: 10, lost: 20 })
      for (const outcome of outcomes) if (outcome.kind === 'lost') assert.equal(outcome.once?.answer, outcome.once?.key)
      assert.deepEqual([...itemsOf(await kept(stage.store, family))].sort(), keys.sort())
    }))

  it('no write brings back a session that one of them revokes', () =>
    on(open, async (stage) => {
      for (let round = 0; round < 5; round++) {
        const row = await make(stage.store, { user: 'ada' })
        const outcomes = await atOnce(stage, 15, async (store, turn) => {
          if (turn !== 7) return store.commit(updating(next(row, { content: `${turn}` })))
          await store.revoke(round % 2 === 0 ? { user: 'ada' } : { family: row.family }, now)
          return { kind: 'revoked' }
        })
        assert.equal(tally(outcomes).revoked, 1)
        assert.equal(await kept(stage.store, row.family), null)
        assert.deepEqual(await stage.store.list('ada', now), [])
        assert.equal(await stage.store.count(now), 0)
      }
    }))
}
