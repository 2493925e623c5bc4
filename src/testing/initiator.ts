import { isTrustworthy } from './cookie-rules.ts'
import type { SameSiteContext } from './jar.ts'

/** The page that a request starts from, and what it lets others know of it. */
export interface Initiator {
  readonly url: URL
  /** Its referrer policy, `''` for the default. */
  readonly referrerPolicy: string
}

/** One request on its way, as far as redirects have brought it. */
export interface Leg {
  readonly method: 'GET' | 'POST'
  /** `undefined` when the address was typed into the address bar. */
  readonly from: Initiator | undefined
  /** The addresses asked so far; the last is the one to ask now. */
  readonly chain: readonly [URL, ...URL[]]
}

type Relation = 'same-origin' | 'same-site' | 'cross-site'

const farthestFirst: readonly Relation[] = ['cross-site', 'same-site', 'same-origin']

/**
 * The headers by which a browser tells the server where a request comes from: `Sec-Fetch-*`, `Origin`, `Referer`.
 * As in Chromium: `Sec-Fetch-*` only to https and to this machine, `Origin` only on POST.
 * Fetch Metadata §2, Fetch §3.2, Referrer Policy §8
 */
export function provenanceHeaders(leg: Leg): Record<string, string> {
  const target = lastOf(leg)
  const referrer = referrerOf(leg.from, target)
  return {
    ...(isTrustworthy(target) && {
      'Sec-Fetch-Site': siteOf(leg),
      'Sec-Fetch-Mode': 'navigate',
      'Sec-Fetch-User': '?1',
      'Sec-Fetch-Dest': 'document',
    }),
    ...(leg.method === 'POST' && { Origin: originOf(leg, target) }),
    ...(referrer !== undefined && { Referer: referrer }),
  }
}

/**
 * Which cookies may go along. Only the page that started counts, not the redirects on the way, as in Chromium.
 * RFC 6265bis §5.2
 */
export function sameSiteContext(leg: Leg): SameSiteContext {
  if (leg.from === undefined || relationOf(leg.from.url, lastOf(leg)) !== 'cross-site') return 'strict'
  return leg.method === 'GET' ? 'lax' : 'none'
}

/** The last address of the chain: a chain is never empty. */
export function lastOf({ chain }: Pick<Leg, 'chain'>): URL {
  return chain.at(-1) ?? chain[0]
}

/** The farthest relation that any address of the chain has to the page. */
function siteOf({ from, chain }: Leg): Relation | 'none' {
  if (from === undefined) return 'none'
  const relations = chain.map((url) => relationOf(from.url, url))
  return farthestFirst.find((relation) => relations.includes(relation)) ?? 'same-origin'
}

/**
 * `null` once a redirect crossed to another origin, and where the referrer policy hides the page. Fetch would hide it
 * only from the second crossing on; Chromium, and so this, does from the first.
 */
function originOf({ from, chain }: Leg, target: URL): string {
  if (from === undefined || hidesOrigin(from, target)) return 'null'
  return chain.every((url) => url.origin === target.origin) ? from.url.origin : 'null'
}

function hidesOrigin({ url, referrerPolicy }: Initiator, target: URL): boolean {
  switch (referrerPolicy) {
    case 'no-referrer':
      return true
    case 'same-origin':
      return url.origin !== target.origin
    case 'origin':
    case 'origin-when-cross-origin':
    case 'unsafe-url':
      return false
    default:
      return isDowngrade(url, target)
  }
}

function referrerOf(from: Initiator | undefined, target: URL): string | undefined {
  if (from === undefined) return undefined
  const isOwn = from.url.origin === target.origin
  const whole = from.url.origin + from.url.pathname + from.url.search
  const origin = `${from.url.origin}/`
  switch (from.referrerPolicy) {
    case 'no-referrer':
      return undefined
    case 'same-origin':
      return isOwn ? whole : undefined
    case 'origin':
      return origin
    case 'unsafe-url':
      return whole
    case 'origin-when-cross-origin':
      return isOwn ? whole : origin
    case 'no-referrer-when-downgrade':
      return isDowngrade(from.url, target) ? undefined : whole
    case 'strict-origin':
      return isDowngrade(from.url, target) ? undefined : origin
    default:
      return isDowngrade(from.url, target) ? undefined : isOwn ? whole : origin
  }
}

/** Chromium goes by the scheme alone: http on this machine is a step down too. */
function isDowngrade(from: URL, target: URL): boolean {
  return from.protocol === 'https:' && target.protocol !== 'https:'
}

/** Stands in for the public suffix list: two hosts are one site when their last two labels are the same. */
function relationOf(a: URL, b: URL): Relation {
  if (a.origin === b.origin) return 'same-origin'
  return a.protocol === b.protocol && siteNameOf(a.hostname) === siteNameOf(b.hostname) ? 'same-site' : 'cross-site'
}

function siteNameOf(host: string): string {
  return /^[\d.]+$|^\[/.test(host) ? host : host.split('.').slice(-2).join('.')
}
