import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { TransactionalStore, Work } from '../../src/store/store.ts'
import {
  append,
  claim,
  completing,
  completion,
  itemsOf,
  kept,
  known,
  make,
  newId,
  next,
  now,
  type Open,
  on,
  type Stage,
  session,
  tally,
  withItem,
} from './stage.ts'

/** A stage with a table of the app's own, empty when it is opened. */
export interface TransactionStage<Tx> extends Stage {
  readonly store: TransactionalStore<Tx>
  other(): Promise<TransactionalStore<Tx>>
  /** Writes one row with this text into the app's table, in a transaction. */
  note(tx: Tx, text: string): void | Promise<void>
  /** The texts in the app's table, as a connection outside of all transactions sees them. */
  notes(): Promise<readonly string[]>
}

/** Examines the transactions of a store. With a reason to skip, nothing is opened. */
export function examineTransactions<Tx>(
  name: string,
  { skip = false, open }: { skip?: string | false; open: Open<TransactionStage<Tx>> },
): void {
  describe(`${name} runs an app’s work in its transactions`, { skip }, () => {
    examineAll(open)
    examineParts(open)
    examineNothing(open)
    examineLost(open)
    examineParallel(open)
  })
}

/** What comes after something that some stores do at once and others later. */
function then(first: void | Promise<void>, second: () => Work): Work | Promise<Work> {
  return first instanceof Promise ? first.then(second) : second()
}

function examineAll<Tx>(open: Open<TransactionStage<Tx>>): void {
  it('commits the work, the session and the submission', () =>
    on(open, async ({ store, note, notes }) => {
      const row = await make(store)
      const key = newId()
      const outcome = await store.transact(
        { family: row.family, nowSeconds: now, once: completion(key) },
        (tx, found) => {
          assert.deepEqual(found, row)
          const updated = withItem(row, 'ordered')
          return then(note(tx, 'order'), () => ({ session: { kind: 'update', row: updated }, answer: 'the answer' }))
        },
      )
      assert.deepEqual(outcome, { kind: 'committed' })
      assert.deepEqual(await notes(), ['order'])
      assert.deepEqual(await kept(store, row.family), withItem(row, 'ordered'))
      const record = await known(store, key)
      assert.deepEqual(
        { ...record, leaseUntilSeconds: 0 },
        {
          key,
          fingerprint: 'print',
          state: 'done',
          owner: '',
          leaseUntilSeconds: 0,
          answer: 'the answer',
          expiresSeconds: now + 3600,
        },
      )
    }))

  it('commits work that has neither, or an answer known before', () =>
    on(open, async ({ store, note, notes }) => {
      const family = newId()
      const key = newId()
      const asked = { family, nowSeconds: now }
      assert.deepEqual(await store.transact(asked, (tx) => then(note(tx, 'plain'), () => ({}))), { kind: 'committed' })
      const once = completion(key, { answer: 'before' })
      assert.deepEqual(await store.transact({ ...asked, once }, (tx) => then(note(tx, 'known'), () => ({}))), {
        kind: 'committed',
      })
      assert.deepEqual([...(await notes())].sort(), ['known', 'plain'])
      assert.equal((await known(store, key))?.answer, 'before')
      assert.equal(await kept(store, family), null)
    }))
}

function examineParts<Tx>(open: Open<TransactionStage<Tx>>): void {
  it('makes and ends sessions', () =>
    on(open, async ({ store }) => {
      const row = session()
      const asked = { family: row.family, nowSeconds: now }
      const made = await store.transact(asked, (_tx, found) => {
        assert.equal(found, null)
        return { session: { kind: 'create', row } }
      })
      assert.deepEqual(made, { kind: 'committed' })
      assert.deepEqual(await kept(store, row.family), row)
      assert.deepEqual(await store.transact(asked, () => ({ session: { kind: 'end' } })), { kind: 'committed' })
      assert.equal(await kept(store, row.family), null)
    }))

  it('completes what its owner has claimed', () =>
    on(open, async ({ store, note, notes }) => {
      const key = newId()
      await claim(store, { key, owner: 'one' })
      const once = completion(key, { owner: 'one' })
      const outcome = await store.transact({ family: newId(), nowSeconds: now, once }, (tx) =>
        then(note(tx, 'mine'), () => ({ answer: 'done' })),
      )
      assert.deepEqual(outcome, { kind: 'committed' })
      assert.deepEqual(await notes(), ['mine'])
      const record = await known(store, key)
      assert.deepEqual([record?.state, record?.owner, record?.answer], ['done', 'one', 'done'])
    }))

  it('hands over no session that is over', () =>
    on(open, async ({ store }) => {
      const row = await make(store, { expiresSeconds: now + 100 })
      const seen: unknown[] = []
      await store.transact({ family: row.family, nowSeconds: now + 100 }, (_tx, found) => {
        seen.push(found)
        return {}
      })
      assert.deepEqual(seen, [null])
    }))
}

