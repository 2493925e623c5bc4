import { type Cookie, isTrustworthy, isWithinDomain, judgeCookie } from './cookie-rules.ts'

/**
 * Which cookies may go along: all of them (`strict`: asked from the same site, or from the address bar), those that
 * are not `SameSite=Strict` (`lax`: a link from another site), or only `SameSite=None` (`none`: a form of another site).
 */
export type SameSiteContext = 'strict' | 'lax' | 'none'

/**
 * Chromium fails open here, for logins that come back by POST from another site: a cookie that says nothing of SameSite
 * goes along with such a POST for two minutes. A test must see what an attacker could use.  RFC 6265bis §5.6.7.2
 */
const lenientMilliseconds = 2 * 60 * 1000

/** The cookies as they are now; looking changes nothing. */
export interface Cookies {
  /** The cookie of that name, `undefined` when there is none. Of several, the one that a server would read first. */
  get(name: string): Cookie | undefined
  /** Names of all cookies that have not ended, in the order they would be sent. */
  readonly names: readonly string[]
}

/** Keeps cookies as a browser does. `now` gives the time in milliseconds; an expired cookie is never seen again. */
export class Jar implements Cookies {
  readonly #now: () => number
  readonly #cookies: Map<string, Cookie> = new Map()

  constructor(now: () => number) {
    this.#now = now
  }

  /** Takes in the `Set-Cookie` lines of an answer from `url`; lines that a browser would drop are dropped. */
  keep(lines: readonly string[], url: URL): void {
    for (const line of lines) {
      const cookie = judgeCookie(line, url, this.#now())
      // A map keeps the place of a key that is set again, as a browser keeps the creation time.  RFC 6265 §5.3, 11.3
      if (cookie !== undefined) this.#cookies.set(keyOf(cookie), cookie)
    }
  }

  /** The `Cookie` header for a request to `url`, or `undefined` when no cookie goes along.  RFC 6265 §5.4 */
  headerFor(url: URL, context: SameSiteContext): string | undefined {
    const now = this.#now()
    const sent = this.#alive().filter((cookie) => isFor(cookie, url) && isAllowed(cookie, context, now))
    return sent.length === 0 ? undefined : sent.map(({ name, value }) => (name ? `${name}=${value}` : value)).join('; ')
  }

  get(name: string): Cookie | undefined {
    return this.#alive().find((cookie) => cookie.name === name)
  }

  get names(): readonly string[] {
    return this.#alive().map((cookie) => cookie.name)
  }

  /** Longer paths first, then the older first; the sort is stable and the map is in order of creation. */
  #alive(): Cookie[] {
    const now = this.#now()
    for (const [key, { expires }] of this.#cookies) {
      if (expires !== undefined && expires.getTime() <= now) this.#cookies.delete(key)
    }
    return [...this.#cookies.values()].sort((a, b) => b.path.length - a.path.length)
  }
}

function keyOf({ name, domain, hostOnly, path }: Cookie): string {
  return JSON.stringify([name, domain, hostOnly, path])
}

function isFor(cookie: Cookie, url: URL): boolean {
  if (cookie.secure && !isTrustworthy(url)) return false
  const host = url.hostname
  const isItsHost = cookie.hostOnly ? host === cookie.domain : isWithinDomain(host, cookie.domain)
  return isItsHost && isWithinPath(url.pathname, cookie.path)
}

/** RFC 6265 §5.1.4 */
function isWithinPath(pathname: string, path: string): boolean {
  if (pathname === path) return true
  return pathname.startsWith(path.endsWith('/') ? path : `${path}/`)
}

function isAllowed({ sameSite, created }: Cookie, context: SameSiteContext, now: number): boolean {
  switch (sameSite) {
    case 'none':
      return true
    case 'lax':
      return context !== 'none'
    case 'strict':
      return context === 'strict'
    case undefined:
      return context !== 'none' || now - created.getTime() < lenientMilliseconds
  }
}
