import { DewarError } from '../errors/dewar-error.ts'
import { type RequestCookies, writeCookie } from '../http/cookies.ts'
import { longestCookieBytes } from '../session/cookie-keeper.ts'
import { cookieKinds } from '../session/cookie-name.ts'

/** How a cookie is kept by the browser. */
export interface CookieOptions {
  /** Seconds until it goes. Default: it goes when the browser is closed. */
  readonly maxAgeSeconds?: number
  /** Default `/`. */
  readonly path?: string
  readonly domain?: string
  /** Whether scripts are kept from reading it. Default true. */
  readonly httpOnly?: boolean
  /** Whether it is sent over https alone. Default: true, except on plain-http loopback. */
  readonly secure?: boolean
  /** Default `lax`. */
  readonly sameSite?: 'lax' | 'strict' | 'none'
}

/** The cookies of a request besides its session, and those that its answer sets. */
export class Cookies {
  readonly #sent: RequestCookies
  readonly #secure: boolean
  readonly #set: Map<string, string> = new Map()

  constructor(sent: RequestCookies, secure: boolean) {
    this.#sent = sent
    this.#secure = secure
  }

  /** The value that the browser sent under a name, or `undefined`. */
  get(name: string): string | undefined {
    return this.#sent[name]
  }

  /**
   * Sets a cookie with the answer. Throws `app/option-invalid` for the session's own cookie, for a name that is
   * not a token, and for more than 4,096 bytes, which browsers drop without a word.
   */
  set(name: string, value: string, { maxAgeSeconds, ...options }: CookieOptions = {}): void {
    refuseCookie(name, value)
    const age = maxAgeSeconds === undefined ? {} : { maxAge: maxAgeSeconds }
    const defaults = { path: '/', httpOnly: true, secure: this.#secure, sameSite: 'lax' } as const
    this.#set.set(name, writeCookie({ name, value, ...defaults, ...options, ...age }))
  }

  /** Takes a cookie back. `path` and `domain` must be those it was set with. */
  delete(name: string, options: Pick<CookieOptions, 'path' | 'domain'> = {}): void {
    this.set(name, '', { ...options, maxAgeSeconds: 0 })
  }

  /** The Set-Cookie headers of the answer. */
  get headers(): readonly string[] {
    return [...this.#set.values()]
  }
}

function refuseCookie(name: string, value: string): void {
  if (cookieKinds.some((kind) => kind.name === name)) {
    throw new DewarError('app/option-invalid', `The cookie ${name} belongs to the session. Use session.set(…).`)
  }
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) {
    throw new DewarError('app/option-invalid', `${JSON.stringify(name)} is not the name of a cookie.`)
  }
  const bytes = name.length + encodeURIComponent(value).length
  if (bytes > longestCookieBytes) {
    throw new DewarError(
      'app/option-invalid',
      `The cookie ${name} would have ${bytes} bytes; browsers keep at most ${longestCookieBytes}.`,
    )
  }
}
