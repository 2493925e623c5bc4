const encoder = new TextEncoder()

/** Text as UTF-8 bytes. */
export function utf8(text: string): Uint8Array {
  return encoder.encode(text)
}

/** Several byte strings as one. */
export function joinBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}

/**
 * Byte strings as one, each with its length in front, so that no two different lists give the same bytes.
 * Lengths are 32 bits, big-endian.
 */
export function frameBytes(...parts: readonly (string | Uint8Array)[]): Uint8Array {
  const framed: Uint8Array[] = []
  for (const part of parts) {
    const bytes = typeof part === 'string' ? utf8(part) : part
    framed.push(uint32(bytes.length), bytes)
  }
  return joinBytes(...framed)
}

/** A whole number from 0 to 2^32 - 1 as four bytes, big-endian. */
export function uint32(value: number): Uint8Array {
  return new Uint8Array([value >>> 24, value >>> 16, value >>> 8, value])
}

/** Whether two byte strings are equal, in a time that depends on their length only. */
export function equalBytes(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false
  let difference = 0
  for (let at = 0; at < one.length; at++) difference |= (one[at] ?? 0) ^ (other[at] ?? 0)
  return difference === 0
}
