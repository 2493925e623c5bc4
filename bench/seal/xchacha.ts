import { xchacha20poly1305 } from '@noble/ciphers/chacha.js'
import { benchKey, fromCookie, headBytes, newNonce, toCookie } from './frame.ts'
import { associatedData, type Codec, parseSession } from './session.ts'

/** XChaCha20-Poly1305 in plain JavaScript, the same on every runtime.  draft-irtf-cfrg-xchacha-03 */
export const xchacha: Codec = {
  seal(session) {
    const nonce = newNonce()
    const sealed = xchacha20poly1305(benchKey, nonce, associatedData).encrypt(Buffer.from(JSON.stringify(session)))
    return toCookie(nonce, [sealed])
  },
  open(cookie) {
    const bytes = fromCookie(cookie)
    if (bytes === undefined) return undefined
    try {
      const cipher = xchacha20poly1305(benchKey, bytes.subarray(2, headBytes), associatedData)
      return parseSession(Buffer.from(cipher.decrypt(bytes.subarray(headBytes))).toString())
    } catch {
      return undefined
    }
  },
}
