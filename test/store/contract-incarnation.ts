import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Store } from '../../src/store/store.ts'
import { claim, completing, known, make, newId, now, type Open, on } from './stage.ts'

/** Whether it is still the store that it was, or one that has forgotten all. */
export function examineIncarnation(open: Open): void {
  describe('the incarnation', () => {
    it('is the same for all, whatever they ask and whatever is written', () =>
      on(open, async ({ store, other }) => {
        const far = await other()
        const told = [...(await toldBy(store)), ...(await toldBy(far))]
        await make(far, { user: 'ada' })
        await store.commit(completing(newId()))
        await store.revoke({ all: true }, now)
        await store.sweep(100, now + 10_000)
        await store.prepare()
        told.push(...(await toldBy(far)), ...(await toldBy(store)))
        assert.match(told[0] ?? '', /^[\w-]{4}$/)
        assert.deepEqual(new Set(told), new Set([told[0]]))
      }))

    it('is the same after everybody went and came back, with what they kept', () =>
      on(open, async ({ store, restart }) => {
        if (restart === null) return // nothing of it comes back
        const key = newId()
        await store.commit(completing(key))
        const told = await toldBy(store)
        const back = await restart()
        assert.equal((await known(back, key))?.state, 'done')
        assert.deepEqual(await toldBy(back), told)
      }))

    it('is another one each time that all is lost', () =>
      on(open, async ({ store, lose }) => {
        const key = newId()
        await store.commit(completing(key))
        const [first] = await toldBy(store)
        const seen = new Set([first])
        for (let round = 2; round <= 4; round++) {
          const empty = await lose()
          // Who claims is the first to ask, and others after them.
          const begun = await claim(empty, { key, owner: 'one' })
          assert.equal(begun.isMine, true)
          assert.match(begun.incarnation, /^[\w-]{4}$/)
          assert.deepEqual(new Set(await toldBy(empty)), new Set([begun.incarnation]))
          assert.equal(seen.add(begun.incarnation).size, round)
        }
      }))
  })
}

/** What is told to who asks for a session, for a submission as well, and to who claims one. */
async function toldBy(store: Store): Promise<string[]> {
  const asking = { family: newId(), nowSeconds: now }
  const begun = [
    await store.begin(asking),
    await store.begin({ ...asking, once: { key: newId() } }),
    await claim(store, { key: newId(), owner: 'one' }),
  ]
  return begun.map(({ incarnation }) => incarnation)
}
