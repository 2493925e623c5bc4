import { utf8Text } from '../http/utf8-text.ts'

/** The text of one part of a form while it comes in, in however many pieces. */
export class TextPart {
  #bytes: Uint8Array | null = null
  #length = 0

  /** How many bytes came so far. */
  get length(): number {
    return this.#length
  }

  /** Takes the next bytes; they are copied. Most texts come in one piece. */
  push(bytes: Uint8Array): void {
    if (this.#bytes === null) this.#bytes = new Uint8Array(bytes)
    else this.#append(this.#bytes, bytes)
    this.#length += bytes.length
  }

  /** The text; `null` if it is not UTF-8. */
  text(): string | null {
    return this.#bytes === null ? '' : utf8Text(this.#bytes, 0, this.#length)
  }

  #append(held: Uint8Array, bytes: Uint8Array): void {
    const length = this.#length + bytes.length
    if (length <= held.length) {
      held.set(bytes, this.#length)
      return
    }
    const larger = new Uint8Array(Math.max(length, 2 * held.length)) // so that many small pieces cost little
    larger.set(held.subarray(0, this.#length))
    larger.set(bytes, this.#length)
    this.#bytes = larger
  }
}
