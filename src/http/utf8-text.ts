/**
 * The text that bytes are in UTF-8, a byte order mark included; `null` if they are not UTF-8. `from` and `to` choose a
 * piece of the bytes; without them all are read.
 */
export function utf8Text(bytes: Uint8Array, from = 0, to: number = bytes.length): string | null {
  const characters = scratch[to - from]
  return (characters === undefined ? null : shortAscii(bytes, from, characters)) ?? decoded(bytes, from, to)
}

// For a short text a call of TextDecoder takes longer than the decoding. One array for each length up to 32.
const scratch = Array.from({ length: 33 }, (_, length) => new Array<number>(length).fill(0))

function shortAscii(bytes: Uint8Array, from: number, characters: number[]): string | null {
  let bits = 0
  for (let index = 0; index < characters.length; index++) {
    const byte = bytes[from + index] ?? 0
    bits |= byte
    characters[index] = byte
  }
  return bits < 0x80 ? String.fromCharCode.apply(null, characters) : null
}

function decoded(bytes: Uint8Array, from: number, to: number): string | null {
  try {
    return strictUtf8.decode(from === 0 && to === bytes.length ? bytes : bytes.subarray(from, to))
  } catch {
    return null
  }
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
