import type { Delimiter } from './delimiter.ts'
import { HeldBytes } from './held-bytes.ts'

/**
 * What the bytes from a delimiter on are: the line before a part; the end of the form; mere content that begins like
 * one; not to be known before more bytes come; or a line with more spaces than allowed.
 */
export type LineVerdict = 'part' | 'end' | 'content' | 'open' | 'padded'

type Step = 'boundary' | 'padding' | 'return' | 'dash'

/**
 * Reads the line that a delimiter begins, over however many chunks it comes in:
 *
 *     delimiter *( SP / HTAB ) CRLF    a part follows
 *     delimiter "--"                   the form ends
 *
 * Bytes of earlier chunks that turn out to be content are given back by `release`.  RFC 2046 §5.1.1
 */
export class DelimiterLine {
  readonly #delimiter: Uint8Array
  readonly #mostPadding: number
  readonly #held = new HeldBytes()
  #step: Step = 'boundary'
  #padding = 0
  #matched = 0
  #imagined = 0
  #readTo = 0

  constructor(delimiter: Delimiter, mostPadding: number) {
    this.#delimiter = delimiter.bytes
    this.#mostPadding = mostPadding
  }

  /** Whether the last chunk ended inside of what may be such a line. */
  get isOpen(): boolean {
    return this.#matched > 0
  }

  /** The index in the last chunk up to which it was read: behind the line, or at the first byte that does not belong. */
  get readTo(): number {
    return this.#readTo
  }

  /** Begins with the CRLF taken as read: at the start of the body, and behind the headers of a part. */
  beginAfterLineEnd(): void {
    this.#begin(2)
    this.#imagined = 2
  }

  /** Begins at an index that `Delimiter.indexIn` gave, and reads as far as the chunk goes. */
  readFrom(chunk: Uint8Array, at: number): LineVerdict {
    const length = this.#delimiter.length
    if (chunk.length - at < length) {
      this.#begin(chunk.length - at)
      this.#readTo = chunk.length
      return 'open'
    }
    this.#begin(length)
    return this.#closed(this.#readAfterBoundary(chunk, at + length))
  }

  /** Reads on in the next chunk. If the verdict is `content`, call `release`. */
  readOn(chunk: Uint8Array, from: number): LineVerdict {
    const delimiter = this.#delimiter
    let at = from
    let matched = this.#matched
    while (matched < delimiter.length && at < chunk.length && chunk[at] === delimiter[matched]) {
      matched++
      at++
    }
    this.#readTo = at
    if (matched < delimiter.length && at < chunk.length) return 'content'
    const verdict = matched < delimiter.length ? 'open' : this.#readAfterBoundary(chunk, at)
    if (verdict === 'open') this.#matched = matched
    return verdict === 'content' ? 'content' : this.#closed(verdict)
  }

  /** The bytes of earlier chunks that were taken for a line and are content. */
  release(): readonly Uint8Array[] {
    const pieces: Uint8Array[] = []
    if (this.#matched > this.#imagined) pieces.push(this.#delimiter.slice(this.#imagined, this.#matched))
    if (this.#held.length > 0) pieces.push(this.#held.take())
    this.#matched = 0
    return pieces
  }

  #begin(matched: number): void {
    this.#step = 'boundary'
    this.#padding = 0
    this.#matched = matched
    this.#imagined = 0
  }

  #closed(verdict: LineVerdict): LineVerdict {
    if (verdict === 'open') return verdict
    if (this.#held.length > 0) this.#held.take()
    this.#matched = 0
    return verdict
  }

  #readAfterBoundary(chunk: Uint8Array, from: number): LineVerdict {
    for (let at = from; at < chunk.length; at++) {
      const next = stepAfter(this.#step, chunk[at])
      if (next === 'part' || next === 'end' || next === 'content') {
        this.#readTo = next === 'content' ? at : at + 1
        return next
      }
      if (next === 'padding' && ++this.#padding > this.#mostPadding) return 'padded'
      this.#step = next
    }
    this.#held.append(chunk, from, chunk.length)
    this.#readTo = chunk.length
    return 'open'
  }
}

function stepAfter(step: Step, byte: number | undefined): Step | 'part' | 'end' | 'content' {
  switch (step) {
    case 'boundary':
      return byte === 0x2d /* - */ ? 'dash' : stepAfter('padding', byte)
    case 'padding':
      if (byte === 0x0d /* CR */) return 'return'
      return byte === 0x20 /* SP */ || byte === 0x09 /* HTAB */ ? 'padding' : 'content'
    case 'return':
      return byte === 0x0a /* LF */ ? 'part' : 'content'
    case 'dash':
      return byte === 0x2d ? 'end' : 'content'
  }
}
