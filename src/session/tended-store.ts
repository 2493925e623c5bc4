import type { Store } from '../store/store.ts'

/** How often a store is swept, in seconds, and how many rows at a time. */
const sweepEverySeconds = 60
const sweepRows = 200

/**
 * A store that is made ready before it is first asked, and swept in small slices now and then, while nobody waits for it.
 * One that could not be made ready is tried again with the next request.
 */
export class TendedStore {
  readonly #store: Store
  #ready: Promise<void> | null = null
  #isReady = false
  #sweptSeconds = 0

  constructor(store: Store) {
    this.#store = store
  }

  /** The store, ready to be asked: at once, once it is. Rejects as `prepare` does. */
  ready(nowSeconds: number): Store | Promise<Store> {
    if (!this.#isReady) return this.#prepare().then(() => this.ready(nowSeconds))
    this.#sweepNowAndThen(nowSeconds)
    return this.#store
  }

  async #prepare(): Promise<void> {
    this.#ready ??= this.#store.prepare()
    try {
      await this.#ready
      this.#isReady = true
    } finally {
      this.#ready = null
    }
  }

  #sweepNowAndThen(nowSeconds: number): void {
    if (nowSeconds - this.#sweptSeconds < sweepEverySeconds) return
    this.#sweptSeconds = nowSeconds
    this.#store.sweep(sweepRows, nowSeconds).catch(() => {}) // what is left over is not there all the same
  }
}
