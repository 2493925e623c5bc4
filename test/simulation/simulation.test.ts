import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { commandFor } from './command.ts'
import type { Mode } from './modes.ts'
import { playInParallel } from './parallel.ts'
import { simulate } from './simulate.ts'

/** How many seeds there are in all: DEWAR_SIMULATED_SEEDS says otherwise. */
const seeds = Number(process.env.DEWAR_SIMULATED_SEEDS ?? 20_000)

const shares: Readonly<Record<Mode, number>> = { cookie: 0.2, memory: 0.4, tx: 0.4 }

describe('submissions while anything goes wrong', () => {
  for (const [mode, share] of Object.entries(shares) as [Mode, number][]) {
    const count = Math.max(1, Math.round(seeds * share))
    it(`keep every promise in ${count} seeds, with sessions in ${mode} mode`, async (test) => {
      const { played, steps, effects, broken } = await playInParallel({ mode, first: 1, last: count })
      test.diagnostic(`${played} seeds, ${steps} steps, ${effects} effects`)
      const told = broken.slice(0, 10).map(({ seed, message }) => `${commandFor(seed, mode)}   # ${message}`)
      assert.equal(broken.length, 0, `${broken.length} of ${played} seeds\n${told.join('\n')}`)
      assert.equal(played, count)
      assert.ok(effects > played, 'more than one effect a seed') // else nothing was tried
    })
  }

  it('are the same again for the same seed, step by step, and others for another one', async () => {
    for (const mode of ['cookie', 'memory', 'tx'] as const) {
      for (const seed of [1, 2, 3, 4, 5]) {
        const one = await simulate(seed, mode, { isTraced: true })
        const again = await simulate(seed, mode, { isTraced: true })
        assert.ok(one.trace.length > 10)
        assert.deepEqual(withoutTimes(again.trace), withoutTimes(one.trace))
        const other = await simulate(seed + 100, mode, { isTraced: true })
        assert.notDeepEqual(withoutTimes(other.trace), withoutTimes(one.trace))
      }
    }
  })
})

// A line of the log tells the time of the machine.
function withoutTimes(trace: readonly string[]): readonly string[] {
  return trace.map((line) => line.replace(/"time":"[^"]*"/, ''))
}
