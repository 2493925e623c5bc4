import type { House } from '../app/house.ts'
import { readCookies } from '../http/cookies.ts'
import { cookieKindFor } from '../session/cookie-name.ts'
import type { CookieVerdict } from '../session/judge-cookie.ts'
import { readSecretCookie } from '../session/secret-cookie.ts'
import { isUserName } from '../session/user-name.ts'
import type { SessionRow, Store } from '../store/store.ts'
import { judgeCookie } from './describe-cookies.ts'

/** What there is to tell of an app's sessions, to who looks at it with a browser. */
export interface SessionsSeen {
  /** The name of the store, or `null` for sealed cookies. */
  readonly store: string | null
  /** How many are kept; `null` where nobody counts them, or the store is away. */
  readonly count: number | null
  /** The session of the browser that asks: its cookie, and what it comes to; `null` if it has none. */
  readonly own: { readonly name: string; readonly length: number; readonly verdict: CookieVerdict | null } | null
  /** The user who was asked for, and their sessions. */
  readonly found: { readonly user: string; readonly rows: readonly SessionRow[] } | null
  /** Why the store could not be asked, or `null`. */
  readonly fault: string | null
}

/** Looks at the sessions of an app, and changes nothing. Never rejects. */
export async function lookAtSessions({ config }: House, request: Request, user: string | null): Promise<SessionsSeen> {
  const { store, clock } = config
  const nowSeconds = Math.floor(clock.now() / 1000)
  const { name } = cookieKindFor(request.url)
  const cookie = readCookies(request.headers.get('cookie'))[name]
  const nothing = { store: store?.name ?? null, count: null, own: null, found: null, fault: null }
  try {
    const row = store === null || cookie === undefined ? null : await rowOf(store, cookie, nowSeconds)
    const own = cookie === undefined ? null : { name, length: cookie.length, verdict: judgeCookie(cookie, config, row) }
    if (store === null) return { ...nothing, own }
    const count = await store.count(nowSeconds)
    const rows = user !== null && isUserName(user) ? await store.list(user, nowSeconds) : []
    return { ...nothing, count, own, found: user === null ? null : { user, rows } }
  } catch (error) {
    return { ...nothing, fault: error instanceof Error ? error.message : String(error) }
  }
}

async function rowOf(store: Store, cookie: string, nowSeconds: number): Promise<SessionRow | null> {
  const named = readSecretCookie(cookie)
  return named === null ? null : (await store.begin({ family: named.family, nowSeconds })).session
}
