import { xchacha20poly1305 } from '@noble/ciphers/chacha.js'
import { decodeBase64url, encodeBase64url } from './base64url.ts'
import { frameBytes } from './bytes.ts'
import type { Key } from './keyring.ts'
import type { Random } from './random.ts'

/** What was sealed, and whether to seal it anew because it was sealed with a key that is not the newest. */
export interface Unsealed {
  readonly content: Uint8Array
  readonly stale: boolean
}

/** Makes content secret and unforgeable, and opens what it made. */
export interface Sealer {
  /**
   * Content as sealed base64url text:
   * version 1 | key id 1 | nonce 24 | ciphertext | tag 16, so 4/3 of (content + 42) bytes long.
   * XChaCha20-Poly1305 with a fresh random nonce of 192 bits: seals under one key need no counting.
   * draft-irtf-cfrg-xchacha-03
   */
  seal(content: Uint8Array): string
  /** The content of a sealed text, or `null` if it is not exactly what `seal` made with one of the keys. Never throws. */
  open(text: string): Unsealed | null
}

/** What a sealer needs. */
export interface SealerParts {
  /** Newest first: the first seals, all open. */
  readonly keys: readonly [Key, ...Key[]]
  /** What every seal is bound to besides its key, such as the name of a cookie: opened for another, it does not open. */
  readonly boundTo: string
  readonly random: Random
}

/** A sealer with these keys, bound to this place. */
export function createSealer({ keys, boundTo, random }: SealerParts): Sealer {
  const associated = new Map(keys.map((key) => [key, frameBytes('dewar', header(key), boundTo)]))
  const cipher = (key: Key, nonce: Uint8Array) => xchacha20poly1305(key.bytes, nonce, associated.get(key))
  return {
    seal(content) {
      const [key] = keys
      const nonce = random.bytes(nonceBytes)
      const bytes = new Uint8Array(headerBytes + content.length + tagBytes)
      bytes.set(header(key))
      bytes.set(nonce, 2)
      bytes.set(cipher(key, nonce).encrypt(content), headerBytes)
      return encodeBase64url(bytes)
    },
    open(text) {
      const bytes = decodeBase64url(text)
      if (bytes === null || bytes.length < headerBytes + tagBytes || bytes[0] !== version) return null
      const nonce = bytes.subarray(2, headerBytes)
      for (const key of keys) {
        const content = key.id === bytes[1] ? decrypt(cipher(key, nonce), bytes.subarray(headerBytes)) : null
        if (content !== null) return { content, stale: key !== keys[0] }
      }
      return null
    },
  }
}

/** Why a text does not open. */
export type WhyClosed =
  /** Nothing that was ever sealed looks like it. */
  | 'malformed'
  /** It was sealed by another release. */
  | 'version'
  /** It was sealed with a key that is not among these. */
  | 'key'
  /** It was sealed with one of these, as far as it says, and changed since. */
  | 'damaged'

/** Why a text does not open with these keys, for those who run the app: strangers are told one and the same. */
export function whyClosed(text: string, keys: readonly Key[]): WhyClosed {
  const bytes = decodeBase64url(text)
  if (bytes === null || bytes.length < headerBytes + tagBytes) return 'malformed'
  if (bytes[0] !== version) return 'version'
  return keys.some(({ id }) => id === bytes[1]) ? 'damaged' : 'key'
}

const version = 1
const nonceBytes = 24
const tagBytes = 16
const headerBytes: number = 2 + nonceBytes

function header(key: Key): Uint8Array {
  return new Uint8Array([version, key.id])
}

function decrypt(cipher: ReturnType<typeof xchacha20poly1305>, sealed: Uint8Array): Uint8Array | null {
  try {
    return cipher.decrypt(sealed)
  } catch {
    return null // a wrong tag throws; every reason not to open is the same to the caller
  }
}
