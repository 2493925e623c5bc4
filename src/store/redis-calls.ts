import { Patience, TooLate } from './patience.ts'
import type { RedisLine } from './redis-client.ts'
import type { RedisScript } from './redis-scripts.ts'
import { ServerClock } from './server-clock.ts'
import { unavailable } from './unavailable.ts'

/** A part of an answer: text, a number, or nothing. */
export type Part = string | number | null

/** What the parts of a write's answer begin with: the outcome, and the server's time. */
type Answer = [outcome: string, ...rest: Part[]]

interface Call {
  readonly script: RedisScript
  readonly keys: readonly string[]
}

// How often an answer is late in a row: the first time the server's clock was not known, or has changed.
const mostLate = 3

/**
 * The calls that are one script each. All reject with `store/unavailable` when there is no answer in time. What lost its
 * connection is sent again when there is one, as long as there is time: the script knows whether it was done.
 */
export class Calls {
  readonly clock: ServerClock = new ServerClock()
  readonly #line: RedisLine

  constructor(line: RedisLine) {
    this.#line = line
  }

  /** Asks for something that may be asked twice. */
  async read(call: Call, values: readonly string[]): Promise<Part[]> {
    return partsOf(await this.#run(new Patience(), call, values))
  }

  /** Writes. The values follow the time and the deadline. Gives the parts of the answer, of which the first is the outcome. */
  async write(call: Call, nowSeconds: number, values: readonly string[]): Promise<Answer> {
    const patience = new Patience()
    for (let late = 0; late < mostLate; late++) {
      const deadline = this.clock.at(patience.untilMs)
      const parts = partsOf(await this.#run(patience, call, [`${nowSeconds}`, `${deadline}`, ...values]))
      const [outcome, serverMs, ...rest] = parts
      this.clock.learn(Number(serverMs))
      if (typeof outcome === 'string' && outcome !== 'late') return [outcome, ...rest]
    }
    throw unavailable(undefined, 'The write reached Redis too late, so nothing was done.')
  }

  /** Sends one command. The key says which node of a cluster to ask. */
  command(key: string, args: string[]): Promise<unknown> {
    return this.#send(new Patience(), { key, args })
  }

  async #run(patience: Patience, { script, keys }: Call, values: readonly string[]): Promise<unknown> {
    const rest = [`${keys.length}`, ...keys, ...values]
    const key = keys[0] ?? ''
    try {
      return await this.#send(patience, { key, args: ['EVALSHA', script.hash, ...rest] })
    } catch (error) {
      if (replyCode(error instanceof Error ? error.cause : null) !== 'NOSCRIPT') throw error
      return this.#send(patience, { key, args: ['EVAL', script.source, ...rest] }) // the server is new, or was restarted
    }
  }

  async #send(patience: Patience, command: { readonly key: string; readonly args: string[] }): Promise<unknown> {
    const taking = new AbortController()
    try {
      for (;;) {
        await this.#untilReady(patience)
        try {
          return await patience.wait(this.#line.send({ ...command, signal: taking.signal }))
        } catch (error) {
          if (error instanceof TooLate || replyCode(error) !== null || !patience.isLeft) throw unavailable(error)
        }
        await patience.pause(25) // the connection was lost
      }
    } finally {
      taking.abort()
    }
  }

  // What is sent before waits in the client, and may leave it long after its caller has gone.
  async #untilReady(patience: Patience): Promise<void> {
    for (;;) {
      const state = this.#line.state()
      if (state === 'ready') return
      if (state === 'closed') throw unavailable(undefined, notOpen)
      if (!patience.isLeft) throw unavailable(new TooLate())
      await patience.pause(25)
    }
  }
}

const notOpen = 'The Redis client is not connected. Connect it before the app is asked, and keep it open.'

/** The parts of an answer. In RESP3 as in RESP2 a list is an array; its parts are what the scripts put there. */
export function partsOf(answer: unknown): Part[] {
  return Array.isArray(answer) ? answer : [typeof answer === 'number' ? answer : String(answer)]
}

/**
 * The code of an error that the server has answered with: `OOM`, `READONLY`, `LOADING`, `NOSCRIPT`; `null` for any other
 * error, like that of a socket. In the protocol the code is the first word, in capitals.  redis.io, RESP, simple errors
 */
export function replyCode(error: unknown): string | null {
  return error instanceof Error ? (/^([A-Z][A-Z0-9_]+)(?: |$)/.exec(error.message)?.[1] ?? null) : null
}
