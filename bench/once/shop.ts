/**
 * A shop with three ways to order, in a process of its own: `node shop.ts FILE`. Prints its port as a line.
 *
 * - `/orders`: a form, submitted once; row, session and record of the submission in one transaction.
 * - `/plain`: the row alone, in a transaction of its own. No session is looked at.
 * - `/saved`: the row, and then the session in a transaction of its own.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { DatabaseSync } from 'node:sqlite'
import * as z from 'zod'
import { Dewar, form, html, redirect } from '../../src/index.ts'
import { toNodeHandler } from '../../src/node.ts'
import { sqlite } from '../../src/sqlite.ts'

const database = new DatabaseSync(process.argv[2] ?? '')
const store = sqlite(database)
await store.prepare()
database.exec('CREATE TABLE orders (id INTEGER PRIMARY KEY, sku TEXT NOT NULL, quantity INTEGER NOT NULL)')
const begin = database.prepare('BEGIN IMMEDIATE')
const insert = database.prepare('INSERT INTO orders (sku, quantity) VALUES (?, ?)')
const commit = database.prepare('COMMIT')

const app = new Dewar({ session: z.object({ recent: z.array(z.number()) }), store, env: 'production' })
const order = form(z.object({ sku: z.string().max(40), quantity: z.number().int().min(1) }))

app.form('/orders', order, {
  view: ({ form: shown }) => html`<!doctype html><title>Order</title>${shown}`,
  submit: ({ data, session, commit: commitAll }) =>
    commitAll(() => {
      const id = Number(insert.run(data.sku, data.quantity).lastInsertRowid)
      session.push('recent', id, { max: 20 })
      return redirect(`/orders/${id}`)
    }),
})

function orderPlainly(): number {
  begin.run()
  const { lastInsertRowid } = insert.run('dewar-1l', 1)
  commit.run()
  return Number(lastInsertRowid)
}

app.post('/plain', () => redirect(`/orders/${orderPlainly()}`))
app.post('/saved', ({ session }) => {
  const id = orderPlainly()
  session.push('recent', id, { max: 20 })
  return redirect(`/orders/${id}`)
})
app.get('/forms', ({ formFor }) => html`${Array.from({ length: 100 }, () => formFor(order, '/orders'))}`)
app.get('/count', () => String(database.prepare('SELECT count(*) AS orders FROM orders').get()?.orders))

const server = createServer(toNodeHandler(app))
server.keepAliveTimeout = 0 // a connection that is closed for being idle may be closed under a request
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port)) // an address, as it listens on one
