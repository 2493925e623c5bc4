import type { Clock } from '../clock/clock.ts'

/** A clock that stands until it is moved: for `new Dewar({ clock })` and `browser(app, { now: clock.now })`. */
export interface TestClock extends Clock {
  /** Milliseconds since 1970, as `Date.now` gives them. Needs no `this`. */
  readonly now: () => number
  /** Moves it. Throws for a length of time that is not above 0, and for a word that it does not know. */
  forward(by: Span): void
}

/** A length of time: all of it together. */
export interface Span {
  readonly days?: number
  readonly hours?: number
  readonly minutes?: number
  readonly seconds?: number
  readonly milliseconds?: number
}

/** Makes one that shows this time. Default: what the clock of the machine shows now. */
export function testClock(start: Date | string | number = Date.now()): TestClock {
  let nowMilliseconds = new Date(start).getTime()
  if (Number.isNaN(nowMilliseconds))
    throw new RangeError(`${JSON.stringify(start)} is no time: say '2026-01-31T12:00Z'.`)
  return {
    now: () => nowMilliseconds,
    forward(by) {
      const milliseconds = Object.entries(by).reduce((sum, [unit, count]) => sum + count * lengthOf(unit), 0)
      if (!(milliseconds > 0)) throw new RangeError(`A clock moves forward: ${JSON.stringify(by)} is not above 0.`)
      nowMilliseconds += milliseconds
    },
  }
}

const lengths: ReadonlyMap<string, number> = new Map([
  ['days', 86_400_000],
  ['hours', 3_600_000],
  ['minutes', 60_000],
  ['seconds', 1000],
  ['milliseconds', 1],
])

function lengthOf(unit: string): number {
  const length = lengths.get(unit)
  if (length === undefined) throw new TypeError(`A clock knows ${[...lengths.keys()].join(', ')}, and not "${unit}".`)
  return length
}
