/** What must compile, and, under `@ts-expect-error`, what must not, where something is done once. Nothing runs it. */
import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'
import * as z from 'zod'
import { Dewar, form, html, memory, type OnceOptions, redirect } from '../../src/index.ts'
import { postgres } from '../../src/postgres.ts'
import { sqlite } from '../../src/sqlite.ts'

const order = form(z.object({ sku: z.string(), qty: z.int() }))

// On SQLite the transaction is the database, and what its statements give is the answer.
const shop = new Dewar({ store: sqlite(new DatabaseSync(':memory:')) })
shop.form('/order', order, {
  view: ({ form }) => html`${form}`,
  submit: ({ data, session, commit, invalid, once }) =>
    commit((tx) => {
      const key: string = once.key
      const found = tx.prepare('select stock from products where sku = ?').get(data.sku)
      if (found === undefined) return invalid({ sku: 'is not sold here' })
      // @ts-expect-error a transaction of SQLite has no query
      tx.query('select 1')
      session.push('recent', key)
      return redirect('/orders')
    }),
})

// On PostgreSQL it is a client.
const store = postgres(new pg.Pool())
const ordering = new Dewar({ store })
ordering.post('/order', order, ({ commit }) =>
  commit(async (tx) => {
    const { rows } = await tx.query('select 1')
    // @ts-expect-error a client of PostgreSQL prepares nothing
    tx.prepare('select 1')
    return redirect(`/orders/${rows.length}`)
  }),
)

// What is awaited would be done outside of the transaction.
// @ts-expect-error work on SQLite is synchronous
shop.post('/later', ({ commit }) => commit(async () => redirect('/')))

// Work gives an answer.
// @ts-expect-error a number is no answer
ordering.post('/number', ({ commit }) => commit(async () => 7))
// @ts-expect-error nothing is no answer
ordering.post('/nothing', ({ commit }) => commit(async () => {}))

// Where the store has no transactions there is no commit, and nowhere for a page that is only shown.
const plain = new Dewar({ store: memory() })
// @ts-expect-error memory has no transactions
plain.post('/order', ({ commit }) => commit(() => 'done'))
// @ts-expect-error a cookie has none either
new Dewar().post('/order', ({ commit }) => commit(() => 'done'))
// @ts-expect-error GET changes nothing
shop.get('/order', ({ commit }) => commit(() => 'done'))

// Options are checked where they stand.
shop.post('/pay', order, () => redirect('/'), { once: true })
shop.post('/pay/2', order, () => redirect('/'), {
  once: {
    mode: 'guard',
    onCrash: 'rerun',
    intent: ({ session, url }) => [session.id, url.pathname, 1, 2n, true, null],
  },
})
shop.form('/pay/3', order, { view: ({ form }) => html`${form}`, submit: () => redirect('/'), once: false })
// @ts-expect-error there is no such policy
shop.post('/pay/4', order, () => redirect('/'), { once: { changed: 'ask' } })
// @ts-expect-error there is no such option
shop.post('/pay/5', order, () => redirect('/'), { once: { crash: 'rerun' } })
// @ts-expect-error an intent is a list of facts
shop.post('/pay/6', order, () => redirect('/'), { once: { intent: () => 'cart' } })
// @ts-expect-error an object is no fact
shop.post('/pay/7', order, () => redirect('/'), { once: { intent: () => [{}] } })
// @ts-expect-error what is only shown is not submitted
shop.get('/pay/8', () => 'x', { once: true })

export const options: OnceOptions = { mode: 'tx', changed: 'accept' }
