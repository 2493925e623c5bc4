import { type Cipheriv, createCipheriv, createDecipheriv } from 'node:crypto'
import { benchKey, fromCookie, headBytes, newNonce, tagBytes, toCookie } from './frame.ts'
import { associatedData, type Codec, parseSession } from './session.ts'

/** Seals and opens with one 32-byte key, as XAES-256-GCM does: a fresh AES-256-GCM key for every 24-byte nonce. */
export interface Xaes {
  encrypt(
    nonce: Uint8Array,
    plaintext: string | Uint8Array,
    aad: Uint8Array,
  ): { ciphertext: Uint8Array; tag: Uint8Array }
  /** Throws when the tag does not fit. */
  decrypt(nonce: Uint8Array, sealed: Uint8Array, aad: Uint8Array): Buffer
}

/**
 * The cheapest legal way found on `node:crypto`: one AES-256-ECB object stays open for the life of the key, and
 * a single `update` of 32 bytes gives both halves of the derived key.  https://c2sp.org/XAES-256-GCM
 */
export function xaes256gcm(key: Uint8Array): Xaes {
  const blocks = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false)
  const masks = masksFrom(blocks.update(new Uint8Array(16)))
  return {
    encrypt(nonce, plaintext, aad) {
      const cipher = createCipheriv('aes-256-gcm', derivedKey(blocks, masks, nonce), nonce.subarray(12)).setAAD(aad)
      const ciphertext = typeof plaintext === 'string' ? cipher.update(plaintext, 'utf8') : cipher.update(plaintext)
      cipher.final()
      return { ciphertext, tag: cipher.getAuthTag() }
    },
    decrypt(nonce, sealed, aad) {
      const end = sealed.length - tagBytes
      const decipher = createDecipheriv('aes-256-gcm', derivedKey(blocks, masks, nonce), nonce.subarray(12), {
        authTagLength: tagBytes,
      })
      decipher.setAAD(aad).setAuthTag(sealed.subarray(end))
      const plaintext = decipher.update(sealed.subarray(0, end))
      decipher.final()
      return plaintext
    },
  }
}

/** AES_K(M1 xor K1) | AES_K(M2 xor K1), with Mi = 0, i, 'X', 0, then the first 12 bytes of the nonce. */
function derivedKey(blocks: Cipheriv, masks: Uint8Array, nonce: Uint8Array): Uint8Array {
  const input = masks.slice()
  for (let at = 0; at < 12; at++) {
    const byte = nonce[at] ?? 0
    input[at + 4] = (masks[at + 4] ?? 0) ^ byte
    input[at + 20] = (masks[at + 20] ?? 0) ^ byte
  }
  return blocks.update(input)
}

/** Both blocks before the nonce is mixed in: M1 and M2 with zeros for the nonce, each xored with CMAC's K1. */
function masksFrom(zeroBlock: Uint8Array): Uint8Array {
  const k1 = doubled(zeroBlock)
  const messages = Uint8Array.of(0, 1, 0x58, 0, ...new Uint8Array(12), 0, 2, 0x58, 0, ...new Uint8Array(12))
  return messages.map((byte, at) => byte ^ (k1[at % 16] ?? 0))
}

/** The block shifted left by one bit, reduced by 0x87 when a bit fell out.  NIST SP 800-38B §6.1 */
function doubled(block: Uint8Array): Uint8Array {
  const carry = (block[0] ?? 0) >> 7 === 1 ? 0x87 : 0
  return block.map((byte, at) => (byte << 1) ^ (at === 15 ? carry : (block[at + 1] ?? 0) >> 7))
}

const cipher = xaes256gcm(benchKey)

/** XAES-256-GCM by the system's OpenSSL, on Node, Bun and Deno. */
export const xaes: Codec = {
  seal(session) {
    const nonce = newNonce()
    const { ciphertext, tag } = cipher.encrypt(nonce, JSON.stringify(session), associatedData)
    return toCookie(nonce, [ciphertext, tag])
  },
  open(cookie) {
    const bytes = fromCookie(cookie)
    if (bytes === undefined) return undefined
    try {
      return parseSession(
        cipher.decrypt(bytes.subarray(2, headBytes), bytes.subarray(headBytes), associatedData).toString(),
      )
    } catch {
      return undefined
    }
  },
}
