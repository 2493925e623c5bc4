import { HttpError } from '../errors/http-error.ts'
import type { Entry } from './urlencoded.ts'

/** What was posted, or stood in the query: names and texts in the order sent. Read-only. */
export class Fields {
  readonly #entries: readonly Entry[]

  constructor(entries: readonly Entry[]) {
    this.#entries = entries
  }

  /** The first value of this name, or `null`. */
  get(name: string): string | null {
    return this.#entries.find((entry) => entry[0] === name)?.[1] ?? null
  }

  /** All values of this name, in the order sent. */
  getAll(name: string): string[] {
    return this.#entries.filter((entry) => entry[0] === name).map((entry) => entry[1])
  }

  /** Whether there is at least one value of this name. */
  has(name: string): boolean {
    return this.#entries.some((entry) => entry[0] === name)
  }

  /** The first value of this name. Without one the request is answered 400, with a page that names the field. */
  require(name: string): string {
    const value = this.get(name)
    if (value === null) throw new HttpError(400, `The field “${name}” is missing.`)
    return value
  }

  /** Names and values in the order sent. */
  [Symbol.iterator](): Iterator<Entry> {
    return this.#entries[Symbol.iterator]()
  }
}

/** No fields at all. */
export const noFields: Fields = new Fields([])
