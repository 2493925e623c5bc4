import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { memory } from '../../src/store/memory.ts'
import type { Asked, Change, Store } from '../../src/store/store.ts'
import { examineStore } from './contract.ts'
import { completing, kept, make, newId, now, type Stage } from './stage.ts'

examineStore('memory', { open })

describe('the memory store', () => {
  it('is empty each time it is made', async () => {
    const { family } = await make(memory())
    assert.equal(await kept(memory(), family), null)
  })

  it('hands out rows that cannot be changed', async () => {
    const store = memory()
    const row = await kept(store, (await make(store)).family)
    assert.ok(Object.isFrozen(row))
  })

  it('finds what is over without asking the rest', async () => {
    const store = memory()
    const rows = 20_000
    for (let turn = 0; turn < rows; turn++) await make(store, { expiresSeconds: now + 600 + turn })
    let ratio = Infinity
    for (let round = 0; round < 10 && ratio > 2; round++) {
      await make(store, { expiresSeconds: now + 5 })
      await store.commit(completing(newId(), { expiresSeconds: now + 5 }))
      const slow = timeOf(() => store.count(now))
      const swept = timeOf(() => store.sweep(100, now + 10))
      assert.equal(await swept.result, 2)
      assert.equal(await slow.result, rows + 1)
      ratio = Math.min(ratio, swept.milliseconds / slow.milliseconds) // a round in which garbage is collected says nothing
    }
    assert.ok(ratio < 2, `${ratio} of the time that it takes to ask all`)
  })
})

function timeOf<Result>(does: () => Result): { result: Result; milliseconds: number } {
  const start = performance.now()
  const result = does()
  return { result, milliseconds: performance.now() - start }
}

async function open(): Promise<Stage> {
  const store = memory()
  const { watched, names } = watch(store)
  await store.prepare()
  return {
    store: watched,
    other: async () => watched,
    // At a time before all others nothing is over: what was not swept shows.
    dump: async () => {
      const found = await Promise.all(
        [...names].map((name) => store.begin({ family: name, nowSeconds: 0, once: { key: name } })),
      )
      return JSON.stringify(found.filter(({ session, once }) => session !== null || once !== null))
    },
    restart: null,
    lose: async () => memory(),
    close: () => store.close(),
  }
}

/** Knows every name that a store was ever told: it has no door to show what it keeps. */
function watch(store: Store): { watched: Store; names: Set<string> } {
  const names = new Set<string>()
  const note = ({ family, once }: Asked | Change): void => {
    names.add(family)
    if (once !== undefined) names.add(once.key)
  }
  const watched: Store = {
    name: store.name,
    prepare: () => store.prepare(),
    begin: (asked) => {
      note(asked)
      return store.begin(asked)
    },
    commit: (change) => {
      note(change)
      return store.commit(change)
    },
    list: (user, nowSeconds) => store.list(user, nowSeconds),
    revoke: (which, nowSeconds) => store.revoke(which, nowSeconds),
    count: (nowSeconds) => store.count(nowSeconds),
    sweep: (most, nowSeconds) => store.sweep(most, nowSeconds),
    close: () => store.close(),
  }
  return { watched, names }
}
