/**
 * A name for a file that is safe in any folder: the last part of what the client sent, without path, control and
 * bidirectional characters, leading dots, signs that some system forbids, and names that Windows keeps for devices.
 * Letters of all languages stay. At most 200 bytes of UTF-8, of which the extension is kept; `file` if nothing is left.
 */
export function safeNameOf(name: string): string {
  const last = name.toWellFormed().normalize('NFC').split(/[/\\]/).at(-1) ?? ''
  const clean = last
    .replace(/[^\p{L}\p{M}\p{N}._ -]+/gu, '_')
    .replace(/[\s_]+/g, '_')
    .replace(/^[._-]+|[._]+$/g, '')
  const [stem, extension] = split(clean)
  const short = cut(stem, longestBytes - utf8Length(extension)) + extension
  if (short === '') return 'file'
  return devices.test(short) ? `_${short}` : short
}

const longestBytes = 200
const longestExtensionBytes = 20

// Windows takes these for devices, whatever extension they have.
const devices = /^(?:con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$)(?:\.|$)/i

function split(name: string): [stem: string, extension: string] {
  const dot = name.lastIndexOf('.')
  const isExtension = dot > 0 && utf8Length(name.slice(dot)) <= longestExtensionBytes
  return isExtension ? [name.slice(0, dot), name.slice(dot)] : [name, '']
}

// Never in the middle of a character.
function cut(text: string, mostBytes: number): string {
  let kept = ''
  let bytes = 0
  for (const character of text) {
    bytes += utf8Length(character)
    if (bytes > mostBytes) break
    kept += character
  }
  return kept
}

function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length
}
