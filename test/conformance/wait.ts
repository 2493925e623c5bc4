import { setTimeout } from 'node:timers/promises'
import { type Fields, HttpError } from 'dewar'

/** Waits as many milliseconds as `ms` in the query says, at most a minute. Without it nobody waits; nonsense is a 400. */
export async function waitAsAsked(query: Fields): Promise<void> {
  const asked = query.get('ms') ?? '0'
  if (!/^\d{1,5}$/.test(asked) || Number(asked) > 60_000) {
    throw new HttpError(400, 'The query has an ms that is not a whole number from 0 to 60000.')
  }
  if (Number(asked) > 0) await setTimeout(Number(asked))
}
