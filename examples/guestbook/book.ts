import type { DatabaseSync } from 'node:sqlite'

/** One message in the book. */
export interface Entry {
  readonly name: string
  readonly message: string
  readonly writtenAt: Date
}

/** The messages of the guests, in a table of the database that also keeps their sessions. */
export class Book {
  readonly #database: DatabaseSync

  constructor(database: DatabaseSync) {
    this.#database = database
    database.exec(
      'CREATE TABLE IF NOT EXISTS entries (id INTEGER PRIMARY KEY, name TEXT, message TEXT, written_at INTEGER) STRICT',
    )
  }

  /** Writes a message on top. */
  add({ name, message, writtenAt }: Entry): void {
    this.#database
      .prepare('INSERT INTO entries (name, message, written_at) VALUES (?, ?, ?)')
      .run(name, message, writtenAt.getTime())
  }

  /** The newest 100 messages, newest first. */
  get entries(): readonly Entry[] {
    const rows = this.#database
      .prepare('SELECT name, message, written_at FROM entries ORDER BY id DESC LIMIT 100')
      .all()
    return rows.map(({ name, message, written_at: writtenAt }) => ({
      name: String(name),
      message: String(message),
      writtenAt: new Date(Number(writtenAt)),
    }))
  }
}
