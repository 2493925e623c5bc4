import { DewarError } from '../errors/dewar-error.ts'
import { Patience, TooLate } from './patience.ts'
import type { PostgresClient } from './postgres-client.ts'
import { type Connections, type HeldConnection, isCollision, isLost, sqlStateOf } from './postgres-connections.ts'
import {
  afterOnce,
  type Column,
  onceAt,
  onceValues,
  plainStatement,
  readOnce,
  readSession,
  sessionValues,
  statements,
} from './postgres-statements.ts'
import type { ServerClock } from './server-clock.ts'
import type { Completion, Outcome, SessionRow, Work } from './store.ts'
import { unavailable } from './unavailable.ts'
import { newWriteId } from './write-id.ts'

/** What is asked of a transaction. */
export interface Transaction {
  readonly family: string
  readonly once?: Completion
  readonly nowSeconds: number
}

/** What a transaction came to. */
type Transacted = Outcome | { readonly kind: 'abandoned' }

// Each statement is to see what others have committed meanwhile, whatever the app has set.
const begin = plainStatement('BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE')
const commit = plainStatement('COMMIT')
const rollback = plainStatement('ROLLBACK')

const mostRuns = 5

/** The transactions that hold an app's own statements. */
export class Transactions<Client extends PostgresClient> {
  readonly #connections: Connections<Client>
  readonly #clock: ServerClock

  constructor(connections: Connections<Client>, clock: ServerClock) {
    this.#connections = connections
    this.#clock = clock
  }

  /** Runs work in a transaction, and again where others were in its way. Rejects with `store/unavailable` and what the work throws. */
  async run(
    asked: Transaction,
    work: (tx: Client, session: SessionRow | null) => Work | Promise<Work>,
  ): Promise<Transacted> {
    let beginning = new Patience()
    for (let runs = 1; ; runs++) {
      try {
        return await this.#runOnce(asked, work, beginning)
      } catch (error) {
        const thrown = error instanceof Thrown ? error.thrown : error
        const isBehind = error instanceof NotBegun && error.isBehind
        const isWorthAnother = isCollision(thrown) || isBehind || (error instanceof NotBegun && beginning.isLeft)
        if (runs === mostRuns || !isWorthAnother) throw error instanceof Thrown ? thrown : unavailable(error)
        if (!(error instanceof NotBegun) || isBehind) beginning = new Patience()
        await beginning.pause(20 * runs)
      }
    }
  }

  async #runOnce(
    asked: Transaction,
    work: (tx: Client, session: SessionRow | null) => Work | Promise<Work>,
    beginning: Patience,
  ): Promise<Transacted> {
    const ended = await this.#connections.use<Ended>(beginning, async (held) => {
      try {
        const entered = await this.#enter(held, asked, beginning)
        if (entered.outcome.kind !== 'committed') return await undo(held, entered.outcome)
        const done = await doWork(held, () => work(held.client, entered.session))
        const patience = new Patience()
        const { transaction } = entered
        const outcome = await leave(held, { asked, done, transaction, patience })
        return outcome.kind === 'committed' ? await finish(held, { transaction, patience }) : await undo(held, outcome)
      } catch (error) {
        await undo(held, null)
        throw error
      }
    })
    return 'outcome' in ended ? ended.outcome : this.#askAbout(ended)
  }

  async #enter(
    held: HeldConnection<Client>,
    { family, once, nowSeconds }: Transaction,
    patience: Patience,
  ): Promise<Entered> {
    const given = once === undefined ? {} : { ...once, owner: once.owner ?? null }
    const deadline = `${this.#clock.at(patience.untilMs)}`
    const values = [`${nowSeconds}`, deadline, family, ...onceValues(given, newWriteId())]
    const [columns = []] = await held
      .run(begin, [], patience)
      .then(() => held.run(statements.enter, values, patience))
      .catch((error) => {
        const isBehind = once !== undefined && sqlStateOf(error) === lockNotAvailable
        throw isPassing(error) || isBehind ? new NotBegun(error, isBehind) : error
      })
    this.#clock.learn(Number(columns[1]))
    if (columns[0] === 'late') throw new NotBegun(undefined)
    const outcome: Outcome =
      columns[0] === 'lost' ? { kind: 'lost', once: readOnce(columns, onceAt(2)) } : { kind: 'committed' }
    return { outcome, session: readSession(columns, 2), transaction: columns[afterOnce(2)] ?? '' }
  }

  // The answer to COMMIT was lost. Another connection knows what became of it, as soon as it is over.
  async #askAbout({ transaction, patience, lostBy }: InDoubt): Promise<Transacted> {
    while (patience.isLeft) {
      try {
        const [[status] = []] = await this.#connections.use(patience, (held) =>
          held.run(statements.status, [transaction], patience),
        )
        if (status === 'committed') return { kind: 'committed' }
        if (status === 'aborted') throw unavailable(lostBy)
      } catch (error) {
        if (error instanceof DewarError || !isLost(error)) throw unavailable(error)
      }
      await patience.pause(50)
    }
    throw unavailable(lostBy, 'The connection was lost during COMMIT, and it is not known whether it was done.')
  }
}

