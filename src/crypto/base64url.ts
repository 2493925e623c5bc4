/** Bytes as base64url without padding.  RFC 4648 §5 */
export function encodeBase64url(bytes: Uint8Array): string {
  const length = Math.ceil((bytes.length * 4) / 3)
  const text = length + 3 < scratch.length ? scratch : new Uint8Array(length + 3)
  let at = 0
  for (let from = 0; from < bytes.length; from += 3) {
    const three = (byteAt(bytes, from) << 16) | (byteAt(bytes, from + 1) << 8) | byteAt(bytes, from + 2)
    // A last group that lacks bytes writes digits beyond the end, and they are left out below.
    text[at++] = digit(three >> 18)
    text[at++] = digit(three >> 12)
    text[at++] = digit(three >> 6)
    text[at++] = digit(three)
  }
  return ascii.decode(text.subarray(0, length))
}

/**
 * The bytes of base64url text, or `null` unless the text is exactly what `encodeBase64url` writes:
 * foreign characters, padding, a dangling digit and spare bits that are not zero are all refused,
 * so that no two texts give the same bytes.  RFC 4648 §3.5, §5
 */
export function decodeBase64url(text: string): Uint8Array | null {
  const spareDigits = text.length % 4
  if (spareDigits === 1) return null
  const bytes = new Uint8Array((text.length * 3) >> 2)
  let bits = 0
  let held = 0
  let length = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    const value = code < 128 ? (values[code] ?? -1) : -1
    if (value < 0) return null
    bits = ((bits << 6) | value) & 0xffff
    held += 6
    if (held < 8) continue
    held -= 8
    bytes[length++] = bits >> held
  }
  const spareBits = bits & ((1 << held) - 1)
  return spareBits === 0 ? bytes : null
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
// Room for the text of a cookie, used again each time: encoding never waits, so nobody else is writing in it.
const scratch = new Uint8Array(8192)
const ascii = new TextDecoder('latin1')
const digits: Uint8Array = new TextEncoder().encode(alphabet)
const values: Int8Array = new Int8Array(128).fill(-1)
for (let at = 0; at < alphabet.length; at++) values[alphabet.charCodeAt(at)] = at

function digit(bits: number): number {
  return digits[bits & 63] ?? 0
}

function byteAt(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0
}
