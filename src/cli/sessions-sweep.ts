import { systemClock } from '../clock/clock.ts'
import type { Store } from '../store/store.ts'
import { type Command, file } from './command.ts'
import { withStore } from './with-store.ts'

const sliceRows = 100
const pauseMs = 20

/** `dewar sessions sweep FILE` */
export const sessionsSweep: Command = {
  name: 'sessions sweep',
  does: `Removes the sessions and submissions that are over, ${sliceRows} at a time.`,
  usages: ['FILE'],
  operands: [file],
  options: {},
  example: 'dewar sessions sweep app.ts',
  run(given) {
    return withStore(given.operand('FILE'), async (store) => {
      const removed = await sweep(store, Math.floor(systemClock.now() / 1000))
      return removed === 1 ? 'Removed 1 row that was over.' : `Removed ${removed} rows that were over.`
    })
  },
}

// What is over later than now is left, so that it comes to an end however many there are.
async function sweep(store: Store, nowSeconds: number): Promise<number> {
  for (let all = 0; ; ) {
    const removed = await store.sweep(sliceRows, nowSeconds)
    if (removed === 0) return all
    all += removed
    await new Promise((resolve) => setTimeout(resolve, pauseMs)) // lets the app write in between
  }
}
