import { Agent, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http'
import type { Socket } from 'node:net'

/** An app that takes orders, says with each answer which process gave it, and writes down in `begun.txt` what it begins. */
export const shop: string = `
  import { appendFileSync } from 'node:fs'
  import { DatabaseSync } from 'node:sqlite'
  import { Dewar, form, html, redirect } from 'dewar'
  import { sqlite } from 'dewar/sqlite'
  import * as z from '${import.meta.resolve('zod')}'

  const database = new DatabaseSync('shop.db', { timeout: 5000 })
  database.exec('CREATE TABLE IF NOT EXISTS orders(id INTEGER PRIMARY KEY, what TEXT NOT NULL) STRICT')

  const app = new Dewar({ store: sqlite(database) })
  const begin = (what) => appendFileSync('begun.txt', what + '\\n')

  app.use(async (_context, next) => {
    const answer = await next()
    answer.headers.set('x-process', String(process.pid))
    return answer
  })
  app.form('/order', form(z.object({ what: z.string().min(1) })), {
    view: ({ form }) => html\`<h1>What?</h1>\${form}\`,
    submit: async ({ data, session, commit }) => {
      begin(data.what)
      await new Promise((resolve) => setTimeout(resolve, 20))
      return commit((tx) => {
        const { id } = tx.prepare('INSERT INTO orders(what) VALUES (?) RETURNING id').get(data.what)
        session.push('orders', data.what, { max: 100 })
        return redirect('/orders/' + id, { flash: 'Thank you for ' + data.what })
      })
    },
  })
  app.get('/orders/:id', ({ flashes }) => html\`<p>\${flashes.map(({ message }) => message).join()}</p>\`)
  app.get('/look/:what', ({ params, session }) => {
    session.push('seen', params.what, { max: 100 })
    return 'seen'
  })
  app.get('/session', ({ session }) => session.all())
  app.get('/slow/:what', async ({ params }) => {
    begin(params.what)
    await new Promise((resolve) => setTimeout(resolve, 300))
    return 'x'.repeat(300_000)
  })

  export default app
`

/** An answer of the shop. */
export interface Answer {
  readonly status: number
  readonly text: string
  readonly headers: IncomingHttpHeaders
  /** The process that gave it. */
  readonly by: number
}

/** What is asked. */
export interface Asking {
  /** A form to be posted, as by its page. */
  readonly fields?: Readonly<Record<string, string>>
  readonly cookie?: string
  /** A connection that is kept. Default: one of its own, closed afterwards. */
  readonly line?: Agent
}

/** What is told of an answer that began and did not come whole. */
export class CutShort extends Error {}

/** Asks for a page. Rejects if no answer comes, with `CutShort` if only its beginning does, and after 20 silent seconds. */
export function ask(url: string, { fields, cookie = '', line }: Asking = {}): Promise<Answer> {
  const body = fields === undefined ? '' : new URLSearchParams(fields).toString()
  const headers = {
    cookie,
    ...(fields !== undefined && { 'sec-fetch-site': 'same-origin', 'content-type': formType }),
  }
  return new Promise((resolve, reject) => {
    const method = fields === undefined ? 'GET' : 'POST'
    const sent = request(url, { method, headers, agent: line ?? false, timeout: 20_000 }, (answer) => {
      const by = processOf(answer)
      const parts: Buffer[] = []
      answer.on('data', (part) => parts.push(part)).on('error', () => reject(new CutShort(url)))
      answer.on('end', () => {
        const { statusCode: status = 0, headers } = answer
        const text = Buffer.concat(parts).toString()
        resolve({ status, text, headers, by })
      })
    })
    sent.on('error', reject).on('timeout', () => sent.destroy(new Error(`${url} does not answer`)))
    sent.end(body)
  })
}

// Some answers leave before middleware: that of a repeat is by who answered on this connection before.
function processOf({ headers, socket }: IncomingMessage): number {
  const said = headers['x-process']
  if (said !== undefined) processes.set(socket, Number(said))
  return processes.get(socket) ?? Number.NaN
}

const processes = new WeakMap<Socket, number>()
const formType = 'application/x-www-form-urlencoded'

/** The token of the form that a page shows. */
export function tokenIn({ text }: Answer): string {
  return /name="_token" value="([^"]+)"/.exec(text)?.[1] ?? ''
}

/** The session cookie after an answer. */
export function cookieAfter({ headers }: Answer, before = ''): string {
  return headers['set-cookie']?.find((line) => line.startsWith('session='))?.split(';')[0] ?? before
}

/** A connection that is kept, and the process at its end. */
export interface Line {
  readonly by: number
  readonly line: Agent
}

/** A kept connection to each of two processes. */
export async function linesTo(url: string): Promise<[Line, Line]> {
  const found = new Map<number, Agent>()
  for (let tries = 0; found.size < 2 && tries < 100; tries++) {
    const lines = Array.from({ length: 8 }, () => new Agent({ keepAlive: true, maxSockets: 1 }))
    const answers = await Promise.all(lines.map((line) => ask(`${url}/session`, { line })))
    for (const [at, { by }] of answers.entries()) {
      const line = lines[at]
      if (line !== undefined && !found.has(by)) found.set(by, line)
      else line?.destroy()
    }
  }
  const [one, other] = [...found].map(([by, line]) => ({ by, line }))
  if (one === undefined || other === undefined) throw new Error(`only ${[...found.keys()].join()} answered`)
  return [one, other]
}
