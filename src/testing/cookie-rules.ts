import { parseSetCookie, type SetCookie } from 'cookie'

/** A cookie as the jar holds it. */
export interface Cookie {
  readonly name: string
  /** As it was sent: percent signs are not decoded. */
  readonly value: string
  /** The host that set it or, when `hostOnly` is false, the domain whose subdomains get it too. */
  readonly domain: string
  readonly hostOnly: boolean
  readonly path: string
  readonly secure: boolean
  readonly httpOnly: boolean
  /** `undefined` when the server did not say: nearly `lax`, as in Chromium. */
  readonly sameSite: 'strict' | 'lax' | 'none' | undefined
  /** When it was last set. */
  readonly created: Date
  /** When the cookie ends; `undefined` means with the browser. A time in the past deletes the cookie. */
  readonly expires: Date | undefined
}

const largestBytes = 4096
const longestMilliseconds = 400 * 24 * 60 * 60 * 1000

/**
 * The cookie that a `Set-Cookie` line from `url` makes, or `undefined` where a browser drops the line without a word:
 * a domain that is not the server's, `Secure` from a server that is not trustworthy, a broken `__Host-`, `__Secure-`,
 * `__Http-` or `__Host-Http-` promise, `SameSite=None` without `Secure`, name and value over 4,096 bytes.
 * `now` is in milliseconds.  RFC 6265bis §5.7
 */
export function judgeCookie(line: string, url: URL, now: number): Cookie | undefined {
  const parsed = parseSetCookie(line, { decode: (value) => value })
  const domain = judgeDomain(parsed.domain, url.hostname)
  if (domain === undefined || !isWithinSize(parsed) || !keepsPrefix(parsed) || isHiddenPrefix(parsed)) return undefined
  if (parsed.secure && !isTrustworthy(url)) return undefined
  if (parsed.sameSite === 'none' && !parsed.secure) return undefined
  return {
    name: parsed.name,
    value: parsed.value ?? '',
    ...domain,
    path: parsed.path?.startsWith('/') ? parsed.path : defaultPath(url.pathname),
    secure: parsed.secure ?? false,
    httpOnly: parsed.httpOnly ?? false,
    sameSite: typeof parsed.sameSite === 'string' ? parsed.sameSite : undefined,
    created: new Date(now),
    expires: expiryOf(parsed, now),
  }
}

/**
 * True where browsers treat the server as secure: https, and http on this machine.
 * W3C Secure Contexts §3.1
 */
export function isTrustworthy(url: URL): boolean {
  return url.protocol === 'https:' || /^(.+\.)?localhost$|^127(\.\d+){3}$|^\[::1\]$/.test(url.hostname)
}

/** True when `host` is the domain or lies below it. An address of numbers lies below nothing.  RFC 6265 §5.1.3 */
export function isWithinDomain(host: string, domain: string): boolean {
  return host === domain || (host.endsWith(`.${domain}`) && !isAddress(host))
}

function judgeDomain(attribute: string | undefined, host: string): Pick<Cookie, 'domain' | 'hostOnly'> | undefined {
  const domain = attribute?.toLowerCase().replace(/^\./, '') ?? ''
  if (domain === '' || (domain === host && !isRegistrable(host))) return { domain: host, hostOnly: true }
  return isRegistrable(domain) && isWithinDomain(host, domain) ? { domain, hostOnly: false } : undefined
}

/** A stand-in for the public suffix list: a name without a dot, or an address, can have no cookies for what is below it. */
function isRegistrable(domain: string): boolean {
  return domain.includes('.') && !isAddress(domain)
}

function isAddress(host: string): boolean {
  return host.startsWith('[') || /^\d+(\.\d+){3}$/.test(host)
}

function isWithinSize({ name, value = '' }: SetCookie): boolean {
  const bytes = new TextEncoder().encode(name + value).length
  return bytes > 0 && bytes <= largestBytes
}

/** RFC 6265bis §4.1.3: matched whatever the case, so that `__host-` cannot pass for the real one at a lax server. */
function keepsPrefix(cookie: SetCookie): boolean {
  const prefix = /^__(Host-Http-|Host-|Http-|Secure-)/i.exec(cookie.name)?.[1]?.toLowerCase()
  if (prefix === undefined) return true
  if (!cookie.secure) return false
  if (prefix.startsWith('host-') && (cookie.path !== '/' || cookie.domain)) return false
  return !prefix.endsWith('http-') || cookie.httpOnly === true
}

/** `=__Host-a=b` has no name, but would reach the server as `__Host-a=b`.  RFC 6265bis §5.7 */
function isHiddenPrefix({ name, value = '' }: SetCookie): boolean {
  return name === '' && /^__(Host|Http|Secure)-/i.test(value)
}

/** Max-Age wins over Expires; neither lasts longer than 400 days.  RFC 6265bis §5.6.1, §5.6.2 */
function expiryOf({ maxAge, expires }: SetCookie, now: number): Date | undefined {
  const end = maxAge === undefined ? expires?.getTime() : maxAge <= 0 ? 0 : now + maxAge * 1000
  return end === undefined ? undefined : new Date(Math.min(end, now + longestMilliseconds))
}

/** RFC 6265 §5.1.4 */
function defaultPath(pathname: string): string {
  return pathname.slice(0, Math.max(1, pathname.lastIndexOf('/')))
}
