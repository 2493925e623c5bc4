/**
 * A request path in the one spelling that routes and guards see. Escapes of characters that can stand in a path
 * themselves are undone (`/%61dmin` is `/admin`), the others are in upper case; an escaped slash stays escaped.
 * `null` for a path that is malformed: a broken escape, one that is not UTF-8, an escaped NUL, two slashes at the
 * beginning (in a link they would name another host), dot segments behind an escaped slash.
 * RFC 3986 §6.2.2, WHATWG URL §1.3 path percent-encode set
 */
export function normalPath(path: string): string | null {
  if (path.startsWith('//')) return null
  if (!path.includes('%')) return path
  if (/%(?![0-9a-f]{2})|%00/i.test(path) || decodeSegment(path) === null) return null
  const normal = path.replace(/%[0-9a-f]{2}/gi, normalEscape)
  return /(?:^|\/|%2F|%5C)\.{1,2}(?:\/|%2F|%5C|$)/.test(normal) ? null : normal
}

/** The text of one path segment, or `null` if its escapes are not UTF-8. */
export function decodeSegment(segment: string): string | null {
  if (!segment.includes('%')) return segment
  try {
    return decodeURIComponent(segment)
  } catch {
    return null
  }
}

/**
 * Whether a path in normal spelling is a prefix itself or lies below it: `/admin` holds `/admin` and `/admin/x`, not
 * `/administrator`. A prefix may be written as people write it (`/bücher`). Where it guards, too much is better than
 * too little: `/admin%2Fx`, which a handler of all paths may take for `/admin/x`, lies below `/admin` too.
 */
export function isBelow(path: string, prefix: string): boolean {
  if (prefix === '/') return true
  const below = withPlainSlashes(path)
  const start = withPlainSlashes(asAskedFor(prefix)).replace(/\/$/, '')
  return below.startsWith(start) && (below.length === start.length || below[start.length] === '/')
}

function withPlainSlashes(path: string): string {
  return /%|\/\//.test(path) ? path.replace(/(?:\/|%2F|%5C)+/g, '/') : path
}

/** A path written by hand as requests ask for it: what cannot stand in a path is escaped, needless escapes are undone. */
export function asAskedFor(path: string): string {
  if (/^[\w/.~-]*$/.test(path)) return path
  const escaped = path.toWellFormed().replace(/[^!-~]+|["#<>?^`{}]|%(?![0-9a-f]{2})/gi, encodeURIComponent)
  return escaped.replace(/%[0-9a-f]{2}/gi, normalEscape)
}

/** An escape such as `%2f` in normal spelling: the character itself where it can stand in a path, else in upper case. */
export function normalEscape(escaped: string): string {
  const character = String.fromCharCode(Number.parseInt(escaped.slice(1), 16))
  return /[!$&-.0-;=@-[\]_a-z|~]/.test(character) ? character : escaped.toUpperCase()
}
