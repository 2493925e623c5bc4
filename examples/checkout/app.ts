import { DatabaseSync } from 'node:sqlite'
import { Dewar, form, HttpError, redirect } from 'dewar'
import { staticFiles } from 'dewar/node'
import { sqlite } from 'dewar/sqlite'
import * as z from 'zod'
import { confirmationOf } from './confirmation.ts'
import { openOutbox, writeMail } from './outbox.ts'
import { missingPage, orderPage, receiptPage, shelfPage, soldOutPage } from './pages.ts'
import { findOrder, findPrint, openShop, placeOrder, printsOf } from './shop.ts'

const wish = form(
  z.object({
    count: z.int('How many? A whole number.').min(1, 'At least 1.').max(3, 'At most 3 for one person.').default(1),
    name: z.string().trim().min(1, 'Please tell us your name.').max(80, 'At most 80 characters, please.'),
    email: z.email('Please give an e-mail address, such as ada@example.org.').max(200),
  }),
  {
    button: 'Order',
    fields: {
      count: { label: 'How many', hint: 'Up to 3.' },
      name: { label: 'Your name', autocomplete: 'name' },
      email: { label: 'Your e-mail address', hint: 'The confirmation goes there.', autocomplete: 'email' },
    },
  },
)

// Sessions, submissions, the shelf, orders and mails to be sent: one file, so that one transaction can hold all of it.
export const database: DatabaseSync = new DatabaseSync(process.env.DATABASE_FILE ?? 'checkout.db', { timeout: 1000 })
openShop(database)
openOutbox(database)

const app = new Dewar({
  session: z.object({ orders: z.array(z.number()) }), // the numbers of the orders that this visitor has placed
  store: sqlite(database),
})

app.mount('/static', staticFiles(`${import.meta.dirname}/public`))

app.get('/', () => shelfPage(printsOf(database)))

app.form('/prints/:sku', wish, {
  view: ({ form, params }) => {
    const print = findPrint(database, params.sku)
    if (print === null) throw new HttpError(404)
    const isFresh = form.issues.length === 0
    return print.stock === 0 && isFresh ? soldOutPage(print) : orderPage(print, form)
  },
  submit: ({ data, params, session, commit, invalid }) =>
    commit((tx) => {
      const order = placeOrder(tx, { sku: params.sku, ...data })
      if (order === null) return invalid(`${leftOf(params.sku)} Nothing was ordered.`)
      writeMail(tx, confirmationOf(order))
      session.push('orders', order.number)
      return redirect(`/receipts/${order.number}`, { flash: 'Thank you. Your order is placed.' })
    }),
})

app.get('/receipts/:number', ({ params, session, flashes }) => {
  const number = Number(params.number)
  const order = session.get('orders')?.includes(number) === true ? findOrder(database, number) : null
  if (order === null) throw new HttpError(404, 'You have no receipt of this number.')
  return receiptPage(order, flashes)
})

app.notFound(() => missingPage())

function leftOf(sku: string): string {
  const left = findPrint(database, sku)?.stock ?? 0
  return left === 0 ? 'This print is sold out.' : `Only ${left} of this print ${left === 1 ? 'is' : 'are'} left.`
}

export default app
