/** For how long a call waits for its server at most, in milliseconds: less than the two seconds that a store promises. */
export const patienceMs = 1800

/** What a wait rejects with when it took too long. */
export class TooLate extends Error {
  constructor() {
    super('No answer came in time.')
    this.name = 'TooLate'
  }
}

/** The time that one call has. It begins when it is made. */
export class Patience {
  /** When it ends, by `performance.now()`. */
  readonly untilMs: number

  constructor(milliseconds: number = patienceMs) {
    this.untilMs = performance.now() + milliseconds
  }

  /** Whether there is time left. */
  get isLeft(): boolean {
    return performance.now() < this.untilMs
  }

  /** What the promise gives. Rejects with `TooLate` when the time is over before; what it gives then is forgotten. */
  async wait<Result>(promise: Promise<Result>): Promise<Result> {
    let timer: NodeJS.Timeout | undefined
    const over = new Promise<never>((_resolve, reject) => {
      // One turn more: an answer that came while this process was busy is read before the time is called over.
      const giveUp = () => setImmediate(() => reject(new TooLate()))
      timer = setTimeout(giveUp, Math.max(0, this.untilMs - performance.now()))
    })
    try {
      return await Promise.race([promise, over])
    } finally {
      clearTimeout(timer)
    }
  }

  /** Waits up to this long, with chance, so that those who collided do not collide again. */
  async pause(mostMs: number): Promise<void> {
    const pauseMs = Math.min(mostMs * (0.5 + Math.random() / 2), this.untilMs - performance.now())
    if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
}
