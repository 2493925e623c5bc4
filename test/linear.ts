import assert from 'node:assert/strict'

/**
 * Asserts that work on twice the bytes takes at most 2.6 times as long; what is quadratic takes four times as long. Each is
 * measured close together with its double, by the processor's time: what slows one down slows the other. A pair that looks
 * bad is measured again, twelve times at most. Then 16 times the bytes speak for it against 4 times, where a collection of
 * garbage weighs less than it does on a few milliseconds: four doublings from the first, two from the second, and the
 * same 2.6 for each.
 */
export function assertLinear(bytes: number, prepare: (bytes: number) => () => void): void {
  let growth = growthBetween(bytes, 2, prepare, 12)
  if (growth > most) growth = growthBetween(4 * bytes, 4, prepare, 5)
  assert.ok(growth <= most, `${growth.toFixed(1)} times as long, each time that it is twice as long`)
}

const most = 2.6

/** How many times as long work on twice the bytes takes, read off work on `times` the bytes: the least of the rounds. */
function growthBetween(bytes: number, times: number, prepare: (bytes: number) => () => void, rounds: number): number {
  const small = prepare(bytes)
  const large = prepare(times * bytes)
  small()
  let growth = Infinity
  for (let round = 0; round < rounds && growth > most; round++) {
    const smallMs = leastMs(small)
    growth = Math.min(growth, (leastMs(large) / smallMs) ** (1 / Math.log2(times)))
  }
  return growth
}

function leastMs(work: () => void): number {
  const times = Array.from({ length: 5 }, () => {
    const before = process.cpuUsage() // not the clock: other tests run at the same time
    work()
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000
  })
  return Math.min(...times)
}
