import type { Mail } from './outbox.ts'
import { priceOf } from './price.ts'
import type { Order } from './shop.ts'

/** The mail that confirms an order. */
export function confirmationOf({ number, name, email, count, title, cents }: Order): Omit<Mail, 'id'> {
  const text = `Dear ${name},\n\nyou have ordered ${count} × ${title}, ${priceOf(count * cents)} in all.\n\nThe Print Room\n`
  return { to: email, subject: `Your order ${number}`, text }
}
