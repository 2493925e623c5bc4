import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'

/** HMAC-SHA-256 of a message, cut to its first 16 bytes.  RFC 2104 §5 */
export function mac16(key: Uint8Array, message: Uint8Array): Uint8Array {
  return hmac(sha256, key, message).subarray(0, 16)
}

/** HMAC-SHA-256 of a message: 32 bytes.  RFC 2104 */
export function mac32(key: Uint8Array, message: Uint8Array): Uint8Array {
  return hmac(sha256, key, message)
}

/** SHA-256 of a message: 32 bytes.  FIPS 180-4 */
export function hash(message: Uint8Array): Uint8Array {
  return sha256(message)
}
