import { DewarError } from '../errors/dewar-error.ts'
import type { LiveSession } from './live-session.ts'
import { isUserName } from './user-name.ts'
import { handOut, keepValue } from './values.ts'

/**
 * What this visitor's browser and the app remember together. Reads see what was kept before this request and what
 * this request has done itself; values are frozen, so changing one in place throws. What is done here is kept
 * when the answer leaves, before its first byte; a handler that throws or answers 5xx changes nothing.
 *
 * Values are JSON, `Date`, `Map`, `Set`, `bigint` and `Uint8Array`; others throw `session/value`.
 */
export class Session<Data extends object> {
  readonly #live: LiveSession

  constructor(live: LiveSession) {
    this.#live = live
  }

  /** The value kept under a key, or `undefined`. */
  get<Key extends keyof Data & string>(key: Key): Data[Key] | undefined {
    // The schema, or the author's own `shape`, vouches that what is kept under the key has its type.
    return handOut(this.#live.state?.data.get(key)) as Data[Key] | undefined
  }

  /** Whether something is kept under a key. */
  has(key: keyof Data & string): boolean {
    return this.#live.state?.data.has(key) ?? false
  }

  /** How many keys are kept. */
  get size(): number {
    return this.#live.state?.data.size ?? 0
  }

  /** Everything that is kept, as a frozen object without prototype. */
  all(): Readonly<Partial<Data>> {
    const all: Record<string, unknown> = Object.create(null)
    for (const [key, value] of this.#live.state?.data ?? []) all[key] = handOut(value)
    return Object.freeze(all) as Readonly<Partial<Data>> // as in get
  }

  /** Keeps a copy of a value under a key. Of two requests at once that set one key, the last to commit wins. */
  set<Key extends keyof Data & string>(key: Key, value: Data[Key]): void {
    this.#live.do({ kind: 'set', key, value: keepValue(value, key) })
  }

  /** Forgets what is kept under a key. */
  delete(key: keyof Data & string): void {
    this.#live.do({ kind: 'delete', key })
  }

  /** Ends the session: data, user and messages are gone, and so is the cookie unless something is set afterwards. */
  clear(): void {
    this.#live.do({ kind: 'clear' })
  }

  /** Who is signed in: what `login` was given, or `null`. */
  get user(): string | null {
    return this.#live.state?.user ?? null
  }

  /** A name for this session that may be shown: it stays the same while the session lives and opens nothing. */
  get id(): string | null {
    return this.#live.state?.family ?? null
  }

  /**
   * Remembers who this is, keeps the data, begins both lifetimes anew, and ends what was made before, such as form tokens.
   * Throws `session/value` for a name with U+0000 or half of a surrogate pair in it, which not every database can keep.
   */
  login(user: string): void {
    if (typeof user !== 'string' || user === '')
      throw new TypeError('session.login takes the name or id of a user as text.')
    if (!isUserName(user)) {
      throw new DewarError('session/value', 'The name of a user has U+0000 or half of a surrogate pair in it.')
    }
    this.#live.do({ kind: 'login', user, nowSeconds: this.#live.nowSeconds })
  }

  /** Signs out: the same as `clear`. */
  logout(): void {
    this.#live.do({ kind: 'clear' })
  }

  /** Begins the idle lifetime anew. It happens by itself once 5 % of it has passed. */
  refresh(): void {
    this.#live.do({ kind: 'refresh', nowSeconds: this.#live.nowSeconds })
  }
}
