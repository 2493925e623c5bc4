import { DewarError } from '../errors/dewar-error.ts'
import { refuseUnknown } from '../errors/refuse-options.ts'
import { isFamily } from '../session/secret-cookie.ts'
import { isUserName } from '../session/user-name.ts'
import type { SessionRow, Store } from '../store/store.ts'
import type { Config } from './options.ts'

/** One session of a user, as it may be shown: to the user, as a device. */
export interface ListedSession {
  /** What `session.id` is on that device, and what `revoke` takes. It opens nothing. */
  readonly id: string
  readonly user: string | null
  readonly firstSeen: Date
  /** When it was last written, to about 5 % of the idle lifetime. */
  readonly lastSeen: Date
  /** What the browser called itself when the session began. Text of a stranger. */
  readonly userAgent: string
  /** The address that it began from; empty unless the app has `keepsAddress`. */
  readonly address: string
}

/** The sessions that an app keeps in its store. Without a store its methods throw `session/not-revocable`. */
export class Sessions {
  readonly #config: Pick<Config, 'store' | 'clock'>

  constructor(config: Pick<Config, 'store' | 'clock'>) {
    this.#config = config
  }

  /** Whether sessions can be listed and ended from the server: whether the app has a store. */
  get revocable(): boolean {
    return this.#config.store !== null
  }

  /** The sessions of a user that are not over, the one seen last first. */
  async list(user: string): Promise<readonly ListedSession[]> {
    const store = this.#store
    return isUserName(user) ? (await store.list(user, this.#nowSeconds)).map(listed) : []
  }

  /** Ends one session, at once and for good. Tells whether there was one that was not over. */
  async revoke(id: string): Promise<boolean> {
    const store = this.#store
    return isFamily(id) && (await store.revoke({ family: id }, this.#nowSeconds)) > 0
  }

  /** Ends all sessions of a user, but for the one with the id `except`. Gives how many there were that were not over. */
  async revokeAll(user: string, options: { readonly except?: string | null } = {}): Promise<number> {
    refuseUnknown('app.sessions.revokeAll', options, ['except'])
    const { except } = options
    const store = this.#store
    if (!isUserName(user)) return 0
    const spared = typeof except === 'string' && isFamily(except) ? { except } : {}
    return store.revoke({ user, ...spared }, this.#nowSeconds)
  }

  /** How many sessions are kept that are not over. */
  async count(): Promise<number> {
    return this.#store.count(this.#nowSeconds)
  }

  /** Removes up to 1,000 sessions that are over. It happens by itself; call it from a timer if nobody visits for long. */
  async sweep(): Promise<number> {
    return this.#store.sweep(1_000, this.#nowSeconds)
  }

  get #store(): Store {
    const { store } = this.#config
    if (store === null) throw new DewarError('session/not-revocable')
    return store
  }

  get #nowSeconds(): number {
    return Math.floor(this.#config.clock.now() / 1000)
  }
}

function listed({ family, user, createdSeconds, seenSeconds, userAgent, address }: SessionRow): ListedSession {
  const [firstSeen, lastSeen] = [new Date(createdSeconds * 1000), new Date(seenSeconds * 1000)]
  return { id: family, user, firstSeen, lastSeen, userAgent, address }
}
