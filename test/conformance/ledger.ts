/** One payment. */
export interface Payment {
  readonly number: number
  readonly amount: number
  /** The public fingerprint of the session that paid. */
  readonly session: string | null
}

/** The payments of this process, in memory. */
export class Ledger {
  readonly #rows: Payment[] = []

  /** How many payments there are. */
  get count(): number {
    return this.#rows.length
  }

  /** The payment with this number, or `undefined`. */
  find(number: number): Payment | undefined {
    return this.#rows[number - 1]
  }

  /** Runs `work` at once, with nothing in between: what it adds stays, unless it throws. */
  transaction<Result>(work: (add: (payment: Omit<Payment, 'number'>) => number) => Result): Result {
    const before = this.#rows.length
    try {
      return work((payment) => this.#rows.push({ ...payment, number: this.#rows.length + 1 }))
    } catch (error) {
      this.#rows.length = before
      throw error
    }
  }
}