function examineNothing<Tx>(open: Open<TransactionStage<Tx>>): void {
  it('leaves nothing of work that throws, and throws what it threw', () =>
    on(open, async ({ store, note, notes }) => {
      const row = await make(store)
      const key = newId()
      const failure = new Error('out of stock')
      const asked = { family: row.family, nowSeconds: now, once: completion(key) }
      const failing = store.transact(asked, (tx) =>
        then(note(tx, 'order'), () => {
          throw failure
        }),
      )
      await assert.rejects(failing, (thrown) => thrown === failure)
      assert.deepEqual(await notes(), [])
      assert.equal(await known(store, key), null)
      assert.deepEqual(await kept(store, row.family), row)
      assert.deepEqual(await store.transact(asked, (tx) => then(note(tx, 'again'), () => ({}))), { kind: 'committed' })
      assert.deepEqual(await notes(), ['again'])
    }))

  it('leaves nothing of work that gives back null', () =>
    on(open, async ({ store, note, notes }) => {
      const key = newId()
      const asked = { family: newId(), nowSeconds: now, once: completion(key) }
      const outcome = await store.transact(asked, (tx) => then(note(tx, 'order'), () => null))
      assert.deepEqual(outcome, { kind: 'abandoned' })
      assert.deepEqual(await notes(), [])
      assert.equal(await known(store, key), null)
    }))

  it('gives an owner back the claim when nothing came of it', () =>
    on(open, async ({ store }) => {
      const key = newId()
      const { once } = await claim(store, { key, owner: 'one' })
      const asked = { family: newId(), nowSeconds: now, once: completion(key, { owner: 'one' }) }
      assert.deepEqual(await store.transact(asked, () => null), { kind: 'abandoned' })
      assert.deepEqual(await known(store, key), once)
    }))

  it('leaves nothing of work on a session that is gone or another one', () =>
    on(open, async ({ store, note, notes }) => {
      const row = await make(store)
      const key = newId()
      const asked = { family: row.family, nowSeconds: now, once: completion(key) }
      const outdated = await store.transact(asked, (tx) =>
        then(note(tx, 'outdated'), () => ({ session: { kind: 'update', row } })),
      )
      assert.deepEqual(outdated, { kind: 'conflict', session: row })
      await store.revoke({ family: row.family }, now)
      const late = await store.transact(asked, (tx) =>
        then(note(tx, 'late'), () => ({ session: { kind: 'update', row: next(row) } })),
      )
      assert.deepEqual(late, { kind: 'gone' })
      assert.deepEqual(await notes(), [])
      assert.equal(await known(store, key), null)
      assert.equal(await kept(store, row.family), null)
    }))
}

function examineLost<Tx>(open: Open<TransactionStage<Tx>>): void {
  it('runs nothing of a submission that is lost', () =>
    on(open, async ({ store }) => {
      const [done, running] = [newId(), newId()]
      await store.commit(completing(done, { answer: 'first' }))
      await claim(store, { key: running, owner: 'one' })
      let runs = 0
      const tries = [completion(done), completion(running), completion(running, { owner: 'two' })]
      for (const once of [...tries, completion(newId(), { owner: 'nobody' })]) {
        const outcome = await store.transact({ family: newId(), nowSeconds: now, once }, () => {
          runs += 1
          return {}
        })
        assert.deepEqual(outcome, { kind: 'lost', once: await known(store, once.key) })
      }
      assert.equal(runs, 0)
    }))

  it('has one effect when 20 at once are the same submission', () =>
    on(open, async (stage) => {
      const { family } = await make(stage.store)
      const key = newId()
      const outcomes = await transactAtOnce(stage, 20, (store, turn) =>
        store.transact({ family, nowSeconds: now, once: completion(key) }, (tx, found) => {
          assert.ok(found)
          const updated = withItem(found, `${turn}`)
          const work: Work = { session: { kind: 'update', row: updated }, answer: `${turn}` }
          return then(stage.note(tx, `${turn}`), () => work)
        }),
      )
      assert.deepEqual(tally(outcomes), { committed: 1, lost: 19 })
      const winner = String(outcomes.findIndex(({ kind }) => kind === 'committed'))
      assert.deepEqual(await stage.notes(), [winner])
      assert.deepEqual(itemsOf(await kept(stage.store, family)), [winner])
      for (const outcome of outcomes) if (outcome.kind === 'lost') assert.equal(outcome.once?.answer, winner)
    }))
}

function examineParallel<Tx>(open: Open<TransactionStage<Tx>>): void {
  it('locks the session that it hands over: 20 at once need no second try', () =>
    on(open, async (stage) => {
      const { family } = await make(stage.store)
      const outcomes = await transactAtOnce(stage, 20, (store, turn) =>
        store.transact({ family, nowSeconds: now, once: completion(newId()) }, (tx, found) => {
          assert.ok(found)
          const updated = withItem(found, `${turn}`)
          return then(stage.note(tx, `${turn}`), () => ({ session: { kind: 'update', row: updated } }))
        }),
      )
      assert.deepEqual(tally(outcomes), { committed: 20 })
      assert.equal((await stage.notes()).length, 20)
      assert.equal(itemsOf(await kept(stage.store, family)).length, 20)
    }))

  it('loses nothing that is committed beside it', () =>
    on(open, async (stage) => {
      const { family } = await make(stage.store)
      const outcomes = await transactAtOnce(stage, 30, (store, turn) => {
        if (turn % 3 === 0) return append(store, { family, item: `${turn}` })
        return store.transact({ family, nowSeconds: now }, (tx, found) => {
          assert.ok(found)
          const updated = withItem(found, `${turn}`)
          return then(stage.note(tx, `${turn}`), () => ({ session: { kind: 'update', row: updated } }))
        })
      })
      assert.deepEqual(tally(outcomes), { committed: 30 })
      assert.equal((await stage.notes()).length, 20)
      assert.equal(new Set(itemsOf(await kept(stage.store, family))).size, 30)
    }))
}

async function transactAtOnce<Tx, Result>(
  stage: TransactionStage<Tx>,
  times: number,
  does: (store: TransactionalStore<Tx>, turn: number) => Promise<Result>,
): Promise<Result[]> {
  const stores = [stage.store, await stage.other()] as const
  return Promise.all(Array.from({ length: times }, (_, turn) => does(stores[turn % 2 === 0 ? 0 : 1], turn)))
}
