/**
 * Lets the requests of this process that write one session do so one after the other, so that they never collide in the
 * store: each begins where the one before it has ended. When one fails for a reason that `isForAll`, those who wait for
 * their turn by then fail with it: else each would find out for itself, and the last one only after the patience of all.
 */
export class Turns<Result> {
  readonly #last = new Map<string, Promise<Result | null>>()
  readonly #isForAll: (error: unknown) => boolean

  constructor(isForAll: (error: unknown) => boolean) {
    this.#isForAll = isForAll
  }

  /** Does the work when all work for this key that came before is done. It is given what that came to, or `null`. */
  async take(key: string, work: (before: Result | null) => Promise<Result>): Promise<Result> {
    const before = this.#last.get(key)
    const turn = before === undefined ? work(null) : before.then(work)
    const settled = turn.catch((error) => {
      if (this.#isForAll(error)) throw error
      return null
    })
    settled.catch(() => {}) // nobody may be waiting
    this.#last.set(key, settled)
    try {
      return await turn
    } finally {
      if (this.#last.get(key) === settled) this.#last.delete(key)
    }
  }
}