const patienceToUndoMs = 200
const patienceToCommitMs = 1200

/** How a transaction began. */
interface Entered {
  readonly outcome: Outcome
  readonly session: SessionRow | null
  /** Its number. */
  readonly transaction: string
}

/** How a transaction ended: with an outcome, or in doubt. */
type Ended = { readonly outcome: Transacted } | InDoubt

interface InDoubt {
  readonly transaction: string
  readonly patience: Patience
  readonly lostBy: unknown
}

/** What the work threw. */
class Thrown extends Error {
  readonly thrown: unknown

  constructor(thrown: unknown) {
    super()
    this.thrown = thrown
  }
}

/** Something passing kept the work from beginning, such as a lost connection: nothing was done. */
class NotBegun extends Error {
  /** Somebody else was at the same submission, or the same session: that is waited for, as long as it may take. */
  readonly isBehind: boolean

  constructor(cause: unknown, isBehind = false) {
    super('The transaction did not begin.', { cause })
    this.isBehind = isBehind
  }
}

const lockNotAvailable = '55P03' // PostgreSQL, appendix A

function isPassing(error: unknown): boolean {
  return isCollision(error) || (isLost(error) && !(error instanceof TooLate))
}

// Gives back what it is given.
async function undo<Client extends PostgresClient, Outcome>(
  held: HeldConnection<Client>,
  outcome: Outcome,
): Promise<{ outcome: Outcome }> {
  await held.rollBack(rollback, new Patience(patienceToUndoMs))
  return { outcome }
}

async function doWork<Client extends PostgresClient>(
  held: HeldConnection<Client>,
  work: () => Work | Promise<Work>,
): Promise<Work> {
  let done: Work
  try {
    done = await work()
  } catch (thrown) {
    const isCut = held.brokenBy !== null || (sqlStateOf(thrown) !== null && isLost(thrown))
    throw isCut ? thrown : new Thrown(thrown)
  }
  if (done !== undefined) return done
  throw new DewarError(
    'app/option-invalid',
    'The work of a transaction gave nothing back. Return {} to commit it, or null to undo it.',
  )
}

async function leave<Client extends PostgresClient>(
  held: HeldConnection<Client>,
  {
    asked: { family, nowSeconds, once },
    done,
    transaction,
    patience,
  }: {
    readonly asked: Transaction
    readonly done: Work
    readonly transaction: string
    readonly patience: Patience
  },
): Promise<Transacted> {
  if (done === null) return { kind: 'abandoned' }
  const { session, answer } = done
  const row = session === undefined || session.kind === 'end' ? null : session.row
  const values: Column[] = [`${nowSeconds}`, transaction, session?.kind ?? null]
  values.push(...sessionValues(family, row, newWriteId()), once?.key ?? null, answer ?? null)
  const [columns = []] = await held.run(statements.leave, values, patience).catch((error) => {
    throw sqlStateOf(error) === inFailedTransaction ? new DewarError('app/option-invalid', failedBefore) : error
  })
  const there = readSession(columns, 1)
  switch (columns[0]) {
    case 'committed':
      return { kind: 'committed' }
    case 'conflict':
      if (there !== null) return { kind: 'conflict', session: there }
      break
    case 'ended':
      throw new DewarError(
        'app/option-invalid',
        'The work of a transaction has ended it. Leave COMMIT and ROLLBACK to the store; return null to undo it.',
      )
  }
  return { kind: 'gone' }
}

const inFailedTransaction = '25P02' // PostgreSQL, appendix A

const failedBefore = `A statement of the work of a transaction has failed, and its error was caught: PostgreSQL keeps nothing of \
that transaction any more. Let the error be thrown, or put a SAVEPOINT before the statement and go back to it.`

async function finish<Client extends PostgresClient>(
  held: HeldConnection<Client>,
  { transaction, patience }: { readonly transaction: string; readonly patience: Patience },
): Promise<Ended> {
  try {
    await held.run(commit, [], new Patience(Math.min(patienceToCommitMs, patience.untilMs - performance.now())))
    return { outcome: { kind: 'committed' } }
  } catch (error) {
    if (isLost(error)) return { transaction, patience, lostBy: error }
    // What the app's tables check at COMMIT has failed: that is for who wrote the work.  PostgreSQL, appendix A, class 23
    throw sqlStateOf(error)?.startsWith('23') ? new Thrown(error) : error
  }
}
