import type { OnceRow } from '../store/store.ts'
import type { OnceRules } from './rules.ts'

/** How a submission stands: whether it is the first of its token, and what there is to do if it is not. */
export type Standing =
  /** Nothing is known of it, or it is ours to do. */
  | { readonly kind: 'first' }
  /** The same was done before. */
  | { readonly kind: 'repeat'; readonly answer: string }
  /** Something else was done before, with the same token. */
  | { readonly kind: 'changed'; readonly answer: string }
  /** Somebody is at it. */
  | { readonly kind: 'running' }
  /** Somebody was at it and went away, and nobody knows how far they came. */
  | { readonly kind: 'unknown' }

/** Judges a submission by what is known of it. */
export function judgeStanding(
  { once, isMine }: { readonly once: OnceRow | null; readonly isMine: boolean },
  { fingerprint, nowSeconds }: { readonly fingerprint: string; readonly nowSeconds: number },
): Standing {
  if (once === null || isMine) return { kind: 'first' }
  if (once.state === 'running') return leaseOf(once) > nowSeconds ? { kind: 'running' } : { kind: 'unknown' }
  const answer = once.answer ?? ''
  return once.fingerprint === fingerprint ? { kind: 'repeat', answer } : { kind: 'changed', answer }
}

/**
 * Who claims a submission, as its record names them, with the end of their lease. Where a person is asked after a crash,
 * nobody takes over when the lease ends, so the lease of the record itself is that of the record.
 */
export function ownerOf(chance: string, leaseUntilSeconds: number): string {
  return `${chance}.${leaseUntilSeconds}`
}

function leaseOf({ owner, leaseUntilSeconds }: OnceRow): number {
  const [, named] = owner.split('.')
  return named === undefined ? leaseUntilSeconds : Number(named)
}

/** Until when nobody else may claim it. */
export function claimUntil(
  rules: OnceRules,
  { leaseUntilSeconds, expiresSeconds }: { readonly leaseUntilSeconds: number; readonly expiresSeconds: number },
): number {
  return rules.onCrash === 'rerun' ? leaseUntilSeconds : expiresSeconds
}
