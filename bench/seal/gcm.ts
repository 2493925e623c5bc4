import { createCipheriv, createDecipheriv } from 'node:crypto'
import { benchKey, tagBytes } from './frame.ts'
import { associatedData, type Codec, parseSession } from './session.ts'

const nonceBytes = 12

/**
 * AES-256-GCM as most people write it by hand: base64url(nonce 12 | ciphertext | tag 16). A random nonce of
 * 96 bits allows 2^32 seals for a key; a framework should not ask its users to count.  NIST SP 800-38D §8.3
 */
export const gcm: Codec = {
  seal(session) {
    const nonce = crypto.getRandomValues(new Uint8Array(nonceBytes))
    const cipher = createCipheriv('aes-256-gcm', benchKey, nonce).setAAD(associatedData)
    const ciphertext = cipher.update(JSON.stringify(session), 'utf8')
    cipher.final()
    return Buffer.concat([nonce, ciphertext, cipher.getAuthTag()]).toString('base64url')
  },
  open(cookie) {
    const bytes = Buffer.from(cookie, 'base64url')
    const end = bytes.length - tagBytes
    if (end < nonceBytes) return undefined
    try {
      const nonce = bytes.subarray(0, nonceBytes)
      const decipher = createDecipheriv('aes-256-gcm', benchKey, nonce, { authTagLength: tagBytes })
      decipher.setAAD(associatedData).setAuthTag(bytes.subarray(end))
      const text = decipher.update(bytes.subarray(nonceBytes, end), undefined, 'utf8')
      return parseSession(text + decipher.final('utf8'))
    } catch {
      return undefined
    }
  },
}
