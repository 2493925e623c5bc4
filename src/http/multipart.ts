import { Delimiter } from './delimiter.ts'
import { DelimiterLine, type LineVerdict } from './delimiter-line.ts'
import { excerpt } from './excerpt.ts'
import { HeldBytes } from './held-bytes.ts'
import type { FormLimits } from './limits.ts'
import type { MediaType } from './media-type.ts'
import type { PartEvent, PartRefused } from './part-event.ts'
import { readPartHead } from './part-head.ts'

/**
 * The boundary that the Content-Type of a multipart body names. Refused with `form/multipart-malformed` if there is
 * none, more than one, or one that no body can have; with `form/boundary-too-long` beyond 70 characters.
 * RFC 2046 §5.1.1
 */
export function boundaryOf(type: MediaType): { readonly kind: 'boundary'; readonly boundary: string } | PartRefused {
  if (type.isBroken) return malformed('The parameters of Content-Type cannot be read to the end.')
  if (type.repeated.has('boundary')) return malformed('Content-Type names two boundaries.')
  const boundary = type.parameters.get('boundary') ?? ''
  if (boundary === '') return malformed('Content-Type names no boundary.')
  if (boundary.length > 70) {
    return { kind: 'refused', code: 'form/boundary-too-long', detail: 'The boundary has more than 70 characters.' }
  }
  if (boundaryGrammar.test(boundary)) return { kind: 'boundary', boundary }
  return malformed(`The boundary ${excerpt(boundary)} has a character that cannot stand there.`)
}

// 0*69<bchars> bcharsnospace
const boundaryGrammar = /^[0-9a-z'()+_,./:=? -]*[0-9a-z'()+_,./:=?-]$/i

/**
 * Decodes a multipart/form-data body: the bytes go in as they arrive, in any pieces, and what they say comes out. It
 * keeps no more than the headers of one part. Its own limits are those of parts, their headers, names and the text
 * before the first part; how large the body, a field or a file may be is for the caller to say.
 * RFC 7578, RFC 2046 §5.1
 */
export class MultipartDecoder {
  readonly #limits: FormLimits
  readonly #delimiter: Delimiter
  readonly #line: DelimiterLine
  readonly #head = new HeldBytes()
  #state: 'preamble' | 'head' | 'content' | 'over' = 'preamble'
  #events: PartEvent[] = nothing
  #refused: PartRefused | null = null
  #parts = 0
  #preambleBytes = 0

  /** The boundary is one that `boundaryOf` gave. */
  constructor(boundary: string, limits: FormLimits) {
    this.#limits = limits
    this.#delimiter = new Delimiter(boundary)
    this.#line = new DelimiterLine(this.#delimiter, limits.partHeaderBytes)
    this.#line.beginAfterLineEnd()
  }

  /**
   * What the next bytes of the body say. The bytes of a `data` event are a view of these, not a copy: they are to be
   * used before these are overwritten and before the next push, and not to be changed. Nothing comes after `refused`.
   */
  push(bytes: Uint8Array): readonly PartEvent[] {
    const events: PartEvent[] = []
    this.#events = events
    let at = 0
    while (at < bytes.length) at = this.#read(bytes, at)
    this.#events = nothing // else it holds on to the chunk
    return events
  }

  /** Says that the body has ended: `null` if it was whole, else why it is refused; the same again after `refused`. */
  finish(): PartRefused | null {
    switch (this.#state) {
      case 'over':
        return this.#refused
      case 'preamble':
        return malformed('The last boundary is missing: no line of the body has the boundary that Content-Type names.')
      case 'head':
        return malformed('The last boundary is missing: the body ends among the headers of a part.')
      case 'content':
        return malformed('The last boundary is missing: the body ends inside a part.')
    }
  }

