import type { FormLimits } from './limits.ts'
import type { PartHead } from './part-event.ts'
import { utf8Text } from './utf8-text.ts'

const disposition = ascii('Content-Disposition: form-data; name="')
const beforeFilename = ascii('"; filename="')
const beforeType = ascii('"\r\nContent-Type: ')
const lineEnd = ascii('"\r\n')

/**
 * The head of a part, read from its header lines where they are written as nearly every client writes them:
 *
 *     Content-Disposition: form-data; name="…"
 *     Content-Disposition: form-data; name="…"; filename="…"
 *     Content-Type: …
 *
 * with printable ASCII and no escapes. Gives `null` for anything else, which is not to say that it is wrong: this is
 * the short way, without making a string of each line.
 */
export function plainPartHead(bytes: Uint8Array, from: number, to: number, limits: FormLimits): PartHead | null {
  if (limits.partHeaders < 2 || !isAt(bytes, from, disposition)) return null
  const nameFrom = from + disposition.length
  const nameTo = endOfPlain(bytes, nameFrom)
  if (nameTo - nameFrom > limits.nameBytes) return null
  if (isAt(bytes, nameTo, lineEnd) && nameTo + lineEnd.length === to) {
    return { name: textOf(bytes, nameFrom, nameTo), filename: null, type: null }
  }
  if (!isAt(bytes, nameTo, beforeFilename)) return null
  const filenameFrom = nameTo + beforeFilename.length
  const filenameTo = endOfPlain(bytes, filenameFrom)
  if (!isAt(bytes, filenameTo, beforeType)) return null
  const typeFrom = filenameTo + beforeType.length
  const typeTo = to - 2
  if (typeTo <= typeFrom || !isToken(bytes, typeFrom, typeTo)) return null
  return {
    name: textOf(bytes, nameFrom, nameTo),
    filename: textOf(bytes, filenameFrom, filenameTo),
    type: textOf(bytes, typeFrom, typeTo),
  }
}

function isAt(bytes: Uint8Array, from: number, expected: Uint8Array): boolean {
  for (let index = 0; index < expected.length; index++) if (bytes[from + index] !== expected[index]) return false
  return true
}

// Up to the first quote, percent sign, backslash, control character or byte that is not ASCII.
function endOfPlain(bytes: Uint8Array, from: number): number {
  let at = from
  while (isPlain[bytes[at] ?? 0] === 1) at++
  return at
}

function isToken(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const byte = bytes[at] ?? 0
    if (byte <= 0x20 || byte >= 0x7f) return false
  }
  return true
}

// The bytes are ASCII, which is UTF-8.
function textOf(bytes: Uint8Array, from: number, to: number): string {
  return utf8Text(bytes, from, to) ?? ''
}

const isPlain = new Uint8Array(256).fill(1, 0x20, 0x7f)
for (const byte of ascii('"%\\')) isPlain[byte] = 0

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
