/** Bytes kept from one chunk to the next, in a buffer that doubles, so that adding them one by one costs little. */
export class HeldBytes {
  #buffer = new Uint8Array(0)
  #length = 0

  /** How many bytes are held. */
  get length(): number {
    return this.#length
  }

  /** The buffer; only its first `length` bytes count, and only until the next `append`. */
  get buffer(): Uint8Array {
    return this.#buffer
  }

  /** Copies the bytes of a chunk from one index up to another. */
  append(chunk: Uint8Array, from: number, to: number): void {
    const length = this.#length + to - from
    if (length > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(256, length, 2 * this.#buffer.length))
      larger.set(this.#buffer.subarray(0, this.#length))
      this.#buffer = larger
    }
    this.#buffer.set(chunk.subarray(from, to), this.#length)
    this.#length = length
  }

  /** Takes all that is held: a view of it, which nothing that is held later changes. */
  take(): Uint8Array {
    const taken = this.#buffer.subarray(0, this.#length)
    this.#buffer = new Uint8Array(0)
    this.#length = 0
    return taken
  }
}