  #read(bytes: Uint8Array, from: number): number {
    switch (this.#state) {
      case 'preamble':
      case 'content':
        return this.#readContent(bytes, from)
      case 'head':
        return this.#readHead(bytes, from)
      case 'over':
        return bytes.length
    }
  }

  #readContent(bytes: Uint8Array, from: number): number {
    const line = this.#line
    let at = from
    if (line.isOpen) {
      const verdict = line.readOn(bytes, from)
      if (verdict !== 'content') return this.#settle(verdict, bytes)
      for (const piece of line.release()) this.#give(piece, 0, piece.length)
      at = line.readTo
    }
    for (;;) {
      at = this.#delimiter.indexIn(bytes, at)
      const verdict = at === bytes.length ? 'open' : line.readFrom(bytes, at)
      if (verdict !== 'content') {
        this.#give(bytes, from, at)
        return this.#settle(verdict, bytes)
      }
      at = line.readTo
    }
  }

  #give(bytes: Uint8Array, from: number, to: number): void {
    if (this.#state === 'preamble') {
      this.#preambleBytes += to - from
      const { preambleBytes } = this.#limits
      if (this.#preambleBytes <= preambleBytes) return
      this.#refuse('form/preamble-too-large', `There are more than ${preambleBytes} bytes before the first part.`)
    }
    if (this.#state !== 'content' || from === to) return // nothing comes after a refusal, and no empty piece
    // Not `subarray`: what that gives from a Buffer is a Buffer, whose methods differ.
    const piece = new Uint8Array(bytes.buffer, bytes.byteOffset + from, to - from)
    this.#events.push({ kind: 'data', bytes: piece })
  }

  // What follows from the line behind the content; the index to read on at.
  #settle(verdict: Exclude<LineVerdict, 'content'>, bytes: Uint8Array): number {
    if (this.#state === 'over' || verdict === 'open') return bytes.length
    const { parts, partHeaderBytes } = this.#limits
    if (verdict === 'padded') {
      return this.#refuse(
        'form/part-headers-too-large',
        `A boundary has more than ${partHeaderBytes} spaces behind it.`,
      )
    }
    if (this.#state === 'content') this.#events.push(end)
    this.#state = verdict === 'end' ? 'over' : 'head'
    if (verdict === 'part' && ++this.#parts > parts) {
      return this.#refuse('form/too-many-parts', `The form has more than ${parts} parts.`)
    }
    return this.#line.readTo
  }

  #readHead(bytes: Uint8Array, from: number): number {
    const held = this.#head
    const most = this.#limits.partHeaderBytes + 2 // with the empty line
    const heldBefore = held.length
    const to = Math.min(bytes.length, from + most - heldBefore)
    if (heldBefore === 0) {
      const headTo = endOfHead(bytes, from, from, to)
      if (headTo !== null) return this.#beginPart(bytes, from, headTo) ?? headTo
    }
    held.append(bytes, from, to)
    const headTo = endOfHead(held.buffer, 0, Math.max(0, heldBefore - 3), held.length)
    if (headTo !== null) return this.#beginPart(held.take(), 0, headTo) ?? from + headTo - heldBefore
    if (held.length < most) return to
    const { partHeaderBytes } = this.#limits
    return this.#refuse('form/part-headers-too-large', `The headers of a part have more than ${partHeaderBytes} bytes.`)
  }

  // The head stands in the bytes from one index up to another, with the empty line behind it.
  #beginPart(bytes: Uint8Array, from: number, to: number): number | null {
    const head = readPartHead(bytes, from, to - 2, this.#limits)
    if ('kind' in head) return this.#refuse(head.code, head.detail)
    this.#events.push({ kind: 'part', head })
    this.#state = 'content'
    this.#line.beginAfterLineEnd()
    return null
  }

  // Gives an index behind every chunk, so that nothing more is read.
  #refuse(code: PartRefused['code'], detail: string): number {
    this.#refused = { kind: 'refused', code, detail }
    this.#events.push(this.#refused)
    this.#state = 'over'
    return Number.POSITIVE_INFINITY
  }
}

const nothing: PartEvent[] = []
const end: PartEvent = { kind: 'end' }

// The index behind the empty line that ends the headers which begin at `start`; `null` if it has not come yet. What
// lies before `from` was searched.
function endOfHead(bytes: Uint8Array, start: number, from: number, to: number): number | null {
  if (to - start >= 2 && bytes[start] === carriageReturn && bytes[start + 1] === lineFeed) return start + 2
  let last = from + 3 // of CR LF CR LF
  while (last < to) {
    if (bytes[last] === carriageReturn) last += 1
    else if (bytes[last] !== lineFeed) last += 4
    else if (bytes[last - 1] === carriageReturn && bytes[last - 2] === lineFeed && bytes[last - 3] === carriageReturn) {
      return last + 1
    } else last += 2
  }
  return null
}

const carriageReturn = 0x0d
const lineFeed = 0x0a

function malformed(detail: string): PartRefused {
  return { kind: 'refused', code: 'form/multipart-malformed', detail }
}
