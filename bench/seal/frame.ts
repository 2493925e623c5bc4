/** version 1 | key id 1 | nonce 24: what stands before the ciphertext in both sealed cookies. */
export const version = 1
export const keyId = 7
export const nonceBytes = 24
export const headBytes: number = 2 + nonceBytes
export const tagBytes = 16

/** 32 bytes for a run of the bench; never a real secret. */
export const benchKey: Uint8Array = new Uint8Array(32).fill(0x42)

/** A nonce from the system's randomness, read anew for every seal (no pool that a fork could repeat). */
export function newNonce(): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(nonceBytes))
}

/** base64url text of a sealed cookie. */
export function toCookie(nonce: Uint8Array, sealed: readonly Uint8Array[]): string {
  return Buffer.concat([Uint8Array.of(version, keyId), nonce, ...sealed]).toString('base64url')
}

/** The bytes of a cookie, when its version, key and length can be ours and it is spelled canonically. */
export function fromCookie(cookie: string): Buffer | undefined {
  const bytes = Buffer.from(cookie, 'base64url')
  if (bytes.length < headBytes + tagBytes || bytes[0] !== version || bytes[1] !== keyId) return undefined
  return bytes.toString('base64url') === cookie ? bytes : undefined
}
