import { Gathering } from './gathering.ts'
import type { Connection } from './sqlite-connection.ts'
import { lockedOut } from './sqlite-failure.ts'
import { type Came, mostTogether, type SharedWrite, type Together, writeTogether } from './sqlite-group.ts'
import { busy, Waiter, type Waiting, WaitingLine } from './waiting-line.ts'

/** What writes need of their store. */
export interface WriteParts {
  /** Does something on the connection. `busy` if somebody else has the lock; throws `store/unavailable`. */
  attempt<Result>(work: (connection: Connection) => Result | typeof busy): Result | typeof busy
  /** What somebody is told for whom this was thrown. */
  refusal(thrown: unknown): Error
}

interface Write extends Waiting {
  /** How it is done in a transaction of several. `null`: it is done by itself. */
  shared: SharedWrite['shared'] | null
}

/**
 * The writes of a store. They are done in the order in which they came, and those that come together share a commit: it
 * takes as long as the disk takes, for one or for many.
 */
export class SqliteWrites {
  readonly #parts: WriteParts
  readonly #line = new WaitingLine<Write>((waiting) => this.#serve(waiting))
  readonly #gathering = new Gathering<Write>((writes) => this.#line.join(writes))

  constructor(parts: WriteParts) {
    this.#parts = parts
  }

  /** Runs work with the write lock and keeps what it did, or undoes it if its result is not to be kept. */
  add<Result>(work: (connection: Connection) => Result, isKept: (result: Result) => boolean): Promise<Result> {
    const alone = (connection: Connection): Result | typeof busy =>
      connection.isTaken ? busy : connection.write(() => work(connection), isKept)
    const waiter = new Waiter(() => this.#parts.attempt(alone), lockedOut)
    const shared = (connection: Connection): Came => {
      const result = work(connection)
      return { isKept: isKept(result), tell: () => waiter.tell(result) }
    }
    this.#gathering.add(Object.assign(waiter, { shared }))
    return waiter.outcome
  }

  /** Does something by itself, when those before have had their turn and before those after have theirs. */
  addAlone<Result>(attempt: () => Result | typeof busy): Promise<Result> {
    const waiter = new Waiter(attempt, lockedOut)
    this.#gathering.add(Object.assign(waiter, { shared: null }))
    return waiter.outcome
  }

  // Gives those with whom it is over.
  #serve(waiting: readonly [Write, ...Write[]]): readonly Write[] {
    const together = this.#together(waiting)
    if (together === busy) return []
    const { told = [], refused = [] } = together
    const undone: readonly Write[] = together.undone ?? []
    for (const write of undone) write.shared = null
    for (const { came } of told) came.tell()
    for (const { write, error } of refused) write.refuse(this.#parts.refusal(error))
    const over = [...told, ...refused].map(({ write }) => write)
    const [first] = waiting
    return over.length === 0 && first.try() ? [first] : over
  }

  #together(waiting: readonly Write[]): Together<Write> | typeof busy {
    const group = sharing(waiting)
    if (group.length < 2) return {}
    try {
      return this.#parts.attempt((connection) => (connection.isTaken ? busy : writeTogether(connection, group)))
    } catch {
      return { undone: group } // nothing has begun: each is told why, unless it goes better by itself
    }
  }
}

/** Those at the head of the line who can share a commit. */
function sharing(waiting: readonly Write[]): readonly (Write & SharedWrite)[] {
  const nearest = waiting.slice(0, mostTogether)
  const alone = nearest.findIndex((write) => !isShared(write))
  return nearest.slice(0, alone === -1 ? mostTogether : alone).filter(isShared)
}

function isShared(write: Write): write is Write & SharedWrite {
  return write.shared !== null
}
