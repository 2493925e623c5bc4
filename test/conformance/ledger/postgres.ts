import { type Dewar, redirect, type TransactionalStore } from 'dewar'
import type pg from 'pg'
import { waitAsAsked } from '../wait.ts'
import { type Ledger, payment, troubleAt } from './payment.ts'

/** Payments in the database of the sessions: a payment, its session and its submission are one transaction. */
export async function payInPostgres(
  app: Dewar<Record<string, unknown>, TransactionalStore<pg.PoolClient>>,
  pool: pg.Pool,
): Promise<Ledger> {
  await makeTable(pool)
  app.post(
    '/pay',
    payment,
    async ({ data, session, query, commit }) => {
      const trouble = troubleAt(query)
      await waitAsAsked(query)
      return commit(async (tx) => {
        trouble('before')
        session.update('receipts', (receipts = []) => receipts) // only a session that holds something has an id
        const insert = 'INSERT INTO payments (amount, session) VALUES ($1, $2) RETURNING number'
        const { rows } = await tx.query<{ number: number }>(insert, [data.amount, session.id])
        const number = rows[0]?.number ?? 0
        session.push('receipts', number)
        trouble('after')
        return redirect(`/receipt/${number}`, { flash: 'Paid' })
      })
    },
    { once: true },
  )
  return {
    count: async () => Number((await pool.query('SELECT count(*) FROM payments')).rows[0]?.count),
    amountOf: async (number) => {
      const { rows } = await pool.query('SELECT amount FROM payments WHERE number = $1', [number])
      return rows[0]?.amount ?? null
    },
  }
}

// Two processes that start at the same time may both find no table.
async function makeTable(pool: pg.Pool): Promise<void> {
  const table = 'CREATE TABLE IF NOT EXISTS payments (number serial PRIMARY KEY, amount integer NOT NULL, session text)'
  await pool.query(table).catch(() => pool.query(table))
}
