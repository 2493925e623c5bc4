import { readDisposition } from './content-disposition.ts'
import { excerpt } from './excerpt.ts'
import type { FormLimits } from './limits.ts'
import { readMediaType } from './media-type.ts'
import type { PartHead, PartRefused } from './part-event.ts'
import { plainPartHead } from './plain-part-head.ts'
import { utf8Text } from './utf8-text.ts'

/**
 * Reads the header lines of a part, each with its CRLF, which stand in the bytes from one index up to another. Lines
 * that break the grammar are refused with `form/multipart-malformed`, and so is a part without one Content-Disposition
 * or in a transfer encoding; bytes that are not UTF-8 with `form/not-utf8`, too many lines with
 * `form/part-headers-too-large`, a long name with `form/name-too-long`.  RFC 7578 §4, RFC 9112 §5
 */
export function readPartHead(bytes: Uint8Array, from: number, to: number, limits: FormLimits): PartHead | PartRefused {
  const plain = plainPartHead(bytes, from, to, limits)
  if (plain !== null) return plain
  const text = utf8Text(bytes, from, to)
  if (text === null) return refused('form/not-utf8', 'A header of a part has bytes that are not UTF-8.')
  const lines = text.split('\r\n')
  lines.pop() // behind the last CRLF is nothing
  if (lines.length > limits.partHeaders) {
    return refused('form/part-headers-too-large', `A part has more than ${limits.partHeaders} headers.`)
  }
  const headers = readHeaders(lines)
  return headers instanceof Headers ? headOf(headers, limits) : headers
}

class Headers {
  disposition: string | null = null
  type: string | null = null

  /** Takes a header; gives what is wrong with it, or `null`. */
  add(name: string, value: string): PartRefused | null {
    switch (name) {
      case 'content-disposition':
        if (this.disposition !== null) return malformed('A part has two Content-Disposition headers.')
        this.disposition = value
        return null
      case 'content-type':
        if (this.type !== null) return malformed('A part has two Content-Type headers.')
        this.type = value
        return null
      case 'content-transfer-encoding':
        if (/^(?:7bit|8bit|binary)$/i.test(value)) return null
        return malformed(`A part is sent with Content-Transfer-Encoding ${excerpt(value)}; a form has none (RFC 7578).`)
      default:
        return null
    }
  }
}

function readHeaders(lines: readonly string[]): Headers | PartRefused {
  const headers = new Headers()
  for (const line of lines) {
    const flaw = flawOf(line)
    if (flaw !== null) return malformed(flaw)
    const colon = line.indexOf(':')
    const wrong = headers.add(line.slice(0, colon).toLowerCase(), withoutSpaceAround(line.slice(colon + 1)))
    if (wrong !== null) return wrong
  }
  return headers
}

function headOf({ disposition, type }: Headers, limits: FormLimits): PartHead | PartRefused {
  if (disposition === null) return malformed('A part has no Content-Disposition header.')
  const read = readDisposition(disposition)
  if (read.kind === 'refused') return read
  const { name, filename } = read
  if (isLonger(name, limits.nameBytes)) {
    return refused('form/name-too-long', `A field name has more than ${limits.nameBytes} bytes.`)
  }
  const charset = filename === null ? readMediaType(type)?.parameters.get('charset') : undefined
  if (charset !== undefined && !/^(?:utf-?8|us-ascii)$/i.test(charset)) {
    return refused('form/not-utf8', `The field ${excerpt(name)} is sent in ${excerpt(charset)}; it has to be UTF-8.`)
  }
  return { name, filename, type }
}

function flawOf(line: string): string | null {
  if (line.startsWith('--')) return 'A part has no empty line behind its headers.' // else the boundary is a name
  if (line.startsWith(' ') || line.startsWith('\t')) return 'A header of a part goes on in a second line.'
  const control = controlIn(line)
  if (control !== null) return `A header of a part has ${control} in it.`
  const colon = line.indexOf(':')
  if (colon === -1) return `A header line of a part has no colon: ${excerpt(line)}.`
  const name = line.slice(0, colon)
  return /^[!#$%&'*+.^_`|~0-9a-z-]+$/i.test(name) ? null : `A part has a header with the name ${excerpt(name)}.`
}

function controlIn(text: string): string | null {
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (unit === 0x0a) return 'a line feed without a carriage return'
    if (unit === 0x0d) return 'a carriage return without a line feed'
    if ((unit < 0x20 && unit !== 0x09) || unit === 0x7f) {
      return `the control character U+${unit.toString(16).toUpperCase().padStart(4, '0')}`
    }
  }
  return null
}

function withoutSpaceAround(text: string): string {
  let from = 0
  let to = text.length
  while (text[from] === ' ' || text[from] === '\t') from++
  while (to > from && (text[to - 1] === ' ' || text[to - 1] === '\t')) to--
  return text.slice(from, to)
}

// A UTF-16 unit takes one to three bytes of UTF-8, so most texts need no counting.
function isLonger(text: string, limitBytes: number): boolean {
  if (text.length > limitBytes) return true
  return text.length * 3 > limitBytes && new TextEncoder().encode(text).length > limitBytes
}

function malformed(detail: string): PartRefused {
  return refused('form/multipart-malformed', detail)
}

function refused(code: PartRefused['code'], detail: string): PartRefused {
  return { kind: 'refused', code, detail }
}
