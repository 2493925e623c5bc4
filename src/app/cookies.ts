import { DewarError } from '../errors/dewar-error.ts'
import { refuseUnknown } from '../errors/refuse-options.ts'
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

const optionNames: readonly (keyof CookieOptions)[] = [
  'maxAgeSeconds',
  'path',
  'domain',
  'httpOnly',
  'secure',
  'sameSite',
]

/** The cookies of a request besides its session, and those that its answer sets. */
export class Cookies {
  readonly #sent: RequestCookies
  readonly #secure: boolean
  #set: ReadonlyMap<string, string> = new Map()
  #left = false

  constructor(sent: RequestCookies, secure: boolean) {
    this.#sent = sent
    this.#secure = secure
  }

  /** The value that the browser sent under a name, or `undefined`. */
  get(name: string): string | undefined {
    return this.#sent[name]
  }

  /**
   * Sets a cookie with the answer. Throws `app/option-invalid` for the session's own cookie, and for what browsers drop
   * without a word: a name that is no token, more than 4,096 bytes, a prefix or `sameSite: 'none'` without Secure.
   * Throws `app/answer-left` once the answer has left.
   */
  set(name: string, value: string, given: CookieOptions = {}): void {
    refuseUnknown('cookies.set', given, optionNames)
    const { maxAgeSeconds, ...options } = given
    if (this.#left) throw new DewarError('app/answer-left')
    refuseCookie(name, value)
    refuseUnkept(name, { secure: this.#secure, ...options })
    const age = maxAgeSeconds === undefined ? {} : { maxAge: maxAgeSeconds }
    const defaults = { path: '/', httpOnly: true, secure: this.#secure, sameSite: 'lax' } as const
    this.#set = new Map(this.#set).set(name, writeCookie({ name, value, ...defaults, ...options, ...age }))
  }

  /** Takes a cookie back. `path` and `domain` must be those it was set with. */
  delete(name: string, options: Pick<CookieOptions, 'path' | 'domain'> = {}): void {
    this.set(name, '', { ...options, maxAgeSeconds: 0 })
  }

  /** The same cookies, to be gone on with apart. */
  copy(): Cookies {
    const copy = new Cookies(this.#sent, this.#secure)
    copy.#set = this.#set
    return copy
  }

  /** Gives the way back to the cookies set so far. */
  undoer(): () => void {
    const before = this.#set
    return () => {
      this.#set = before
    }
  }

  /** Sets none after all. */
  clear(): void {
    this.#set = new Map()
  }

  /** The answer has left. */
  leave(): void {
    this.#left = true
  }

  /** The Set-Cookie headers of the answer. */
  get headers(): readonly string[] {
    return [...this.#set.values()]
  }
}

// RFC 6265bis §4.1.3, §5.7
function refuseUnkept(name: string, { secure, path = '/', domain, sameSite }: CookieOptions): void {
  const prefix = /^__(?:Host|Secure|Http|Host-Http)-/i.exec(name)?.[0]
  if (prefix === undefined && sameSite !== 'none') return
  if (secure === true && (!/^__Host-/i.test(name) || (path === '/' && domain === undefined))) return
  const why = prefix === undefined ? "sameSite 'none'" : `a name that begins with ${prefix}`
  throw new DewarError(
    'app/option-invalid',
    `The cookie ${name} has ${why}, so it must be secure${prefix?.startsWith('__Host') ? ', with the path / and no domain' : ''}.`,
  )
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
