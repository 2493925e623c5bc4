/** What a request says about where it comes from. */
export interface Provenance {
  readonly method: string
  /** The Sec-Fetch-Site header. */
  readonly site: string | null
  /** The Origin header. */
  readonly origin: string | null
  /** Scheme, host and port under which the app was asked, as the Origin header spells them. */
  readonly self: string
  /** Whether a session cookie came along, whatever it is worth. */
  readonly carriesSession: boolean
}

/** What may be done with a request, judged by where it comes from. */
export type Verdict =
  | { readonly kind: 'admitted' }
  /** Nothing says where it comes from, and it carries a session: a form token has to prove it. */
  | { readonly kind: 'needs-token' }
  | { readonly kind: 'refused'; readonly reason: 'cross-site' | 'same-site' | 'other-origin' }

/**
 * Judges a request by its headers alone, before a byte of its body is read.
 *
 * Safe methods are admitted: nothing changes on them. Browsers of today say `Sec-Fetch-Site` themselves, and no page
 * can forge it; only `same-origin` and `none` (typed, bookmarked) pass. Where it is missing (an older browser, or plain
 * http elsewhere than on this machine) the Origin must be ours to the letter. With neither, the sender is no browser
 * of the last ten years or has had its headers removed: without a session cookie there is nobody's trust to abuse, so
 * it is admitted; with one, a form token has to prove it.
 * Fetch Metadata §2, RFC 6454 §7, OWASP ASVS 3.5.1
 */
export function judge(from: Provenance, trusted: ReadonlySet<string>): Verdict {
  if (from.method === 'GET' || from.method === 'HEAD' || from.method === 'OPTIONS') return { kind: 'admitted' }
  if (from.origin !== null && trusted.has(from.origin)) return { kind: 'admitted' }
  if (from.site !== null) return judgeSite(from.site)
  if (from.origin !== null) {
    return from.origin === from.self ? { kind: 'admitted' } : { kind: 'refused', reason: 'other-origin' }
  }
  return { kind: from.carriesSession ? 'needs-token' : 'admitted' }
}

function judgeSite(site: string): Verdict {
  if (site === 'same-origin' || site === 'none') return { kind: 'admitted' }
  return { kind: 'refused', reason: site === 'same-site' ? 'same-site' : 'cross-site' }
}
