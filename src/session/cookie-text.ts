import { writeCookie } from '../http/cookies.ts'
import type { CookieKind } from './cookie-name.ts'

/** The Set-Cookie header of a session cookie; `maxAge` is in seconds, and 0 takes it back.  RFC 6265bis §4.1 */
export function cookieText({ name, secure }: CookieKind, value: string, maxAge: number): string {
  return writeCookie({ name, value, maxAge, path: '/', httpOnly: true, secure, sameSite: 'lax' })
}
