import { excerpt } from './excerpt.ts'
import type { PartRefused } from './part-event.ts'

/** What the Content-Disposition of a part says. */
export interface Disposition {
  readonly kind: 'disposition'
  readonly name: string
  /** `null` for a part that is no file. */
  readonly filename: string | null
}

/**
 * Reads the value of the Content-Disposition of a part: `form-data` with a `name` and perhaps a `filename`. In quotes
 * `%0A`, `%0D`, `%22` and a backslash before a quote inside stand for a character; all else is taken as it is written.
 * `filename*` counts only where there is no `filename`. What breaks the grammar is refused with
 * `form/multipart-malformed`.  RFC 7578 §4.2, WHATWG HTML §4.10.21.8, RFC 8187
 */
export function readDisposition(value: string): Disposition | PartRefused {
  const type = tokenAt(value, 0)
  if (type.toLowerCase() !== 'form-data') {
    return malformed(`A part has the Content-Disposition ${excerpt(value)}; it has to be form-data.`)
  }
  const parameters = readParameters(value, type.length)
  if ('kind' in parameters) return parameters
  const name = parameters.get('name')
  if (name === undefined) return malformed('The Content-Disposition of a part has no name.')
  const filename = parameters.get('filename')
  if (filename !== undefined) return { kind: 'disposition', name, filename }
  const extended = parameters.get('filename*')
  if (extended === undefined) return { kind: 'disposition', name, filename: null }
  const decoded = decodeExtended(extended)
  if (decoded === null) return malformed(`The filename* ${excerpt(extended)} is not written as RFC 8187 has it.`)
  return { kind: 'disposition', name, filename: decoded }
}

// *( OWS ";" OWS [ token "=" ( token / quoted ) ] ), by lower-case name
function readParameters(text: string, from: number): ReadonlyMap<string, string> | PartRefused {
  const parameters = new Map<string, string>()
  let at = pastSpace(text, from)
  while (at < text.length) {
    if (text[at] !== ';') return unexpected(text, at)
    at = pastSpace(text, at + 1)
    if (at === text.length || text[at] === ';') continue
    const name = tokenAt(text, at).toLowerCase()
    const valueAt = at + name.length + 1
    if (name === '' || text[valueAt - 1] !== '=') return unexpected(text, at)
    const valueTo = endOfValue(text, valueAt)
    if (valueTo === null) return malformed('A quote in the Content-Disposition of a part is not closed.')
    if (valueTo === valueAt) return unexpected(text, at)
    if (parameters.has(name)) return malformed(`The Content-Disposition of a part has ${excerpt(name)} twice.`)
    parameters.set(name, readValue(name, text.slice(valueAt, valueTo)))
    at = pastSpace(text, valueTo)
  }
  return parameters
}

function endOfValue(text: string, from: number): number | null {
  if (text[from] !== '"') return from + tokenAt(text, from).length
  let quote = text.indexOf('"', from + 1)
  while (text[quote - 1] === '\\' && !endsParameter(text, quote + 1)) {
    quote = text.indexOf('"', quote + 1)
  }
  return quote === -1 ? null : quote + 1
}

// Old browsers send C:\folder\ as it is, other clients a quote as \": so what follows the quote has to decide.
function endsParameter(text: string, from: number): boolean {
  const at = pastSpace(text, from)
  return at === text.length || text[at] === ';'
}

function readValue(name: string, written: string): string {
  if (name.endsWith('*') || written[0] !== '"') return written
  // One after the other: what one of them leaves behind is never the beginning of another.
  let text = written.slice(1, -1).replaceAll('\\"', '"')
  if (!text.includes('%')) return text
  for (const [pair, character] of escapes) text = text.replaceAll(pair, character)
  return text
}

const escapes = [
  ['%22', '"'],
  ['%0A', '\n'],
  ['%0D', '\r'],
] as const

// ext-value = "UTF-8" "'" [ language ] "'" *( "%" 2HEXDIG / attr-char )
const extendedValue = /^UTF-8'[0-9a-z-]*'((?:%[0-9a-f]{2}|[!#$&+.^_`|~0-9a-z-])*)$/i

// Those that no header could hold as they are; CR and LF can come as %0D and %0A in a plain filename too.
const controlEscape = /%(?!0[9AD])[01][0-9A-F]|%7F/i

function decodeExtended(written: string): string | null {
  const encoded = extendedValue.exec(written)?.[1]
  if (encoded === undefined || controlEscape.test(encoded)) return null
  try {
    return decodeURIComponent(encoded)
  } catch {
    return null
  }
}

const token = /[!#$%&'*+.^_`|~0-9A-Za-z-]*/y

function tokenAt(text: string, at: number): string {
  token.lastIndex = at
  return token.exec(text)?.[0] ?? ''
}

function pastSpace(text: string, from: number): number {
  let at = from
  while (text[at] === ' ' || text[at] === '\t') at++
  return at
}

function unexpected(text: string, at: number): PartRefused {
  return malformed(`The Content-Disposition of a part cannot be read from ${excerpt(text.slice(at))} on.`)
}

function malformed(detail: string): PartRefused {
  return { kind: 'refused', code: 'form/multipart-malformed', detail }
}
