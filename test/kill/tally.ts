/** What is counted while visitors work. */
export class Tally {
  /** Submissions that were answered with their redirect. */
  acknowledged = 0
  /** Submissions that nobody could confirm: their visitors were asked to check. */
  asked = 0
  /** POSTs of submissions that were sent, those that got no answer included. */
  sent = 0
  /** Requests of any kind to which there was no answer at all. */
  unanswered = 0
  /** Requests that were answered 503: nothing was done, and they are sent again. */
  unavailable = 0
  /** Submissions whose answers came from more than one process. */
  spread = 0
  /** Answers that nobody should ever get. */
  readonly unexpected: string[] = []
  #progressMs: number = performance.now()

  /** Something went on. */
  note(): void {
    this.#progressMs = performance.now()
  }

  /** For how long nothing has. */
  get stillMs(): number {
    return performance.now() - this.#progressMs
  }
}
