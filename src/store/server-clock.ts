/**
 * What time it is on a server, as far as its answers tell. With it a write says until when it may be done: one that
 * reaches the server later, because the server stood still or the client sent it again, does nothing. Who was told that
 * the store is unavailable is not surprised by a write afterwards.
 */
export class ServerClock {
  #aheadMs: number | null = null

  /**
   * Takes the server's time from an answer that has just come. It was later there since, never earlier: what is told by
   * `at` is rather too early than too late, by the time that the answer was under way.
   */
  learn(serverMs: number): void {
    this.#aheadMs = serverMs - performance.now()
  }

  /** The server's time, in milliseconds since 1970, when `performance.now()` is this here. 0 until an answer has come. */
  at(localMs: number): number {
    return this.#aheadMs === null ? 0 : Math.floor(localMs + this.#aheadMs)
  }
}
