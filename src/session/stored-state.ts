import type { SessionRow } from '../store/store.ts'
import { type Lifetime, secondsLeft } from './lifetime.ts'
import { rememberOpened } from './opened-texts.ts'
import { type SessionSchema, withoutStale } from './schema.ts'
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

/**
 * Reads states as `stateOf` does, without what the schema no longer accepts. Remembers what texts held, about a mebibyte
 * of them: values are frozen, so those who read the same text may share them.
 */
export function createStateReader(schema: SessionSchema<object>): (row: SessionRow) => SessionState | null {
  const opened = rememberOpened<Content>(openedBytes)
  return (row) => {
    const { family, epoch, user, content, createdSeconds, seenSeconds } = row
    const known = opened.get(content)
    if (known !== undefined) return { family, epoch, user, createdSeconds, seenSeconds, ...known }
    const read = stateOf(row)
    if (read === null) return null
    const state = withoutStale(read, schema)
    opened.set(content, { data: state.data, flashes: state.flashes })
    return state
  }
}

type Content = Pick<SessionState, 'data' | 'flashes'>

const openedBytes: number = 1024 * 1024

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
