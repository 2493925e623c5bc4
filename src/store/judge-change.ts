import type { Asked, Change, Completion, OnceRow, SessionChange, SessionRow } from './store.ts'

/** What becomes of a row: nothing, another one in its place, none; or why the change is not made. */
export type SessionVerdict =
  | { readonly kind: 'keep' }
  | { readonly kind: 'write'; readonly row: SessionRow }
  | { readonly kind: 'remove' }
  | { readonly kind: 'conflict'; readonly session: SessionRow }
  | { readonly kind: 'gone' }

/** The record of a submission that is done, or that it is not theirs who want to complete it. */
export type CompletionVerdict =
  | { readonly kind: 'write'; readonly row: OnceRow }
  | { readonly kind: 'lost'; readonly once: OnceRow | null }

/** What becomes of the record of a submission. */
export type OnceVerdict = CompletionVerdict | { readonly kind: 'keep' } | { readonly kind: 'remove' }

/** Judges a change of a session by the row that is there and not over, or `null`. */
export function judgeSession(there: SessionRow | null, change: SessionChange | undefined): SessionVerdict {
  switch (change?.kind) {
    case undefined:
      return { kind: 'keep' }
    case 'create':
      return there === null ? { kind: 'write', row: change.row } : { kind: 'conflict', session: there }
    case 'update':
      if (there === null) return { kind: 'gone' }
      if (there.version !== change.row.version - 1) return { kind: 'conflict', session: there }
      return { kind: 'write', row: change.row }
    case 'end':
      return { kind: 'remove' }
  }
}

/** Judges what is to become of a submission by the record that is there and not over, or `null`. */
export function judgeOnce(there: OnceRow | null, change: Change['once']): OnceVerdict {
  switch (change?.kind) {
    case undefined:
      return { kind: 'keep' }
    case 'complete':
      return judgeCompletion(there, change)
    case 'release':
      return judgeRelease(there, change.owner)
  }
}

// Whose claim took the place of another one does not know how far that came: only the same may be tried again.
function judgeRelease(there: OnceRow | null, owner: string): OnceVerdict {
  if (there?.state !== 'running' || there.owner !== owner) return { kind: 'keep' }
  return there.answer === null
    ? { kind: 'remove' }
    : { kind: 'write', row: { ...there, owner: '', leaseUntilSeconds: 0 } }
}

/**
 * Judges a completion. An owner whose lease is over may still complete what nobody else has claimed: their effect has
 * happened, and who asks later is to hear of it.
 */
export function judgeCompletion(there: OnceRow | null, done: Completion): CompletionVerdict {
  const { key, fingerprint, answer, expiresSeconds, owner = '' } = done
  const isTheirs = done.owner === undefined ? there === null : there?.state === 'running' && there.owner === owner
  if (!isTheirs) return { kind: 'lost', once: there }
  const leaseUntilSeconds = there?.leaseUntilSeconds ?? 0
  return { kind: 'write', row: { key, fingerprint, state: 'done', owner, leaseUntilSeconds, answer, expiresSeconds } }
}

/**
 * The record of a claim that wins over the one that is there and not over, or `null` if it does not. When a lease is over
 * the same may be tried again, and nothing else: what was claimed may have been done, by its name.
 */
export function judgeClaim(there: OnceRow | null, { once, nowSeconds }: Asked): OnceRow | null {
  if (once?.claim === undefined) return null
  const isSame = there?.fingerprint === once.claim.fingerprint
  const isFree = there === null || (isSame && there.state === 'running' && there.leaseUntilSeconds <= nowSeconds)
  return isFree ? { key: once.key, state: 'running', answer: there === null ? null : '', ...once.claim } : null
}
