const carriageReturn = 0x0d

/**
 * The bytes that stand before every part of a multipart body, CRLF `--` boundary, and where a chunk has them. The time
 * to find them grows with the length of the chunk, whatever is in it.  RFC 2046 §5.1.1
 */
export class Delimiter {
  /** The delimiter itself. It has one carriage return, its first byte. */
  readonly bytes: Uint8Array
  readonly #skips: Uint8Array
  readonly #skipPastLast: number

  /** The boundary is one that `boundaryOf` gave: ASCII without control characters. */
  constructor(boundary: string) {
    this.bytes = new TextEncoder().encode(`\r\n--${boundary}`)
    const last = this.bytes.length - 1
    this.#skips = new Uint8Array(256).fill(this.bytes.length)
    for (const [index, byte] of this.bytes.subarray(0, last).entries()) this.#skips[byte] = last - index
    this.#skipPastLast = this.#skips[this.bytes[last] ?? 0] ?? 1
    this.#skips[this.bytes[last] ?? 0] = 0
  }

  /**
   * The first index, not before `from`, at which the chunk has the delimiter or ends with the beginning of it; the
   * length of the chunk if there is none.
   */
  indexIn(chunk: Uint8Array, from: number): number {
    const skips = this.#skips
    const last = this.bytes.length - 1
    // Boyer-Moore-Horspool: the byte under the end of the delimiter says how far it may move.
    let under = from + last
    while (under < chunk.length) {
      const skip = skips[chunk[under] ?? 0] ?? 0
      if (skip !== 0) {
        under += skip
        continue
      }
      // From the first byte on: it comes only once, so no byte is compared twice, and what is equal is jumped over.
      const equal = chunk[under - last] === carriageReturn ? this.#equalBytes(chunk, under - last) : 0
      if (equal > last) return under - last
      under += Math.max(equal, this.#skipPastLast)
    }
    for (let at = under - last; at < chunk.length; at++) {
      if (chunk[at] === carriageReturn && this.#equalBytes(chunk, at) === chunk.length - at) return at
    }
    return chunk.length
  }

  #equalBytes(chunk: Uint8Array, at: number): number {
    let equal = 0
    while (equal < this.bytes.length && chunk[at + equal] === this.bytes[equal]) equal++
    return equal
  }
}
