/** One message in the book. */
export interface Entry {
  readonly name: string
  readonly message: string
  readonly writtenAt: Date
}

/**
 * The messages of the guests, newest first. They are kept in memory for now, so they are gone when the process ends,
 * and past 100 the oldest one makes room.
 */
export class Book {
  readonly #limit: number
  readonly #entries: Entry[] = []

  constructor(limit = 100) {
    this.#limit = limit
  }

  /** Writes a message on top. */
  add(entry: Entry): void {
    this.#entries.unshift(entry)
    this.#entries.length = Math.min(this.#entries.length, this.#limit)
  }

  /** All messages, newest first. */
  get entries(): readonly Entry[] {
    return this.#entries
  }
}

/** The book that the guests of this process write in. */
export const book: Book = new Book()
