import { Patience, TooLate } from './patience.ts'
import type { PostgresClient, PostgresQuery } from './postgres-client.ts'
import { type Connections, isCollision, isLost } from './postgres-connections.ts'
import type { Column } from './postgres-statements.ts'
import { ServerClock } from './server-clock.ts'
import { unavailable } from './unavailable.ts'

/** What a write is sent with, beside what it writes. */
export interface Sending {
  /** Until when it may be done, by the server's clock. */
  readonly deadline: string
  /** Whether it was sent before, and it is not known what became of that. */
  readonly again: string
}

/** What the columns of a write's answer begin with: the outcome, and the server's time. */
type Answer = [outcome: string, ...rest: Column[]]

// How often an answer is late in a row: the first time the server's clock was not known, or has changed.
const mostLate = 3

/**
 * The calls that are one statement each. All reject with `store/unavailable` when there is no answer in time. What lost
 * its connection is sent again on another one as long as there is time.
 */
export class Calls {
  readonly clock: ServerClock = new ServerClock()
  readonly #connections: Connections<PostgresClient>

  constructor(connections: Connections<PostgresClient>) {
    this.#connections = connections
  }

  /** Asks for something that changes nothing, or that may be done twice. Gives the rows. */
  async read(query: PostgresQuery, values: Column[]): Promise<Column[][]> {
    return this.#send(new Patience(), { query, values: () => values, past: { wasSent: false } })
  }

  /** Writes. Gives the columns of the answer, of which the first is the outcome. */
  async write(query: PostgresQuery, values: (sending: Sending) => Column[]): Promise<Answer> {
    const patience = new Patience()
    const past = { wasSent: false }
    for (let late = 0; late < mostLate; late++) {
      const sending = () => values({ deadline: `${this.clock.at(patience.untilMs)}`, again: `${past.wasSent}` })
      const [answer] = await this.#send(patience, { query, values: sending, past })
      const [outcome, serverMs] = answer ?? []
      this.clock.learn(Number(serverMs))
      if (outcome === 'unknown') throw unavailable(undefined, unknown)
      if (answer !== undefined && typeof outcome === 'string' && outcome !== 'late')
        return [outcome, ...answer.slice(1)]
    }
    throw unavailable(undefined, 'The write reached PostgreSQL too late, so nothing was done.')
  }

  async #send(patience: Patience, { query, values, past }: Statement): Promise<Column[][]> {
    for (;;) {
      let isSent = false
      try {
        return await this.#connections.use(patience, (held) => {
          isSent = true
          return held.run(query, values(), patience)
        })
      } catch (error) {
        if (error instanceof TooLate || !patience.isLeft) throw unavailable(error)
        past.wasSent ||= isSent && isLost(error)
        // Where nothing was ever sent and no connection is to be had, waiting helps nobody.
        if (!isCollision(error) && !(past.wasSent && isLost(error))) throw unavailable(error)
        await patience.pause(50)
      }
    }
  }
}

interface Statement {
  readonly query: PostgresQuery
  /** What it is sent with, each time. */
  values(): Column[]
  /** Whether it was sent before, and it is not known what became of that. */
  readonly past: { wasSent: boolean }
}

const unknown = 'The connection was lost, and what has happened since does not tell whether the write was done.'
