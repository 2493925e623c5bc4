/** What an attempt gives when somebody else has the lock: it has done nothing. */
export const busy: unique symbol = Symbol('busy')

/** For how long somebody waits for a lock at most, in milliseconds. */
const patienceMs = 1500
/** Most time between two attempts. */
const longestPauseMs = 25
/** For how long those who wait are served one after the other, before others get their turn in this process. */
const turnMs = 10

/** Somebody who waits in line. */
export class Waiter<Result> {
  readonly outcome: Promise<Result>
  /** Until when they wait, by `performance.now()`. */
  readonly untilMs: number = performance.now() + patienceMs
  readonly #attempt: () => Result | typeof busy
  readonly #tooLate: () => Error
  #settle: PromiseWithResolvers<Result>

  /** Waits for the attempt to be something else than `busy`; when it is too late, for what `tooLate` makes. */
  constructor(attempt: () => Result | typeof busy, tooLate: () => Error) {
    this.#attempt = attempt
    this.#tooLate = tooLate
    this.#settle = Promise.withResolvers()
    this.outcome = this.#settle.promise
  }

  /** Tries, and tells whether it is over, well or not. */
  try(): boolean {
    try {
      const result = this.#attempt()
      if (result === busy) return false
      this.tell(result)
    } catch (error) {
      this.refuse(error)
    }
    return true
  }

  tell(result: Result): void {
    this.#settle.resolve(result)
  }

  refuse(error: unknown): void {
    this.#settle.reject(error)
  }

  giveUp(): void {
    this.refuse(this.#tooLate())
  }
}

/** Somebody who waits, whatever for. */
export type Waiting = Pick<Waiter<never>, 'untilMs' | 'try' | 'giveUp' | 'refuse'>

/**
 * Lets those who need a lock that another process may hold wait for it in the order in which they came, without blocking
 * this process. One attempt is made for all of them; who comes while nobody waits is served at once.
 */
export class WaitingLine<Task extends Waiting = Waiting> {
  readonly #serve: (waiting: readonly [Task, ...Task[]]) => readonly Task[]
  #waiting: Task[] = []
  #tries = 0
  #isServing = false
  #isPausing = false

  /** Serves with a function that tries the first ones, and gives those with whom it is over: none if it is `busy`. */
  constructor(serve: (waiting: readonly [Task, ...Task[]]) => readonly Task[] = serveFirst) {
    this.#serve = serve
  }

  /** Whether nobody waits. */
  get isEmpty(): boolean {
    return this.#waiting.length === 0
  }

  join(tasks: readonly Task[]): void {
    this.#waiting.push(...tasks)
    if (!this.#isServing && !this.#isPausing) this.#serveAll()
  }

  #serveAll(): void {
    const startMs = performance.now()
    this.#isServing = true
    while (this.#serveSome() && performance.now() - startMs < turnMs);
    this.#isServing = false
    if (this.#waiting.length > 0) this.#pause()
  }

  // With chance, so that processes that collided do not collide again.
  #pause(): void {
    const pauseMs = Math.min(2 ** this.#tries++, longestPauseMs) * Math.random()
    this.#isPausing = true
    setTimeout(() => {
      this.#isPausing = false
      this.#serveAll()
    }, pauseMs)
  }

  // Tells whether the next ones may try too.
  #serveSome(): boolean {
    const [first, ...others] = this.#waiting
    if (first === undefined) return false
    const over = new Set(this.#serve([first, ...others]))
    if (over.size > 0) this.#tries = 0
    this.#waiting = this.#waiting.filter((task) => !over.has(task))
    if (over.size > 0) return true
    const nowMs = performance.now()
    while (this.#waiting[0] !== undefined && this.#waiting[0].untilMs <= nowMs) this.#waiting.shift()?.giveUp()
    return false
  }
}

function serveFirst<Task extends Waiting>([first]: readonly [Task, ...Task[]]): readonly Task[] {
  return first.try() ? [first] : []
}
