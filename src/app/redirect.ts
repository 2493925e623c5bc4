import { DewarError } from '../errors/dewar-error.ts'
import { refuseUnknown } from '../errors/refuse-options.ts'

/** The statuses of a redirect.  RFC 9110 §15.4 */
export type RedirectStatus = 301 | 302 | 303 | 307 | 308

const statuses: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/** How a redirect is meant. */
export interface RedirectOptions {
  /** Default 303 See Other: whatever brought the visitor here, the next request is a GET. */
  readonly status?: RedirectStatus
  /** A message for the page redirected to. No other page shows it. */
  readonly flash?: string
  /** The kind of that message, for styling. Default `message`. */
  readonly category?: string
  /** Allows an http or https address outside this app. Default false. */
  readonly external?: boolean
}

/** An answer that sends the visitor on. Made by `redirect`. */
export class Redirect {
  readonly to: string
  readonly status: RedirectStatus
  readonly flash: { readonly message: string; readonly category: string } | null
  readonly kind: 'inside' | 'external' | 'back'

  constructor(to: string, kind: Redirect['kind'], { status = 303, flash, category = 'message' }: RedirectOptions) {
    if (!statuses.has(status))
      throw new DewarError('redirect/status', `${String(status)} is not the status of a redirect.`)
    this.to = to
    this.status = status
    this.kind = kind
    this.flash = flash === undefined ? null : { message: flash, category }
  }
}

/** What `redirect` is. */
export interface RedirectFunction {
  /**
   * Sends the visitor to a path of this app: `redirect('/thanks')`, by default with 303 See Other.
   * Throws `redirect/target` for anything that a browser would take for another site (`//elsewhere`, `/\elsewhere`,
   * a scheme, line ends, tabs) unless `external` is said.  OWASP ASVS 3.7.2
   */
  (to: string, options?: RedirectOptions): Redirect
  /** Sends the visitor back to the page of this app that they came from, or to `fallback` if they came from elsewhere. */
  back(fallback: string, options?: Omit<RedirectOptions, 'external'>): Redirect
}

/** Sends the visitor to another page. */
export const redirect: RedirectFunction = Object.assign(redirectTo, {
  back(fallback: string, options: Omit<RedirectOptions, 'external'> = {}): Redirect {
    refuseUnknown('redirect.back', options, backNames)
    return new Redirect(insideTarget(fallback), 'back', options)
  },
})

const backNames: readonly (keyof RedirectOptions)[] = ['status', 'flash', 'category']
const optionNames: readonly (keyof RedirectOptions)[] = ['status', 'flash', 'category', 'external']

function redirectTo(to: string, options: RedirectOptions = {}): Redirect {
  refuseUnknown('redirect', options, optionNames)
  if (options.external === true) return new Redirect(externalTarget(to), 'external', options)
  return new Redirect(insideTarget(to), 'inside', options)
}

const base = 'http://inside.invalid'

// Most targets need no reading: no character that a URL would encode, no empty segment, no dot segment.
function isPlain(to: string): boolean {
  return /^\/(?![/.])(?:[A-Za-z0-9_~!$&'()*+,;=:@?#-]|%[0-9A-Fa-f]{2}|\/(?![/.])|(?<!\/)\.)*$/.test(to)
}

function insideTarget(to: string): string {
  if (typeof to === 'string' && isPlain(to)) return to
  if (typeof to === 'string' && isInside(to)) {
    const { pathname, search, hash } = new URL(to, base)
    if (!pathname.startsWith('//')) return pathname + search + hash
  }
  throw new DewarError('redirect/target', `redirect(${JSON.stringify(to)}) does not lead to a path of this app.`)
}

// Whether every browser takes a text for a path of the site it came from.
function isInside(to: string): boolean {
  return /^\/(?![/\\])[^\\\p{Cc}]*$/u.test(to) && URL.canParse(to, base) && new URL(to, base).origin === base
}

function externalTarget(to: string): string {
  const url = URL.canParse(to) ? new URL(to) : null
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:') || /\p{Cc}/u.test(to)) {
    throw new DewarError('redirect/target', `redirect(${JSON.stringify(to)}) is no http or https address.`)
  }
  return url.href
}

/** The path and query that a browser asks for when it follows a location, or `null` if it is not one of this origin. */
export function pageOf(location: string, from: URL): string | null {
  const to = URL.canParse(location, from.href) ? new URL(location, from.href) : null
  return to === null || to.origin !== from.origin ? null : to.pathname + to.search
}
