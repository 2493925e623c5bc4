import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { Dewar, type Fields, form, type Html, html, type Redirect, redirect } from 'dewar'
import { sqlite } from 'dewar/sqlite'
import * as z from 'zod'
import type { OnceSetting } from '../../src/app/once-options.ts'

const order = form(z.object({ tea: z.string().trim().min(1, 'Please name a tea.').max(40) }), { button: 'Order' })
const person = form(z.object({ name: z.string().trim().min(1).max(40) }), { button: 'Sign in' })

/** A shop whose orders lie in the file of its sessions. */
export interface Shop {
  readonly app: Dewar<Record<string, unknown>, ReturnType<typeof sqlite>>
  /** The teas that were ordered, in order. */
  orders(): readonly string[]
  /** How many sessions this person has. */
  sessionsOf(name: string): Promise<number>
}

/** What a shop is made from. */
export interface ShopParts {
  /** The file of SQLite that everything is kept in. */
  readonly path: string
  /** Called when the work of an order or a login begins, which waits for it. */
  readonly onBegin?: () => void | Promise<void>
  /** How long the work takes then, in milliseconds. */
  readonly workMs?: number
}

/**
 * `/order` orders a tea; `/order-of-address` is one order for each address, `/order-of-cart` one for each cart that the
 * query names. An order takes a while, is kept by `commit`, and leads to its receipt with a message.
 */
export function createShop({ path, onBegin = () => {}, workMs = 300 }: ShopParts): Shop {
  const database = new DatabaseSync(path, { timeout: 5_000 })
  database.exec(
    'CREATE TABLE IF NOT EXISTS orders (number INTEGER PRIMARY KEY AUTOINCREMENT, tea TEXT NOT NULL) STRICT',
  )
  const secret = 'x8Vn2QeP4mZt7KcR1yWd9LbJ5hGs3fUa'
  const app = new Dewar({ store: sqlite(database), secret, env: 'production' })

  const addOrder = (path: string, once: OnceSetting<{ query: Fields }>): void => {
    app.form(path, order, {
      once,
      view: ({ form, session }) => page('Order', html`<p>For ${session.user ?? 'a guest'}</p>${form}`),
      submit: async ({ data, commit }) => {
        await onBegin()
        await pause(workMs)
        return commit((tx) => keep(tx, data.tea))
      },
    })
  }
  addOrder('/order', {})
  addOrder('/order-of-address', { instance: 'url' })
  addOrder('/order-of-cart', { intent: ({ query }) => [query.get('cart')] })
  app.get('/receipts/:number', ({ params, flashes }) => {
    const row = database.prepare('SELECT tea FROM orders WHERE number = ?').get(Number(params.number))
    const messages = flashes.map(({ message }) => html`<p role="status">${message}</p>`)
    return page(`Order ${params.number}: ${row?.tea}`, html`${messages}<p><a href="/order">Order more</a></p>`)
  })
  app.form('/sign-in', person, {
    view: ({ form }) => page('Sign in', html`${form}`),
    submit: async ({ data, session }) => {
      await onBegin()
      await pause(workMs)
      session.login(data.name)
      return redirect('/me')
    },
  })
  app.get('/me', ({ session }) => page(`You are ${session.user}`, html`<p><a href="/order">Order</a></p>`))

  return {
    app,
    orders: () => teasIn(database),
    sessionsOf: async (name) => (await app.sessions.list(name)).length,
  }
}

/** The teas that were ordered, as they lie in the file. */
export function teasIn(database: DatabaseSync): readonly string[] {
  const rows = database.prepare('SELECT tea FROM orders ORDER BY number').all()
  return rows.map(({ tea }) => String(tea))
}

function keep(tx: DatabaseSync, tea: string): Redirect {
  const { lastInsertRowid } = tx.prepare('INSERT INTO orders (tea) VALUES (?)').run(tea)
  return redirect(`/receipts/${lastInsertRowid}`, { flash: 'Ordered.' })
}

function page(title: string, content: Html): Html {
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>:root { color-scheme: light dark; background: Canvas; color: CanvasText; font: 100%/1.5 sans-serif }</style>
</head>
<body>
<main>
<h1>${title}</h1>
${content}
</main>
</body>
</html>
`
}
