import { DatabaseSync } from 'node:sqlite'
import { type Dewar, redirect, type TransactionalStore } from 'dewar'
import { waitAsAsked } from '../wait.ts'
import { type Ledger, payment, troubleAt } from './payment.ts'

/** Payments in the file of the sessions: a payment, its session and its submission are one transaction. */
export function payInSqlite(
  app: Dewar<Record<string, unknown>, TransactionalStore<DatabaseSync>>,
  path: string,
): Ledger {
  const database = new DatabaseSync(path, { timeout: 5_000 })
  database.exec(
    `PRAGMA journal_mode = WAL;
     CREATE TABLE IF NOT EXISTS payments (number INTEGER PRIMARY KEY AUTOINCREMENT, amount INTEGER NOT NULL, session TEXT) STRICT`,
  )
  app.post(
    '/pay',
    payment,
    async ({ data, session, query, commit }) => {
      const trouble = troubleAt(query)
      await waitAsAsked(query)
      return commit((tx) => {
        trouble('before')
        session.update('receipts', (receipts = []) => receipts) // only a session that holds something has an id
        const insert = tx.prepare('INSERT INTO payments (amount, session) VALUES (?, ?)')
        const number = Number(insert.run(data.amount, session.id).lastInsertRowid)
        session.push('receipts', number)
        trouble('after')
        return redirect(`/receipt/${number}`, { flash: 'Paid' })
      })
    },
    { once: true },
  )
  const count = database.prepare('SELECT count(*) AS payments FROM payments')
  const amount = database.prepare('SELECT amount FROM payments WHERE number = ?')
  return {
    count: async () => Number(count.get()?.payments),
    amountOf: async (number) => {
      const found = amount.get(number)
      return found === undefined ? null : Number(found.amount)
    },
  }
}
