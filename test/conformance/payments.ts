import { HttpError } from 'dewar'
import type { App } from './app-type.ts'
import { layout } from './layout.ts'
import { type Ledger, payment } from './ledger/payment.ts'

/** The form of a payment, its receipt, and how many there are. What pays is the ledger's own. */
export function addPayments(app: App, ledger: Ledger): void {
  app.get('/form', ({ formFor }) => layout('Pay', formFor(payment, '/pay')))

  app.get('/receipt/:n', async ({ params, flashes }) => {
    const number = /^[1-9]\d{0,8}$/.test(params.n) ? Number(params.n) : 0
    const amount = await ledger.amountOf(number)
    if (amount === null) throw new HttpError(404, 'There is no such receipt.')
    const headers = { 'content-type': 'text/plain; charset=utf-8', 'x-flashes': String(flashes.length) }
    return new Response(`receipt ${number} amount ${amount}`, { headers })
  })

  app.get('/count', async () => String(await ledger.count()))
}
