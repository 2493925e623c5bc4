/** The text of one part of a form while it comes in, in however many pieces. */
export class TextPart {
  #bytes = new Uint8Array(256)
  #length = 0

  /** How many bytes came so far. */
  get length(): number {
    return this.#length
  }

  /** Takes the next bytes; they are copied. */
  push(bytes: Uint8Array): void {
    const length = this.#length + bytes.length
    if (length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(length, 2 * this.#bytes.length)) // so that many small pieces cost little
      larger.set(this.#bytes.subarray(0, this.#length))
      this.#bytes = larger
    }
    this.#bytes.set(bytes, this.#length)
    this.#length = length
  }

  /** The text; `null` if it is not UTF-8. */
  text(): string | null {
    try {
      return strictUtf8.decode(this.#bytes.subarray(0, this.#length))
    } catch {
      return null
    }
  }
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
