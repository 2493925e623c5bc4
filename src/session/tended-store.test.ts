import assert from 'node:assert/strict'
import { it } from 'node:test'
import { memory } from '../store/memory.ts'
import { TendedStore } from './tended-store.ts'

const record = { fingerprint: 'f', answer: '', expiresSeconds: 100 }

it('is rid of what is over as fast as it came, also where more comes in a minute than one slice holds', async () => {
  const store = memory()
  const tended = new TendedStore(store)
  for (let at = 0; at < 1000; at++) {
    await store.commit({ family: '', nowSeconds: 0, once: { kind: 'complete', key: `key ${at}`, ...record } })
  }
  for (let nowSeconds = 1_000; nowSeconds < 1_010; nowSeconds++) {
    await tended.begin({ family: '', nowSeconds })
    await new Promise(setImmediate) // nobody waits for a sweep
  }
  assert.equal(await store.sweep(1000, 1_010), 0)
})

it('is left in peace for a minute when there is no more to remove', async () => {
  const store = memory()
  const tended = new TendedStore(store)
  const swept: number[] = []
  store.sweep = async (_most, nowSeconds) => {
    swept.push(nowSeconds)
    return 199
  }
  for (let nowSeconds = 1_000; nowSeconds <= 1_120; nowSeconds++) {
    await tended.begin({ family: '', nowSeconds })
    await new Promise(setImmediate)
  }
  assert.deepEqual(swept, [1_000, 1_060, 1_120])
})
