import type { SessionRow } from '../store/store.ts'
import { type Lifetime, secondsLeft } from './lifetime.ts'
import { readContent, type SessionState, writeContent } from './state.ts'

/** The state that a row keeps; `null` if it was written by a release that this one does not understand. */
export function stateOf({
  family,
  epoch,
  user,
  content,
  createdSeconds,
  seenSeconds,
}: SessionRow): SessionState | null {
  const held = readContent(content)
  return held && { family, epoch, user, createdSeconds, seenSeconds, ...held }
}

/** What a row has besides its state. */
export type RowParts = Pick<
  SessionRow,
  'version' | 'secretHash' | 'previousHash' | 'previousUntilSeconds' | 'userAgent' | 'address'
>

/** A state as the row that keeps it. */
export function rowOf(state: SessionState, parts: RowParts, lifetime: Lifetime): SessionRow {
  const { version, secretHash, previousHash, previousUntilSeconds, userAgent, address } = parts
  const { family, epoch, user, createdSeconds, seenSeconds } = state
  return {
    family,
    version,
    secretHash,
    previousHash,
    previousUntilSeconds,
    epoch,
    user,
    content: writeContent(state),
    createdSeconds,
    seenSeconds,
    expiresSeconds: seenSeconds + secondsLeft(state, seenSeconds, lifetime),
    userAgent,
    address,
  }
}
