import { randomBytes } from 'node:crypto'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { prepareOn } from './sqlite-prepare.ts'

/** What it takes to do several writes in one transaction of a connection. Throws whatever SQLite does. */
export class Savepoints {
  readonly #set: StatementSync
  readonly #release: StatementSync
  readonly #back: StatementSync
  readonly #mark: StatementSync
  readonly #marked: StatementSync

  constructor(database: DatabaseSync) {
    const name = `dewar_${randomBytes(8).toString('hex')}` // so that the app's own statements do not end it
    this.#set = prepareOn(database, `SAVEPOINT ${name}`)
    this.#release = prepareOn(database, `RELEASE ${name}`)
    this.#back = prepareOn(database, `ROLLBACK TO ${name}`)
    prepareOn(database, 'CREATE TEMP TABLE IF NOT EXISTS dewar_mark (number INTEGER NOT NULL)').run()
    prepareOn(database, 'INSERT INTO temp.dewar_mark SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM temp.dewar_mark)').run()
    this.#mark = prepareOn(database, 'UPDATE temp.dewar_mark SET number = number + 1 RETURNING number')
    this.#marked = prepareOn(database, 'SELECT number FROM temp.dewar_mark')
  }

  /** Marks the transaction that is open. What is written into a temporary table never goes to the disk. */
  mark(): number {
    return Number(this.#mark.get()?.number)
  }

  /** Once it has ended: whether the transaction that was so marked was committed. */
  wasCommitted(mark: number): boolean {
    return Number(this.#marked.get()?.number) === mark
  }

  set(): void {
    this.#set.run()
  }

  /** Keeps or undoes what was done since the savepoint was set. `false`: it is not there any more. */
  close({ isKept }: { readonly isKept: boolean }): boolean {
    try {
      if (!isKept) this.#back.run()
      this.#release.run()
      return true
    } catch {
      return false
    }
  }
}
