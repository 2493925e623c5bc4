import type { ErrorCode } from '../errors/table.ts'
import type { FormLimits } from './limits.ts'

/** One field as it was posted: its name and its text. */
export type Entry = readonly [name: string, value: string]

/** What decoding came to. */
export type Decoded =
  | { readonly kind: 'decoded'; readonly entries: readonly Entry[] }
  | {
      readonly kind: 'refused'
      readonly code: ErrorCode
      readonly detail: string
      /** What had been decoded until there. */
      readonly entries: readonly Entry[]
    }

/**
 * The fields of an `application/x-www-form-urlencoded` body, in the order sent. Differs from the standard in one
 * point: bytes that are not UTF-8 are refused, where the standard puts U+FFFD and the text is lost.
 * WHATWG URL §5.1
 */
export function decodeUrlencoded(bytes: Uint8Array, limits: FormLimits): Decoded {
  let text: string
  try {
    text = strictUtf8.decode(bytes)
  } catch {
    return refused('form/not-utf8', 'The body has bytes that are not UTF-8.')
  }
  return decodePairs(text, limits)
}

/** The values of a query string without its `?`: as a body is decoded, but never refused: bad bytes become U+FFFD. */
export function decodeQuery(query: string): readonly Entry[] {
  return [...new URLSearchParams(`?${query}`)] // it would take a first `?` of the query itself away
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function decodePairs(text: string, limits: FormLimits): Decoded {
  const entries: Entry[] = []
  let from = 0
  while (from < text.length) {
    const ampersand = text.indexOf('&', from)
    const to = ampersand === -1 ? text.length : ampersand
    if (to > from) {
      if (entries.length >= limits.fields) {
        return { ...refused('form/too-many-fields', `The form has more than ${limits.fields} fields.`), entries }
      }
      const entry = decodePair(text.slice(from, to), limits)
      if ('kind' in entry) return { ...entry, entries }
      entries.push(entry)
    }
    from = to + 1
  }
  return { kind: 'decoded', entries }
}

type Refused = Decoded & { readonly kind: 'refused' }

function decodePair(pair: string, limits: FormLimits): Entry | Refused {
  const equals = pair.indexOf('=')
  const name = decodeText(equals === -1 ? pair : pair.slice(0, equals))
  const value = equals === -1 ? '' : decodeText(pair.slice(equals + 1))
  if (name === null || value === null) {
    return refused('form/not-utf8', `The field ${JSON.stringify(name ?? '')} has bytes that are not UTF-8.`)
  }
  if (isLonger(name, limits.nameBytes)) {
    return refused('form/name-too-long', `A field name has more than ${limits.nameBytes} bytes.`)
  }
  if (isLonger(value, limits.fieldBytes)) {
    return refused(
      'form/field-too-large',
      `The field ${JSON.stringify(name)} has more than ${limits.fieldBytes} bytes.`,
    )
  }
  return [name, value]
}

function decodeText(encoded: string): string | null {
  const spaced = encoded.includes('+') ? encoded.replaceAll('+', ' ') : encoded
  if (!spaced.includes('%')) return spaced
  try {
    return decodeURIComponent(spaced.replace(/%(?![0-9a-f]{2})/gi, '%25')) // a lone % stands for itself
  } catch {
    return null
  }
}

// A UTF-16 unit takes one to three bytes of UTF-8, so most texts need no counting.
function isLonger(text: string, limitBytes: number): boolean {
  if (text.length > limitBytes) return true
  return text.length * 3 > limitBytes && new TextEncoder().encode(text).length > limitBytes
}

function refused(code: ErrorCode, detail: string): Refused {
  return { kind: 'refused', code, detail, entries: [] }
}
