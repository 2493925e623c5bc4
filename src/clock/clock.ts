/** Tells the time. Passed in wherever time matters, so that a test can move it. */
export interface Clock {
  /** Milliseconds since 1 January 1970 UTC, as `Date.now` gives them. */
  now(): number
}

/** The clock of the machine. */
export const systemClock: Clock = { now: () => Date.now() }

/** One day, in seconds. */
export const daySeconds: number = 24 * 60 * 60
