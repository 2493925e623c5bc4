import { DewarError } from '../errors/dewar-error.ts'
import { inShort, refuseUnknown } from '../errors/refuse-options.ts'
import { jsonOf } from './change-of-value.ts'
import type { LiveSession } from './live-session.ts'
import { Session } from './session.ts'
import { keepValue } from './values.ts'

/** The keys under which a session holds lists, or numbers. */
export type KeyOf<Data, Kind> = {
  [Key in keyof Data & string]: unknown extends Data[Key] ? Key : NonNullable<Data[Key]> extends Kind ? Key : never
}[keyof Data & string]

/** What a list holds. */
export type ItemOf<List> = unknown extends List
  ? unknown
  : NonNullable<List> extends readonly (infer Item)[]
    ? Item
    : never

/**
 * A session that is kept in a store. What parallel requests do to it is never lost: each of these is done again on the
 * newest state if somebody else was faster.
 */
export class StoredSession<Data extends object> extends Session<Data> {
  readonly #live: LiveSession

  constructor(live: LiveSession) {
    super(live)
    this.#live = live
  }

  /**
   * Keeps a copy of a value under a key. Of two requests at once that set one key, the last to commit wins; with
   * `strict` the second one is answered 409 `session/conflict`, and nothing of it is kept.
   */
  override set<Key extends keyof Data & string>(
    key: Key,
    value: Data[Key],
    options: { readonly strict?: boolean } = {},
  ): void {
    refuseUnknown('session.set', options, ['strict'])
    const { strict = false } = options
    const kept = keepValue(value, key)
    if (strict) this.#live.do({ kind: 'set-seen', key, value: kept, seen: jsonOf(this.#live.state?.data.get(key)) })
    else this.#live.do({ kind: 'set', key, value: kept })
  }

  /** Adds an item to the end of a list, which begins empty. Beyond `max` items the oldest go. Default: no limit. */
  push<Key extends KeyOf<Data, readonly unknown[]>>(
    key: Key,
    item: ItemOf<Data[Key]>,
    options: { readonly max?: number } = {},
  ): void {
    refuseUnknown('session.push', options, ['max'])
    const { max = Number.MAX_SAFE_INTEGER } = options
    if (!Number.isInteger(max) || max < 1) throw new TypeError('session.push takes a max of 1 or more.')
    this.#live.do({ kind: 'push', key, item: keepValue(item, key), most: max })
  }

  /** Takes every item out of a list that is equal to this one. */
  remove<Key extends KeyOf<Data, readonly unknown[]>>(key: Key, item: ItemOf<Data[Key]>): void {
    this.#live.do({ kind: 'remove', key, item: keepValue(item, key) })
  }

  /** Adds to a number, which begins at 0. Throws `session/value` for what is no number: text would be put behind it. */
  increment(key: KeyOf<Data, number>, by = 1): void {
    if (typeof by !== 'number')
      throw new DewarError('session/value', `session.increment adds a number to ${key}, and not ${inShort(by)}.`)
    this.#live.do({ kind: 'increment', key, by })
  }

  /**
   * Sets a key to what a function makes of its value; `undefined` deletes it. The function may be called again, on the
   * value that another request has kept meanwhile: let it do nothing else.
   */
  update<Key extends keyof Data & string>(
    key: Key,
    change: (value: Data[Key] | undefined) => Data[Key] | undefined,
  ): void {
    // The schema, or the author's own `shape`, vouches that what is kept under the key has its type.
    this.#live.do({ kind: 'update', key, change: change as (value: unknown) => unknown })
  }
}
