import { readCookies } from '../http/cookies.ts'
import { cookieKindFor } from '../session/cookie-name.ts'
import type { Flash } from '../session/state.ts'
import type { Config } from './options.ts'

/** A session as somebody finds it who only looks: nothing is taken, nothing renewed. */
export interface SeenSession {
  /** Who is signed in, or `null`. */
  readonly user: string | null
  /** What it holds, by key. */
  readonly data: Readonly<Record<string, unknown>>
  /** The messages that wait, oldest first. `page` is the one page that may show it; `null`: whichever comes next. */
  readonly flashes: readonly Omit<Flash, 'id'>[]
}

/** A request that has not been made: where it would go, and with which Cookie header. */
export interface Carried {
  readonly url: URL
  readonly cookie: string | undefined
}

/** The session that a request would find, or `null` if its cookie opens none. Throws what the store throws. */
export async function look({ keeper, clock }: Config, { url, cookie }: Carried): Promise<SeenSession | null> {
  const kind = cookieKindFor(url.href)
  const device = () => ({ userAgent: '', address: '' })
  const arrival = { kind, cookie: readCookies(cookie ?? null)[kind.name], device }
  const { state } = await keeper.open(arrival, Math.floor(clock.now() / 1000))
  const found = state()
  if (found === null) return null
  const flashes = found.flashes.map(({ message, category, page }) => ({ message, category, page }))
  return { user: found.user, data: Object.fromEntries(found.data), flashes }
}
