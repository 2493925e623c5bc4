import assert from 'node:assert/strict'

/**
 * Asserts that work on twice the bytes takes at most 2.6 times as long; what is quadratic takes four times as long. Each is
 * measured close together with its double, by the processor's time: what slows one down slows the other. A pair that looks
 * bad is measured again, twelve times at most, and four times the bytes speak for it too: then at most 2.6 times 2.6.
 */
export function assertLinear(bytes: number, prepare: (bytes: number) => () => void): void {
  const once = prepare(bytes)
  const twice = prepare(2 * bytes)
  once()
  let ratio = Infinity
  for (let round = 0; round < 12 && ratio > most; round++) {
    const onceMs = leastMs(once)
    ratio = Math.min(ratio, leastMs(twice) / onceMs)
  }
  if (ratio <= most) return
  const fourTimes = prepare(4 * bytes)
  const onceMs = leastMs(once)
  ratio = Math.sqrt(leastMs(fourTimes) / onceMs)
  assert.ok(ratio <= most, `${ratio.toFixed(1)} times as long, each time that it is twice as long`)
}

const most = 2.6

function leastMs(work: () => void): number {
  const times = Array.from({ length: 5 }, () => {
    const before = process.cpuUsage() // not the clock: other tests run at the same time
    work()
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000
  })
  return Math.min(...times)
}
