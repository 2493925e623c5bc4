import assert from 'node:assert/strict'

/**
 * Asserts that work on twice the bytes takes at most 2.6 times as long; what is quadratic takes four times as long.
 * Both of a pair are measured close together, by the processor's time: what slows one down slows the other. A pair that
 * looks bad is measured again, twelve times at most; what is quadratic looks bad each time.
 */
export function assertLinear(bytes: number, prepare: (bytes: number) => () => void): void {
  const once = prepare(bytes)
  const twice = prepare(2 * bytes)
  once()
  let ratio = Infinity
  for (let round = 0; round < 12 && ratio > 2.6; round++) {
    const onceMs = leastMs(once)
    ratio = Math.min(ratio, leastMs(twice) / onceMs)
  }
  assert.ok(ratio <= 2.6, `${ratio.toFixed(1)} times as long`)
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
