import { daySeconds } from '../clock/clock.ts'
import type { SessionState } from './state.ts'

/** How long a session lives. Both are kept inside the seal and enforced by the server. */
export interface Lifetime {
  /** Seconds without a visit after which it ends. Default 14 days. */
  readonly idleSeconds: number
  /** Seconds after its beginning at which it ends, whatever happens. Default 90 days. */
  readonly absoluteSeconds: number
}

/** The lifetime in force when an app sets none. */
export const defaultLifetime: Lifetime = { idleSeconds: 14 * daySeconds, absoluteSeconds: 90 * daySeconds }

/** Whether a session is still alive, and whether its idle time should be begun anew (over 5 % of it has passed). */
export function judgeLifetime(state: SessionState, nowSeconds: number, lifetime: Lifetime): 'live' | 'aging' | 'over' {
  if (secondsLeft(state, nowSeconds, lifetime) <= 0) return 'over'
  return nowSeconds - state.seenSeconds > lifetime.idleSeconds * 0.05 ? 'aging' : 'live'
}

/** Seconds until a session ends if nobody comes. */
export function secondsLeft(state: SessionState, nowSeconds: number, lifetime: Lifetime): number {
  const idleEnds = state.seenSeconds + lifetime.idleSeconds
  const absoluteEnds = state.createdSeconds + lifetime.absoluteSeconds
  return Math.min(idleEnds, absoluteEnds) - nowSeconds
}
