import { setTimeout as pause } from 'node:timers/promises'
import { type Answer, get, post } from '../conformance/asking.ts'
import type { AppProcess } from './app-process.ts'
import type { Dice } from './dice.ts'
import type { Tally } from './tally.ts'

/** A form as it was shown. */
export interface Shown {
  readonly token: string
  /** The cookie that the browser had when it showed the form. */
  readonly cookie: string
}

/** An answer, and which of the processes gave it. */
export interface Heard extends Answer {
  readonly origin: string
}

/** Where a visitor lives. */
export interface World {
  readonly processes: readonly [AppProcess, ...AppProcess[]]
  readonly tally: Tally
}

/** A person with a browser: every request goes to any of the processes, and is sent again until it is answered. */
export class Visitor {
  readonly dice: Dice
  readonly #world: World
  #cookie = ''
  /** What happened to the cookie: for whoever looks into a session that is not what it should be. */
  readonly trace: string[] = []

  constructor(world: World, dice: Dice) {
    this.#world = world
    this.dice = dice
  }

  /** The session cookie as it is now: the last that came with any answer. */
  get cookie(): string {
    return this.#cookie
  }

  get(path: string): Promise<Heard> {
    return this.#ask((origin) => get(origin + path, this.#cookie))
  }

  post(path: string, fields: Record<string, string>): Promise<Heard> {
    return this.#ask((origin) => post(origin + path, fields, this.#cookie))
  }

  /** Opens the page with the form of a payment. */
  async openForm(): Promise<Shown> {
    const { text } = await this.get('/form')
    const token = /name="_token" value="([^"]+)"/.exec(text)?.[1]
    if (token === undefined) throw new Error(`The page has no form with a token:\n${text}`)
    return { token, cookie: this.#cookie }
  }

  /** Sends a form: with the cookie that the browser has by then, or as a retry does, with that of when it was shown. */
  pay(amount: number, { token, cookie }: Shown): Promise<Heard> {
    const isRetry = this.dice.isOneIn(2)
    return this.#ask((origin) => {
      this.#world.tally.sent += 1
      return post(`${origin}/pay`, { amount: `${amount}`, _token: token }, isRetry ? cookie : this.#cookie)
    })
  }

  async #ask(request: (origin: string) => Promise<Answer>): Promise<Heard> {
    const { tally, processes } = this.#world
    for (;;) {
      while (!processes.some(({ isListening }) => isListening)) await pause(5) // nothing would come of asking
      const process = this.dice.pick(processes)
      const { origin } = process
      const answer = await request(origin).catch(() => null)
      if (answer !== null) process.noteAnswer()
      if (answer !== null && answer.status !== 503) {
        this.#keep(answer)
        tally.note()
        return { ...answer, origin }
      }
      if (answer === null) tally.unanswered += 1
      else tally.unavailable += 1
      await pause(this.dice.between(5, 50))
    }
  }

  // As a browser keeps it, whatever the order in which its requests were sent.
  #keep({ cookies, status, location }: Answer): void {
    for (const line of cookies) {
      const [pair = ''] = line.split(';', 1)
      if (pair.startsWith('session=')) this.#cookie = pair === 'session=' ? '' : pair
    }
    const second = Math.round(performance.now() / 1000)
    this.trace.push(`${second} s: ${status} ${location ?? ''} ${cookies.length > 0 ? this.#cookie : ''}`)
  }
}
