/**
 * Lets the requests of this process that write one session do so one after the other, so that they never collide in the
 * store: each begins where the one before it has ended.
 */
export class Turns<Result> {
  readonly #last = new Map<string, Promise<Result | null>>()

  /** Does the work when all work for this key that came before is done. It is given what that came to, or `null`. */
  async take(key: string, work: (before: Result | null) => Promise<Result>): Promise<Result> {
    const before = this.#last.get(key)
    const turn = before === undefined ? work(null) : before.then(work)
    const settled = turn.catch(() => null)
    this.#last.set(key, settled)
    try {
      return await turn
    } finally {
      if (this.#last.get(key) === settled) this.#last.delete(key)
    }
  }
}
