import type { Part } from './redis-calls.ts'
import type { OnceRow, SessionRow } from './store.ts'

// The server removes what is over by itself, a little later than its time: clocks differ.
const marginSeconds = 60

/** After how many milliseconds the server may remove what is over at this time. */
export function timeToLive(expiresSeconds: number, nowSeconds: number): string {
  return `${Math.max(1, (expiresSeconds - nowSeconds + marginSeconds) * 1000)}`
}

/** A user as a field of a session: empty for nobody. */
export function userField(user: string | null): string {
  return user === null ? '' : `=${user}`
}

/** The session in a part of an answer, if it is there and not over. */
export function readSession(part: Part | undefined, nowSeconds: number): SessionRow | null {
  if (typeof part !== 'string') return null
  const row: SessionRow = JSON.parse(part) // as the store has written it
  return row.expiresSeconds > nowSeconds ? row : null
}

/** The record of a submission in six parts of an answer, if it is there and not over. */
export function readOnce(key: string, parts: readonly Part[], nowSeconds: number): OnceRow | null {
  const [state, owner, leaseUntilSeconds, expiresSeconds, fingerprint, answer] = parts
  if (typeof state !== 'string' || Number(expiresSeconds) <= nowSeconds) return null
  return {
    key,
    fingerprint: String(fingerprint),
    state: state === 'done' ? 'done' : 'running',
    owner: String(owner),
    leaseUntilSeconds: Number(leaseUntilSeconds),
    answer: typeof answer === 'string' ? answer : null,
    expiresSeconds: Number(expiresSeconds),
  }
}
