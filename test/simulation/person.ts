import { enter } from '../../src/app/dewar.ts'
import type { Received } from '../../src/app/house.ts'
import type { Reply } from '../../src/app/reply.ts'
import type { Body } from '../../src/http/body.ts'
import type { Crew, Process } from './crew.ts'
import type { Answered, Sent } from './ledger.ts'
import type { Stage } from './stage.ts'

/** A form as it stands in a tab, with the cookie that it came for. */
export interface ShownForm {
  readonly route: string
  readonly token: string
  readonly cookie: string
  readonly shownMs: number
  /** When it was asked for. */
  readonly step: number
}

/** What is posted. */
export interface Filled {
  readonly route: string
  readonly token: string
  readonly body: string
}

/** A person with a browser, which keeps the cookie of the answers that it sees. */
export class Person {
  readonly name: string
  readonly #stage: Stage
  readonly #crew: Crew
  /** The text of the session cookie; empty for none. */
  cookie = ''
  /** Every form that was ever shown, the newest last: Back finds them again. */
  readonly forms: ShownForm[] = []
  /** What was posted with them. */
  readonly filled: Filled[] = []

  constructor(name: string, stage: Stage, crew: Crew) {
    this.name = name
    this.#stage = stage
    this.#crew = crew
  }

  /** Asks for a page; `null` if no answer came. */
  get(path: string, cookie = this.cookie, process = this.#crew.any()): Promise<Answered | null> {
    const sent = { person: this.name, route: path, token: '', body: '', cookie }
    return this.#ask('GET', path, { sent, process })
  }

  /** Posts a form; `null` if no answer came. */
  post({ route, token, body }: Filled, cookie = this.cookie, process = this.#crew.any()): Promise<Answered | null> {
    return this.#ask('POST', route, { sent: { person: this.name, route, token, body, cookie }, process })
  }

  /** Sees an answer: its cookie is kept, and a form in it is there to be filled in. */
  see(answer: Answered | null): Answered | null {
    if (answer === null) return null
    if (answer.cookie !== null) this.cookie = answer.cookie
    const [, token] = /name="_token" value="([^"]+)"/.exec(answer.text) ?? []
    if (token === undefined || this.forms.some((form) => form.token === token)) return answer
    const route = /\?for=(.*)/.exec(answer.sent.route)?.[1] ?? answer.sent.route
    // Not the cookie of now: another tab may have changed it since this page was asked for.
    const cookie = answer.cookie ?? answer.sent.cookie
    this.forms.push({ route, token, cookie, shownMs: this.#stage.world.nowMs, step: answer.askedStep })
    return answer
  }

  async #ask(
    method: string,
    path: string,
    { sent, process: first }: { readonly sent: Omit<Sent, 'step'>; readonly process: Process },
  ): Promise<Answered | null> {
    const { world, ledger } = this.#stage
    const what = `${method} ${path}${sent.token === '' ? '' : ` ${sent.token.slice(-5)}`} ${sent.body}`
    await world.pass(`${this.name} sends ${what}`, { delayMs: first.lag() })
    const process = first.isDead ? this.#crew.any() : first
    const request: Sent = { ...sent, step: world.taken }
    ledger.sent.push(request)
    return new Promise((resolve) => {
      process.whenDead(() => world.plan(`${this.name}: the connection breaks, ${what}`, () => resolve(null)))
      enter(process.app, received(method, path, sent)).then((reply) => {
        if (process.isDead) return
        const answer = this.#answered(request, reply)
        ledger.answered.push(answer)
        const isLost = process.fault() !== 'none'
        const told = `${answer.status} ${answer.location ?? ''}${isLost ? ' is lost on its way' : ''}`
        const delayMs = process.lag()
        world.plan(`${this.name} hears ${what}: ${told}`, () => resolve(isLost ? null : answer), { delayMs })
      })
    })
  }

  #answered(sent: Sent, reply: Reply): Answered {
    const set = reply.header('set-cookie')
    const cookie = set === undefined ? null : (/^session=([^;]*)/.exec(set)?.[1] ?? '')
    const location = reply.header('location') ?? null
    const text = typeof reply.body === 'string' ? reply.body : ''
    return { sent, askedStep: sent.step, step: this.#stage.world.taken, status: reply.status, location, cookie, text }
  }
}

// By the inner door, as a socket does: a web request with a body, and its web response, take longer than all between.
function received(method: string, path: string, { token, body, cookie }: Omit<Sent, 'step'>): Received {
  const headers: Record<string, string> = { 'sec-fetch-site': 'same-origin' }
  if (cookie !== '') headers.cookie = `session=${cookie}`
  if (method === 'POST') headers['content-type'] = 'application/x-www-form-urlencoded'
  const fields = `_token=${token}&amount=${body}&item=${body}&user=${body}` // nothing in them needs an escape
  const url = new URL(path, 'http://127.0.0.1')
  return {
    request: new Request(url, { method, headers }),
    url,
    body: method === 'POST' ? bodyOfText(fields) : noBody,
    base: '',
    near: () => true,
    address: () => null,
  }
}

function bodyOfText(text: string): Body {
  const bytes = new TextEncoder().encode(text)
  return { present: true, bytes: async () => ({ kind: 'read', bytes }), chunks: noChunks }
}

async function* noChunks(): AsyncGenerator<Uint8Array> {}

const noBody: Body = {
  present: false,
  bytes: async () => ({ kind: 'read', bytes: new Uint8Array() }),
  chunks: noChunks,
}
