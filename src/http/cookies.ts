import { parseCookie, type SetCookie, stringifySetCookie } from 'cookie'

/** The cookies of a request by name, without a prototype. */
export type RequestCookies = Readonly<Record<string, string | undefined>>

/**
 * Reads a Cookie header into names and values; the first of two equal names wins.
 * Never throws: what has no `=` is left out, and a broken escape stays as it is.  RFC 6265 §4.2.1, §5.4
 */
export function readCookies(header: string | null): RequestCookies {
  return header === null ? noCookies : parseCookie(header)
}

const noCookies: RequestCookies = Object.freeze(Object.create(null))

/** The text of a Set-Cookie header.  RFC 6265 §4.1.1 */
export function writeCookie(cookie: SetCookie): string {
  return stringifySetCookie(cookie)
}
