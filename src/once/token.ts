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
  /** The family of the session it was given to. */
  readonly family: string
  /** The epoch of that session: a login ends the tokens made before it. */
  readonly epoch: number
  /** The path that the form posts to. */
  readonly action: string
}

/**
 * A token for one instance of a form: 48 characters, made without a store.
 *
 *     version+key 1 | purpose 1 | issued 4 | epoch 2 | nonce 12 | mac 16
 *
 * The mac binds it to the session's family and epoch, the action, the time and the nonce.
 */
export function mintToken(
  subject: TokenSubject,
  { key, nowSeconds, random }: { key: Key; nowSeconds: number; random: Random },
): string {
  const { epoch } = subject
  const head = joinBytes(
    new Uint8Array([leadOf(key), purpose]),
    uint32(nowSeconds),
    new Uint8Array([epoch >>> 8, epoch]),
    random.bytes(12),
  )
  return encodeBase64url(joinBytes(head, mac16(key.bytes, messageOf(head, subject))))
}

/** Whether a token was minted with one of the keys for this subject, no longer than 24 hours ago. */
export function proveToken(
  token: string,
  subject: TokenSubject,
  { keys, nowSeconds }: { keys: readonly Key[]; nowSeconds: number },
): boolean {
  const bytes = decodeBase64url(token)
  if (bytes === null || bytes.length !== headBytes + 16 || bytes[1] !== purpose) return false
  const head = bytes.subarray(0, headBytes)
  const age = nowSeconds - new DataView(head.buffer, head.byteOffset).getUint32(2)
  if (age > tokenSeconds || age < -clockSkewSeconds) return false
  return keys.some((key) => {
    return leadOf(key) === head[0] && equalBytes(bytes.subarray(headBytes), mac16(key.bytes, messageOf(head, subject)))
  })
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

const headBytes = 20
const purpose = 1
const clockSkewSeconds = 60

// Version 1 in the upper four bits, the lower four bits of the key's id below.
function leadOf(key: Key): number {
  return 0x10 | (key.id & 0x0f)
}

function messageOf(head: Uint8Array, { family, epoch, action }: TokenSubject): Uint8Array {
  return frameBytes('dewar', head, family, String(epoch), action)
}
