import type { Keyring } from '../crypto/keyring.ts'
import { systemRandom } from '../crypto/random.ts'
import { createSealer, type WhyClosed, whyClosed } from '../crypto/seal.ts'
import type { SessionRow } from '../store/store.ts'
import { longestCookieBytes } from './cookie-keeper.ts'
import { cookieKinds } from './cookie-name.ts'
import { judgeLifetime, type Lifetime } from './lifetime.ts'
import { type SessionSchema, withoutStale } from './schema.ts'
import { createSecretProof, greetingSecret, hashOf, type SecretCookie } from './secret-cookie.ts'
import { readState, type SessionState } from './state.ts'
import { stateOf } from './stored-state.ts'

/** What a session cookie comes to, with the reason, for those who run the app: strangers are told nothing of it. */
export type CookieVerdict =
  | {
      readonly kind: 'opens'
      /** As a request would see it. */
      readonly state: SessionState
      /** Keys whose values the schema of the app no longer accepts: a request does not see them. */
      readonly staleKeys: readonly string[]
      readonly ends: Ends
      /** The name of the cookie, where its seal is bound to it. */
      readonly name: string | null
    }
  | { readonly kind: 'closed'; readonly reason: Exclude<ClosedReason, 'over'> }
  | { readonly kind: 'closed'; readonly reason: 'over'; readonly ends: Ends }

/** Why a session cookie opens nothing. */
export type ClosedReason =
  | WhyClosed
  /** It is longer than browsers keep. */
  | 'too-long'
  /** What it leads to was written by another release. */
  | 'format'
  | 'over'
  /** No session of this name is kept that is not over. */
  | 'missing'
  /** It was given to a visitor who has met a form, and nothing was kept for them. */
  | 'greeting'
  /** The session is there, and this was its secret before the last login. */
  | 'previous'
  /** The session is there, and this is not its secret. */
  | 'secret'

/** When a session ends. */
export interface Ends {
  /** Without another visit. */
  readonly idleSeconds: number
  /** Whatever happens. */
  readonly absoluteSeconds: number
}

/** What a cookie is judged by. */
export interface CookieParts {
  readonly keyring: Keyring
  readonly lifetime: Lifetime
  readonly schema: SessionSchema<object>
  readonly nowSeconds: number
}

/** Judges a cookie that is the session itself, sealed. */
export function judgeSealed(cookie: string, parts: CookieParts): CookieVerdict {
  if (cookie.length > longestCookieBytes) return { kind: 'closed', reason: 'too-long' }
  const keys = parts.keyring.keysFor('session-cookie')
  for (const { name } of cookieKinds) {
    const unsealed = createSealer({ keys, boundTo: name, random: systemRandom }).open(cookie)
    if (unsealed === null) continue
    const state = readState(new TextDecoder().decode(unsealed.content))
    return judgeState(state, { ...parts, name, rowEndsSeconds: Number.POSITIVE_INFINITY })
  }
  return { kind: 'closed', reason: whyClosed(cookie, keys) }
}

/** Judges a cookie that names a session in a store, by the row of that name that is not over. */
export function judgeStored(
  { family, secret }: SecretCookie,
  row: SessionRow | null,
  parts: CookieParts,
): CookieVerdict {
  const isSecret = createSecretProof()
  if (row === null) {
    const keys = parts.keyring.keysFor('session-secret')
    const isGreeting = keys.some((key) => isSecret(secret, hashOf(greetingSecret(family, key))))
    return { kind: 'closed', reason: isGreeting ? 'greeting' : 'missing' }
  }
  if (isSecret(secret, row.secretHash)) {
    return judgeState(stateOf(row), { ...parts, name: null, rowEndsSeconds: row.expiresSeconds })
  }
  const isPrevious = row.previousHash !== null && isSecret(secret, row.previousHash)
  return { kind: 'closed', reason: isPrevious ? 'previous' : 'secret' }
}

interface Kept {
  readonly name: string | null
  /** When the row is not there any more, which may be before the lifetime of now is over. */
  readonly rowEndsSeconds: number
}

function judgeState(
  kept: SessionState | null,
  { name, rowEndsSeconds, lifetime, schema, nowSeconds }: CookieParts & Kept,
): CookieVerdict {
  if (kept === null) return { kind: 'closed', reason: 'format' }
  const ends = {
    idleSeconds: Math.min(kept.seenSeconds + lifetime.idleSeconds, rowEndsSeconds),
    absoluteSeconds: kept.createdSeconds + lifetime.absoluteSeconds,
  }
  if (judgeLifetime(kept, nowSeconds, lifetime) === 'over') return { kind: 'closed', reason: 'over', ends }
  const state = withoutStale(kept, schema)
  const staleKeys = [...kept.data.keys()].filter((key) => !state.data.has(key))
  return { kind: 'opens', state, staleKeys, ends, name }
}
