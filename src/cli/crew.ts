import { currentEnvironment } from '../app/environment.ts'
import { logServer } from '../app/log.ts'
import { Refused } from './failure.ts'
import { type End, type Hired, hire } from './hire.ts'
import type { Listening } from './report.ts'

/** Longest time that workers may take to stop: longer than `serve` waits for requests. What runs then is in a loop. */
const stopMs = 40_000
/** A worker that served for so long is not to blame for the one before it. */
const steadyMs = 10_000

const apart =
  'Each worker has a store of its own, so that a form that is sent twice could be done twice. Give them one that they share: a file, not :memory:.'

/** The processes that serve an app together. Who ends without being told to is replaced. */
export class Crew {
  readonly #alive = new Set<Hired>()
  readonly #places: Promise<void>[] = []
  readonly #stopping: PromiseWithResolvers<void> = Promise.withResolvers()
  #isStopping = false
  #lost = 0

  /**
   * Starts so many. One goes first: when it serves nothing this rejects with `Refused`, in the words that it left, and
   * no other is started; it rejects too if another one has other stores. Gives the address when all have begun.
   */
  async start(count: number): Promise<string> {
    const first = this.#hire()
    const begun = await first.started
    if (begun === null) throw new Refused(sentenceOn(await first.ended))
    const others = Array.from({ length: this.#isStopping ? 0 : count - 1 }, () => this.#hire())
    this.#places.push(...[first, ...others].map((hired) => this.#hold(hired)))
    const told = await Promise.all(others.map(({ started }) => started))
    if (told.some((other) => hasOtherStores(other, begun))) throw new Refused(apart)
    return begun.url
  }

  /** Tells all to stop, and waits until they are gone. Gives how many ended in another way than they should. */
  async stop(): Promise<number> {
    this.#isStopping = true
    this.#stopping.resolve()
    const all = [...this.#alive]
    for (const hired of all) hired.kill('SIGTERM')
    const patience = setTimeout(() => this.kill(), stopMs)
    await Promise.all([...all.map(({ ended }) => ended), ...this.#places])
    clearTimeout(patience)
    return this.#lost
  }

  /** Ends all at once, whatever they do. */
  kill(): void {
    for (const hired of this.#alive) hired.kill('SIGKILL')
  }

  #hire(): Hired {
    const hired = hire()
    this.#alive.add(hired)
    void hired.ended.then((end) => {
      this.#alive.delete(hired)
      if (this.#isStopping && end.servedMs > 0 && end.code !== 0) this.#lost += 1
    })
    return hired
  }

  /** Keeps one place filled until the crew is told to stop. */
  async #hold(first: Hired): Promise<void> {
    let [hired, deaths] = [first, 0]
    for (;;) {
      const end = await hired.ended
      if (this.#isStopping) return
      deaths = end.servedMs > steadyMs ? 1 : deaths + 1
      const pauseMs = pauseAfter(deaths)
      logEnd(end, pauseMs)
      await this.#pause(pauseMs)
      if (this.#isStopping) return
      hired = this.#hire()
    }
  }

  async #pause(milliseconds: number): Promise<void> {
    const timer = Promise.withResolvers<void>()
    const timeout = setTimeout(timer.resolve, milliseconds)
    await Promise.race([timer.promise, this.#stopping.promise])
    clearTimeout(timeout)
  }
}

/** How long to wait before a worker is replaced whose place has seen so many deaths in a row, in milliseconds. */
export function pauseAfter(deaths: number): number {
  return Math.min(100 * 2 ** (deaths - 1), 5000)
}

function hasOtherStores(worker: Listening | null, { stores }: Listening): boolean {
  return stores !== null && worker !== null && worker.stores !== null && worker.stores !== stores
}

function logEnd(end: End, restartMs: number): void {
  const { pid, code, signal, sentence } = end
  logServer(currentEnvironment(), {
    event: 'worker-exited',
    level: code === 0 ? 'info' : 'error', // somebody may have told this one to stop
    sentence: `${sentenceOn(end)} Another one is started.`,
    facts: { pid, code, signal, ...(sentence === null ? {} : { error: sentence }), restartMs },
  })
}

function sentenceOn({ pid, code, signal, sentence, servedMs }: End): string {
  if (sentence !== null) return sentence
  const how = signal === null ? `with code ${code}` : `by ${signal}`
  return `Worker ${pid} ended ${how}${servedMs > 0 ? '.' : ' before it served anything.'}`
}
