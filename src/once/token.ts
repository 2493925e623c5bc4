import { decodeBase64url, encodeBase64url } from '../crypto/base64url.ts'
import { equalBytes, frameBytes, joinBytes, uint32 } from '../crypto/bytes.ts'
import type { Key } from '../crypto/keyring.ts'
import { mac16 } from '../crypto/mac.ts'
import type { Random } from '../crypto/random.ts'
import { normalPath } from '../routing/path.ts'

/** The name of the hidden field that carries the token. Names that begin with `_` are never echoed. */
export const tokenField = '_token'

/** How long a token is good: 24 hours. */
export const tokenSeconds: number = 24 * 60 * 60

/** The form that a token is for. */
export interface TokenSubject {
  /** The family of the session or visitor that it was given to. */
  readonly family: string
  /** The path that the form posts to. */
  readonly action: string
}

/** What a new token says besides. */
export interface TokenParts {
  /** The epoch of the session: a login ends the tokens made before it. */
  readonly epoch: number
  /** The incarnation of the store that its submission will be recorded in, as 4 characters; empty for none. */
  readonly incarnation: string
  /**
   * Names the instance of the form: 12 bytes, of which the first 3 give way to the incarnation. Default: by chance, so that
   * each showing is another instance.
   */
  readonly nonce?: Uint8Array
}

/** What a token has proven. */
export interface ProvenToken {
  /** The epoch that it was made in, modulo 65,536. */
  readonly epoch: number
  /** Names the instance of the form, and the incarnation of its store: 12 bytes. */
  readonly nonce: Uint8Array
  readonly issuedSeconds: number
  /** Which of the keys it was made with. */
  readonly keyAt: number
}

/**
 * A token for one instance of a form: 48 characters, made without a store.
 *
 *     version+key 1 | purpose 1 | issued 4 | epoch 2 | incarnation 3 | chance 9 | mac 16
 *
 * The mac binds all of it to the family and the action.
 */
export function mintToken(
  subject: TokenSubject,
  { epoch, incarnation, nonce }: TokenParts,
  { key, nowSeconds, random }: { key: Key; nowSeconds: number; random: Random },
): string {
  const head = joinBytes(
    new Uint8Array([leadOf(key), purpose]),
    uint32(nowSeconds),
    new Uint8Array([epoch >>> 8, epoch]),
    incarnationBytes(incarnation),
    (nonce ?? random.bytes(nonceBytes)).subarray(3),
  )
  return encodeBase64url(joinBytes(head, mac16(key.bytes, messageOf(head, subject))))
}

/** What a token says, if it was minted with one of the keys for this subject, no longer than 24 hours ago; else `null`. */
export function readToken(
  token: string,
  subject: TokenSubject,
  { keys, nowSeconds }: { keys: readonly Key[]; nowSeconds: number },
): ProvenToken | null {
  const bytes = decodeBase64url(token)
  if (bytes === null || bytes.length !== headBytes + 16 || bytes[1] !== purpose) return null
  const head = bytes.subarray(0, headBytes)
  const view = new DataView(head.buffer, head.byteOffset)
  const issuedSeconds = view.getUint32(2)
  const age = nowSeconds - issuedSeconds
  if (age > tokenSeconds || age < -clockSkewSeconds) return null
  const keyAt = keys.findIndex((key) => {
    return leadOf(key) === head[0] && equalBytes(bytes.subarray(headBytes), mac16(key.bytes, messageOf(head, subject)))
  })
  return keyAt === -1 ? null : { issuedSeconds, epoch: view.getUint16(6), nonce: head.slice(8), keyAt }
}

/** Whether a token was made in this epoch of its session. */
export function isOfEpoch(token: ProvenToken, epoch: number): boolean {
  return token.epoch === (epoch & 0xffff)
}

/** Whether a token was made for this incarnation of the store: another one may have forgotten that it was used. */
export function isOfIncarnation(token: ProvenToken, incarnation: string): boolean {
  return equalBytes(token.nonce.subarray(0, 3), incarnationBytes(incarnation))
}

/**
 * The action of a form as its token names it: the path alone, as a browser would ask for it and in normal spelling,
 * without a last slash.
 */
export function actionOf(address: string): string {
  const [path = ''] = address.split(/[?#]/, 1)
  const asked = /^(?:\/(?![./\\])[\w.~-]*)*\/?$/.test(path) ? path : askedFor(address, path)
  return (normalPath(asked) ?? asked).replace(/(.)\/$/, '$1')
}

function askedFor(address: string, path: string): string {
  const url = `http://action.invalid${address}`
  return address.startsWith('/') && URL.canParse(url) ? new URL(url).pathname : path
}

const nonceBytes = 12
const headBytes = 8 + nonceBytes
const purpose = 1
const clockSkewSeconds = 60

function incarnationBytes(incarnation: string): Uint8Array {
  return decodeBase64url(incarnation || 'AAAA') ?? new Uint8Array(3)
}

// Version 1 in the upper four bits, the lower four bits of the key's id below.
function leadOf(key: Key): number {
  return 0x10 | (key.id & 0x0f)
}

function messageOf(head: Uint8Array, { family, action }: TokenSubject): Uint8Array {
  return frameBytes('dewar', head, family, action)
}
