/** How slowly a body may come. */
export interface Pace {
  /** Milliseconds that are granted to every body. */
  readonly graceMs: number
  /** For every so many bytes received, one second more is granted. */
  readonly bytesPerSecond: number
}

/**
 * How much longer a client may be waited for. Only the time counts in which the server waits: while an app works, or
 * does not read, nobody is too slow. Times are milliseconds of one clock that is passed in.
 */
export class Allowance {
  readonly #pace: Pace
  #receivedBytes = 0
  #waitedMs = 0
  #since: number | null = null

  constructor(pace: Pace) {
    this.#pace = pace
  }

  /** Whether the client is being waited for. */
  get isRunning(): boolean {
    return this.#since !== null
  }

  /** From now on the client is waited for. */
  start(nowMs: number): void {
    this.#since ??= nowMs
  }

  /** From now on it is not. */
  stop(nowMs: number): void {
    this.#waitedMs = this.#waited(nowMs)
    this.#since = null
  }

  /** Something came. */
  receive(bytes: number): void {
    this.#receivedBytes += bytes
  }

  /** Milliseconds until the client is too slow, if nothing more comes; 0 or less: it is. */
  leftMs(nowMs: number): number {
    return this.#pace.graceMs + (this.#receivedBytes / this.#pace.bytesPerSecond) * 1000 - this.#waited(nowMs)
  }

  #waited(nowMs: number): number {
    return this.#waitedMs + (this.#since === null ? 0 : nowMs - this.#since)
  }
}
