import { type Dewar, redirect, type Store } from 'dewar'
import type { RedisClientType } from 'redis'
import { waitAsAsked } from '../wait.ts'
import { type Ledger, payment, troubleAt } from './payment.ts'

/** The part of a node-redis client that the payments need. */
export type Client = Pick<RedisClientType, 'eval' | 'lLen' | 'lIndex'>

// A submission that is tried again, since nobody knows what became of it, finds its payment by its key.
const pay = `
local known = redis.call('HGET', KEYS[2], ARGV[1])
if known then return tonumber(known) end
local number = redis.call('RPUSH', KEYS[1], ARGV[2])
redis.call('HSET', KEYS[2], ARGV[1], number)
return number`

/** Payments in a list of Redis. It has no transaction with the session: the submission is claimed before. */
export function payInRedis(app: Dewar<Record<string, unknown>, Store>, client: Client): Ledger {
  app.post(
    '/pay',
    payment,
    async ({ data, session, query, once }) => {
      const trouble = troubleAt(query)
      await waitAsAsked(query)
      trouble('before')
      trouble('after') // nothing undoes what is pushed, so what fails after it fails before
      session.update('receipts', (receipts = []) => receipts) // only a session that holds something has an id
      const row = JSON.stringify({ amount: data.amount, session: session.id })
      const number = Number(
        await client.eval(pay, { keys: ['{payments}:rows', '{payments}:keys'], arguments: [once.key, row] }),
      )
      session.push('receipts', number)
      return redirect(`/receipt/${number}`, { flash: 'Paid' })
    },
    { once: true },
  )
  return {
    count: () => client.lLen('{payments}:rows'),
    amountOf: async (number) => {
      const row = number < 1 ? null : await client.lIndex('{payments}:rows', number - 1)
      return row === null ? null : JSON.parse(String(row)).amount
    },
  }
}
