import { encodeBase64url } from '../crypto/base64url.ts'
import type { Key } from '../crypto/keyring.ts'
import type { Random } from '../crypto/random.ts'
import type { ErrorCode } from '../errors/table.ts'
import { fingerprintOf } from '../once/fingerprint.ts'
import { recordKeyFor, recordKeyOf } from '../once/record-key.ts'
import { leaseSeconds, recordGraceSeconds } from '../once/rules.ts'
import { claimUntil, ownerOf } from '../once/standing.ts'
import { actionOf, type ProvenToken, readToken, tokenField, tokenSeconds } from '../once/token.ts'
import type { Visitor } from '../session/keeper.ts'
import type { Asked } from '../store/store.ts'
import { UploadedFile } from '../upload/uploaded-file.ts'
import type { RouteOnce } from './once-options.ts'
import type { Submitted } from './stations.ts'

/** A form that is submitted once: which one, and what was posted with it. */
export interface Submission {
  /** The key of its record. It stays the same however often it is sent. */
  readonly key: string
  readonly fingerprint: string
  /** The token as it was posted: the form shown again after 422 holds it again. */
  readonly token: string
  readonly proven: ProvenToken
  readonly visitor: Visitor
  readonly rules: RouteOnce
  /** When its record may be swept: when no token of its instance is good any more that was given out until now. */
  readonly expiresSeconds: number
  /** Who claims it, where it has to be claimed and was. */
  readonly owner: string | undefined
  /** Whether something outside has begun for it already, by a claim of this request that was lost. */
  readonly isBegun: boolean
}

/** Why a form has to be sent again by its person before anything is done. */
export interface Lack {
  readonly code: ErrorCode
  /** Where the first answer led to. */
  readonly result: string | null
}

/** The submission that a posted form is, if its token is this visitor's; else `null`. */
export function submissionOf(submitted: Submitted, rules: RouteOnce, nowSeconds: number): Submission | null {
  const { config, received, arrival, fields } = submitted
  const visitor = config.keeper.visitorOf(arrival, nowSeconds)
  const token = fields?.get(tokenField) ?? ''
  if (visitor === null || fields === null || token === '') return null
  const keys = config.keyring.keysFor('form-token')
  const subject = { family: visitor.family, action: actionOf(received.url.pathname) }
  const proven = readToken(token, subject, { keys, nowSeconds })
  if (proven === null) return null
  // Of the same secret as the token's, so that a newer secret makes no other record of it.
  const recordKeys = config.keyring.keysFor('submission')
  const key: Key = recordKeys[proven.keyAt] ?? recordKeys[0]
  const files = submitted.files.flatMap(([name, file]) => (file instanceof UploadedFile ? [[name, file] as const] : []))
  const fingerprint = fingerprintOf({ entries: fields, files }, key)
  const record = recordKeyOf(subject, proven.nonce, key)
  return {
    key: rules.changed === 'accept' ? recordKeyFor(record, fingerprint, key) : record,
    fingerprint,
    token,
    proven,
    visitor,
    rules,
    expiresSeconds: nowSeconds + tokenSeconds + recordGraceSeconds,
    owner: undefined,
    isBegun: false,
  }
}

/** A submission as it is claimed now: its lease begins when it is asked for, not when it came. */
export function claimed(submission: Submission, random: Random, nowSeconds: number): Submission {
  if (submission.rules.mode === 'tx') return submission
  return { ...submission, owner: ownerOf(encodeBase64url(random.bytes(12)), nowSeconds + leaseSeconds) }
}

/** What a store is asked about a submission; one that has an owner is claimed in the same trip. */
export function askedFor(submission: Submission, nowSeconds: number): NonNullable<Asked['once']> {
  const { key, fingerprint, rules, expiresSeconds, owner } = submission
  if (owner === undefined) return { key }
  const leaseUntilSeconds = claimUntil(rules, { leaseUntilSeconds: nowSeconds + leaseSeconds, expiresSeconds })
  return { key, claim: { owner, fingerprint, leaseUntilSeconds, expiresSeconds } }
}
