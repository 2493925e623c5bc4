/**
 * A request path in the one spelling that routes and guards see: escapes of unreserved characters are undone
 * (`/%61dmin` is `/admin`), the other escapes are in upper case, an escaped slash stays escaped.
 * `null` for a path with a broken escape, one that is not UTF-8, or an escaped NUL.  RFC 3986 §6.2.2
 */
export function normalPath(path: string): string | null {
  if (!path.includes('%')) return path
  if (/%(?![0-9a-f]{2})|%00/i.test(path) || decodeSegment(path) === null) return null
  return path.replace(/%[0-9a-f]{2}/gi, (escaped) => {
    const character = String.fromCharCode(Number.parseInt(escaped.slice(1), 16))
    return /[A-Za-z0-9._~-]/.test(character) ? character : escaped.toUpperCase()
  })
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

/** Whether a path is a prefix itself or lies below it: `/admin` holds `/admin` and `/admin/x`, not `/administrator`. */
export function isBelow(path: string, prefix: string): boolean {
  if (prefix === '/') return true
  return path.startsWith(prefix) && (path.length === prefix.length || path[prefix.length] === '/')
}
