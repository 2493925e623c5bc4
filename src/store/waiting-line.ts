/** What an attempt gives when somebody else has the lock: it has done nothing. */
export const busy: unique symbol = Symbol('busy')

/** For how long somebody waits for a lock at most, in milliseconds. */
const patienceMs = 1500
/** Most time between two attempts. */
const longestPauseMs = 25
/** For how long those who wait are served one after the other, before others get their turn in this process. */
const turnMs = 10

interface Waiter {
  readonly untilMs: number
  /** Tries, and tells whether it is over, well or not. */
  try(): boolean
  giveUp(): void
}

/**
 * Lets those who need a lock that another process may hold wait for it in the order in which they came, without blocking
 * this process. One attempt is made for all of them; who comes while nobody waits is served at once.
 */
export class WaitingLine {
  #waiters: Waiter[] = []
  #tries = 0

  /** What the attempt gives, once it is not `busy`; after 1.5 seconds rejects with what `tooLate` makes. */
  async join<Result>(attempt: () => Result | typeof busy, tooLate: () => Error): Promise<Result> {
    if (this.#waiters.length === 0) {
      const result = attempt()
      if (result !== busy) return result
    }
    return new Promise((resolve, reject) => {
      const giveUp = (): void => reject(tooLate())
      this.#waiters.push({
        untilMs: performance.now() + patienceMs,
        try: () => settle(attempt, resolve, reject),
        giveUp,
      })
      if (this.#waiters.length === 1) this.#pause()
    })
  }

  // With chance, so that processes that collided do not collide again.
  #pause(): void {
    const pauseMs = Math.min(2 ** this.#tries++, longestPauseMs) * Math.random()
    setTimeout(() => this.#serve(), pauseMs)
  }

  #serve(): void {
    const startMs = performance.now()
    while (this.#waiters.length > 0 && performance.now() - startMs < turnMs) if (!this.#serveFirst()) break
    if (this.#waiters.length > 0) this.#pause()
  }

  // Tells whether the next one may try too.
  #serveFirst(): boolean {
    const [first] = this.#waiters
    if (first?.try() === true) this.#tries = 0
    else if (first !== undefined && performance.now() < first.untilMs) return false
    else first?.giveUp()
    this.#waiters.shift()
    return true
  }
}

function settle<Result>(
  attempt: () => Result | typeof busy,
  resolve: (result: Result) => void,
  reject: (error: unknown) => void,
): boolean {
  try {
    const result = attempt()
    if (result === busy) return false
    resolve(result)
  } catch (error) {
    reject(error)
  }
  return true
}
