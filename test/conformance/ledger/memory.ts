import { type Dewar, redirect, type Store } from 'dewar'
import { waitAsAsked } from '../wait.ts'
import { type Ledger, type Payment, payment, troubleAt } from './payment.ts'

/** Payments in this process, where sessions are in memory or in cookies. */
export function payInMemory(app: Dewar<Record<string, unknown>, Store | undefined>): Ledger {
  const rows: Payment[] = []
  app.post(
    '/pay',
    payment,
    async ({ data, session, query }) => {
      const trouble = troubleAt(query)
      await waitAsAsked(query)
      trouble('before')
      trouble('after') // nothing undoes what is pushed, so what fails after it fails before
      const number = rows.length + 1
      const receipts = session.get('receipts')
      if ('push' in session) session.push('receipts', number)
      else session.set('receipts', [...(Array.isArray(receipts) ? receipts : []), number])
      rows.push({ amount: data.amount, session: session.id })
      return redirect(`/receipt/${number}`, { flash: 'Paid' })
    },
    { once: true },
  )
  return {
    count: async () => rows.length,
    amountOf: async (number) => rows[number - 1]?.amount ?? null,
  }
}
