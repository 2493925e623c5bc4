import { encodeBase64url } from '../crypto/base64url.ts'
import { frameBytes } from '../crypto/bytes.ts'
import type { Key } from '../crypto/keyring.ts'
import { mac16 } from '../crypto/mac.ts'
import type { TokenSubject } from './token.ts'

/**
 * The key under which a submission is recorded: 22 characters of base64url. No token can be made from it, so whoever
 * reads the store can send nothing again.
 */
export function recordKeyOf({ family, action }: TokenSubject, nonce: Uint8Array, key: Key): string {
  return encodeBase64url(mac16(key.bytes, frameBytes('record', family, action, nonce)))
}

/** The key of one of several submissions with one token, told apart by what was posted. */
export function recordKeyFor(recordKey: string, fingerprint: string, key: Key): string {
  return encodeBase64url(mac16(key.bytes, frameBytes('body', recordKey, fingerprint)))
}

/** The nonce of a form that is the same instance as long as these facts are: 12 bytes. */
export function nonceOf(facts: string, key: Key): Uint8Array {
  return mac16(key.bytes, frameBytes('intent', facts)).slice(0, 12)
}
