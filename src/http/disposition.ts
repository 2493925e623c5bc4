/**
 * A Content-Disposition header that gives a file its name. A name that is not plain ASCII is written twice: with `_` for
 * what old clients cannot read, and as it is. What could be a path, and characters that cannot be seen or turn the
 * order of reading around, are taken out; `download` if nothing is left. At most 150 characters.
 * RFC 6266 §4, RFC 8187 §3.2
 */
export function writeDisposition(kind: 'attachment' | 'inline', name: string): string {
  const shown = clean(name)
  const plain = shown.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  const header = `${kind}; filename="${plain}"`
  return plain === shown ? header : `${header}; filename*=UTF-8''${encode(shown)}`
}

function clean(name: string): string {
  const last = name.toWellFormed().replace(unseen, '').split(/[/\\]/).at(-1)?.trim() ?? ''
  const short = shorten(last)
  return /^\.*$/.test(short) ? 'download' : short
}

// Controls, ends of lines, and marks of direction.
const unseen = /[\p{Cc}\p{Zl}\p{Zp}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/gu

const longest = 150

// The extension says what the file is opened with: it stays.
function shorten(name: string): string {
  const characters = [...name]
  if (characters.length <= longest) return name
  const [extension = ''] = /\.[^.]{1,10}$/.exec(name) ?? []
  return characters.slice(0, longest - extension.length).join('') + extension
}

// attr-char is less than what encodeURIComponent leaves alone.
function encode(text: string): string {
  return encodeURIComponent(text).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
}
