import { type Fields, form, HttpError } from 'dewar'
import * as z from 'zod'

/** One payment. */
export interface Payment {
  readonly amount: number
  /** The public fingerprint of the session that paid. */
  readonly session: string | null
}

/** The payments that were made: they are counted from 1. */
export interface Ledger {
  count(): Promise<number>
  /** The amount of a payment, or `null` if there is none of this number. */
  amountOf(number: number): Promise<number | null>
}

/** The form of a payment. */
export const payment = form(z.object({ amount: z.int().min(1).max(1000) }), { button: 'Pay' })

/** Throws where the query says so. */
export function troubleAt(query: Fields): (place: 'before' | 'after') => void {
  const at = query.get('at')
  if (at !== null && at !== 'before' && at !== 'after') {
    throw new HttpError(400, 'The query has an at that is neither before nor after.')
  }
  return (place) => {
    if (at === place) throw new Error(`The payment fails ${place} its effect.`)
  }
}
