import { type Fields, form, HttpError, redirect } from 'dewar'
import * as z from 'zod'
import type { App } from './app-type.ts'
import { layout } from './layout.ts'
import { Ledger } from './ledger.ts'
import { waitAsAsked } from './wait.ts'

const payment = form(z.object({ amount: z.int().min(1).max(1000) }), { button: 'Pay' })

/** A payment, its receipt, and how many there are. The rows live in this process. */
export function addPayments(app: App): void {
  const ledger = new Ledger()

  app.get('/form', ({ formFor }) => layout('Pay', formFor(payment, '/pay')))

  app.post('/pay', payment, async ({ data, session, query }) => {
    const at = troublePlace(query)
    await waitAsAsked(query)
    return ledger.transaction((add) => {
      if (at === 'before') throw new Error('The payment fails before its effect.')
      const receipts = session.get('receipts')
      session.set('receipts', Array.isArray(receipts) ? receipts : []) // only a session that holds something has an id
      const number = add({ amount: data.amount, session: session.id })
      session.set('receipts', [...(Array.isArray(receipts) ? receipts : []), number])
      if (at === 'after') throw new Error('The payment fails after its effect.')
      return redirect(`/receipt/${number}`, { flash: 'Paid' })
    })
  })

  app.get('/receipt/:n', ({ params, flashes }) => {
    const found = /^[1-9]\d{0,14}$/.test(params.n) ? ledger.find(Number(params.n)) : undefined
    if (found === undefined) throw new HttpError(404, 'There is no such receipt.')
    const headers = { 'content-type': 'text/plain; charset=utf-8', 'x-flashes': String(flashes.length) }
    return new Response(`receipt ${found.number} amount ${found.amount}`, { headers })
  })

  app.get('/count', () => String(ledger.count))
}

function troublePlace(query: Fields): 'before' | 'after' | null {
  const at = query.get('at')
  if (at === null || at === 'before' || at === 'after') return at
  throw new HttpError(400, 'The query has an at that is neither before nor after.')
}
