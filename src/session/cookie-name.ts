/** The session cookie as one request can carry it. */
export interface CookieKind {
  readonly name: string
  readonly secure: boolean
}

/**
 * Which session cookie a request for this address has to do with: `__Host-Http-session`, Secure, everywhere but on
 * plain-http loopback, where browsers would not keep it and it is `session` without Secure.  RFC 6265bis §4.1.3
 */
export function cookieKindFor(href: string): CookieKind {
  return plainLoopback.test(href) ? loopback : everywhere
}

/** Whether a host name means this machine.  RFC 6761 §6.3, RFC 1122 §3.2.1.3 */
export function isLoopback(hostname: string): boolean {
  return /^(?:(?:.+\.)?localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i.test(hostname)
}

// The hosts of isLoopback, as they stand in the address of a request: it has no user and always a path.
const plainLoopback = /^http:\/\/(?:(?:[^/:@]+\.)?localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?\//i
const everywhere: CookieKind = { name: '__Host-Http-session', secure: true }
const loopback: CookieKind = { name: 'session', secure: false }

/** Every kind of session cookie there is. */
export const cookieKinds: readonly CookieKind[] = [everywhere, loopback]
