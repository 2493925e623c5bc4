import type { Connection } from './sqlite-connection.ts'
import { isBusy, isConstraint } from './sqlite-failure.ts'
import { busy } from './waiting-line.ts'

/** Most writes that share one commit. Of 16, 32, 64, 128 and 256 this one served a crowd of 256 fastest. */
export const mostTogether = 128
/** For how long a commit waits for more of them, in milliseconds. */
const gathersMs = 10

/** A write that may share its commit with others. */
export interface SharedWrite {
  /** Does it, and gives what it came to, of which nobody hears yet. Throws what the statements of the store throw. */
  readonly shared: (connection: Connection) => Came
}

/** What a write came to. */
export interface Came {
  readonly isKept: boolean
  /** Says it to whom it concerns. */
  tell(): void
}

/** What came of writes that were to share one commit. Those that are not named were not begun. */
export interface Together<Write> {
  /** What they came to is so, and may be told. */
  readonly told?: readonly Ran<Write>[]
  /** Nothing of them is kept, or nobody can say. */
  readonly refused?: readonly { readonly write: Write; readonly error: unknown }[]
  /** Undone through no fault of their own, or nobody knows through whose: each is to be done again by itself. */
  readonly undone?: readonly Write[]
}

interface Ran<Write> {
  readonly write: Write
  readonly came: Came
}

/**
 * Does writes in one transaction, one after the other, each as if it were by itself: what is not to be kept undoes itself
 * alone. `busy` if somebody else has the lock. Throws what prevented it from beginning, having done nothing.
 */
export function writeTogether<Write extends SharedWrite>(
  connection: Connection,
  writes: readonly Write[],
): Together<Write> | typeof busy {
  const { savepoints } = connection
  return connection.inTransaction(() => {
    const mark = savepoints.mark()
    const untilMs = performance.now() + gathersMs
    const ran: Ran<Write>[] = []
    for (const write of writes) {
      if (ran.length > 0 && performance.now() >= untilMs) break
      savepoints.set()
      const attempt = attemptIn(connection, write)
      const isOpen = savepoints.close({ isKept: 'came' in attempt && attempt.came.isKept })
      if (!isOpen) return ended(connection, attempt, { mark, ran })
      if ('error' in attempt) {
        connection.undo()
        return { undone: [...ran.map(({ write }) => write), write] }
      }
      ran.push(attempt)
    }
    return commit(connection, ran)
  })
}

type Attempt<Write> = Ran<Write> | { readonly write: Write; readonly error: unknown }

function attemptIn<Write extends SharedWrite>(connection: Connection, write: Write): Attempt<Write> {
  try {
    return { write, came: write.shared(connection) }
  } catch (error) {
    return { write, error }
  }
}

function commit<Write>(connection: Connection, ran: readonly Ran<Write>[]): Together<Write> | typeof busy {
  if (!ran.some(({ came }) => came.isKept)) {
    connection.undo()
    return { told: ran }
  }
  try {
    connection.commit()
    return { told: ran }
  } catch (error) {
    connection.undo()
    if (isBusy(error)) return busy
    // A deferred constraint is examined only now, and one write that breaks it is nothing to the others.
    if (isConstraint(error)) return { undone: ran.map(({ write }) => write) }
    return { refused: ran.map(({ write }) => ({ write, error })) }
  }
}

// The work of an app has ended the transaction, or SQLite has undone it for an error. The one that it happened in comes to
// what it would have come to alone. For those before it, it depends on how the transaction ended.
function ended<Write>(
  connection: Connection,
  attempt: Attempt<Write>,
  before: { readonly mark: number; readonly ran: readonly Ran<Write>[] },
): Together<Write> {
  const own = settle(connection, attempt)
  const told = 'came' in own ? [own] : []
  const refused = 'error' in own ? [own] : []
  const { ran, mark } = before
  try {
    if (connection.savepoints.wasCommitted(mark)) return { told: [...ran, ...told], refused }
    return { told, refused, undone: ran.map(({ write }) => write) }
  } catch (error) {
    return { told, refused: [...ran.map(({ write }) => ({ write, error })), ...refused] } // nobody can say
  }
}

function settle<Write>(connection: Connection, attempt: Attempt<Write>): Attempt<Write> {
  if ('error' in attempt || !attempt.came.isKept) {
    connection.undo()
    return attempt
  }
  try {
    connection.commit()
    return attempt
  } catch (error) {
    connection.undo()
    return { write: attempt.write, error }
  }
}
