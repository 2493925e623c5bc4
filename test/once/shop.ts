import { DatabaseSync } from 'node:sqlite'
import * as z from 'zod'
import { Dewar, type DewarOptions, form, html, type Store, type TransactionalStore } from '../../src/index.ts'
import { sqlite } from '../../src/sqlite.ts'

export const secret = 'x8Vn2QeP4mZt7KcR1yWd9LbJ5hGs3fUa'

/** The form of an order. */
export const order = form(z.object({ sku: z.string().min(1), qty: z.int().min(1).max(9) }), { button: 'Order' })

/** A shop on SQLite, whose orders are rows beside its sessions. */
export function shopOnSqlite(
  options: Partial<DewarOptions<Record<string, unknown>, TransactionalStore<DatabaseSync>>> = {},
) {
  const database = new DatabaseSync(':memory:')
  database.exec('CREATE TABLE orders (number INTEGER PRIMARY KEY, sku TEXT NOT NULL, qty INTEGER NOT NULL)')
  const app = new Dewar({ store: sqlite(database), secret, env: 'production', ...options })
  app.get(
    '/orders/:number',
    ({ params, flashes }) => html`<p>Order ${params.number}</p>${flashes.map((one) => one.message)}`,
  )
  const count = (): number => Number(database.prepare('SELECT count(*) AS orders FROM orders').get()?.orders)
  const insert = (tx: DatabaseSync, { sku, qty }: { readonly sku: string; readonly qty: number }): number =>
    Number(tx.prepare('INSERT INTO orders (sku, qty) VALUES (?, ?)').run(sku, qty).lastInsertRowid)
  return { app, database, count, insert }
}

/** What was posted, as a page of ours posts it: its cookie, and the token in it. */
export interface Shown {
  readonly cookie: string
  readonly token: string
}

/** Any app. */
export type App = Pick<Dewar<Record<string, unknown>, Store | undefined>, 'fetch'>

/** Shows a form, as a browser with this cookie. */
export async function show(app: App, path: string, cookie = ''): Promise<Shown> {
  const answer = await app.fetch(new Request(`http://localhost${path}`, { headers: { cookie } }))
  return { token: tokenIn(await answer.text()), cookie: cookieOf(answer, cookie) }
}

/** The token in a page. */
export function tokenIn(page: string): string {
  return /name="_token" value="([^"]+)"/.exec(page)?.[1] ?? ''
}

/** The session cookie after an answer. */
export function cookieOf(answer: Response, before = ''): string {
  return answer.headers.getSetCookie()[0]?.split(';')[0] ?? before
}

/** Sends a form. */
export function send(
  app: App,
  path: string,
  { token, cookie }: Shown,
  fields: Record<string, string> = { sku: 'tea', qty: '1' },
): Promise<Response> {
  const headers = { cookie, 'sec-fetch-site': 'same-origin' }
  const body = new URLSearchParams({ ...fields, _token: token })
  return app.fetch(new Request(`http://localhost${path}`, { method: 'POST', body, headers }))
}
