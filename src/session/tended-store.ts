import type { Asked, Begun, Store } from '../store/store.ts'

/** How often a store is swept, in seconds, and how many rows at a time; how soon again where there are more. */
const sweepEverySeconds = 60
const sweepRows = 200
const sweepOnSeconds = 1

/**
 * A store that is made ready before it is first asked, and swept in small slices now and then, while nobody waits for it.
 * One that could not be made ready is tried again with the next request.
 */
export class TendedStore {
  readonly #store: Store
  #ready: Promise<void> | null = null
  #isReady = false
  #isAway = false
  #incarnation = ''
  #sweepsAtSeconds = 0

  constructor(store: Store) {
    this.#store = store
  }

  /** The newest incarnation of the store that it has told of; empty before it was asked. */
  get incarnation(): string {
    return this.#incarnation
  }

  /**
   * Waits until the incarnation is known, for who asks for nothing else; `null` where nothing is to be waited for. Never
   * rejects. When it was in vain once, nobody waits for it again: it is asked while they go on.
   */
  meet(nowSeconds: number): Promise<void> | null {
    if (this.#isReady) return null
    const meeting = this.#prepare(nowSeconds).catch(() => {
      this.#isAway = true
    })
    return this.#isAway ? null : meeting
  }

  /** What a request needs to know. Rejects as `prepare` and `begin` do. */
  begin(asked: Asked): Begun | Promise<Begun> {
    const store = this.ready(asked.nowSeconds)
    const begun = store instanceof Promise ? store.then((ready) => ready.begin(asked)) : store.begin(asked)
    return begun instanceof Promise ? begun.then((told) => this.#learnFrom(told)) : this.#learnFrom(begun)
  }

  /** The store, ready to be asked: at once, once it is. Rejects as `prepare` does. */
  ready(nowSeconds: number): Store | Promise<Store> {
    if (!this.#isReady) return this.#prepare(nowSeconds).then(() => this.ready(nowSeconds))
    this.#sweepNowAndThen(nowSeconds)
    return this.#store
  }

  async #prepare(nowSeconds: number): Promise<void> {
    this.#ready ??= this.#makeReady(nowSeconds)
    try {
      await this.#ready
      this.#isReady = true
    } finally {
      this.#ready = null
    }
  }

  async #makeReady(nowSeconds: number): Promise<void> {
    await this.#store.prepare()
    this.#learnFrom(await this.#store.begin({ family: '', nowSeconds }))
  }

  #learnFrom(begun: Begun): Begun {
    if (begun.incarnation !== '') this.#incarnation = begun.incarnation
    return begun
  }

  #sweepNowAndThen(nowSeconds: number): void {
    if (nowSeconds < this.#sweepsAtSeconds) return
    this.#sweepsAtSeconds = nowSeconds + sweepEverySeconds
    const goOn = (removed: number): void => {
      if (removed >= sweepRows) this.#sweepsAtSeconds = nowSeconds + sweepOnSeconds
    }
    this.#store.sweep(sweepRows, nowSeconds).then(goOn, () => {}) // what is left over is not there all the same
  }
}
