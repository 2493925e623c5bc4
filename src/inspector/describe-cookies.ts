import type { Config } from '../app/options.ts'
import type { RequestCookies } from '../http/cookies.ts'
import { cookieKinds } from '../session/cookie-name.ts'
import { type CookieParts, type CookieVerdict, judgeSealed, judgeStored } from '../session/judge-cookie.ts'
import { readSecretCookie } from '../session/secret-cookie.ts'
import { whyItIsClosed } from '../session/why-it-is-closed.ts'
import type { SessionRow } from '../store/store.ts'
import type { CookieSeen } from './exchange.ts'
import type { Paper } from './paper.ts'
import { isHidden } from './secrets.ts'

/** What the store has under the name that a session cookie says, or why nobody knows. */
export type RowFound = SessionRow | null | 'not asked' | 'away'

/** The cookies that came with a request. `row` is what the store has under the name that the session cookie says. */
export function cookiesSent(
  cookies: RequestCookies,
  config: Config,
  { row, paper }: { readonly row: RowFound; readonly paper: Paper },
): readonly CookieSeen[] {
  return Object.entries(cookies).map(([name, value = '']) => {
    const says = isSession(name) ? saysOf(value, config, row) : 'a cookie of the app, or of another one on this machine'
    return { name: paper.write(name), value: paper.write(shortened(name, value)), says }
  })
}

/** The cookies that an answer sets. */
export function cookiesSet(headers: readonly string[], config: Config, paper: Paper): readonly CookieSeen[] {
  return headers.map((header) => {
    const [pair = '', ...attributes] = header.split(/;\s*/)
    const at = pair.indexOf('=')
    const [name, value] = [pair.slice(0, at), pair.slice(at + 1)]
    const what = config.store === null ? 'the session, sealed; ' : 'the id of the session and its secret; '
    const says = paper.write(`${isSession(name) && value !== '' ? what : ''}${attributes.join('; ')}`)
    return { name: paper.write(name), value: value === '' ? 'taken back' : paper.write(shortened(name, value)), says }
  })
}

/** How a session cookie is judged, by the secrets of an app. */
export function judgeCookie(value: string, config: Config, row: SessionRow | null): CookieVerdict | null {
  const parts = cookieParts(config)
  if (config.store === null) return judgeSealed(value, parts)
  const named = readSecretCookie(value)
  return named && judgeStored(named, row, parts)
}

// One of Dewar's sessions.
function isSession(name: string): boolean {
  return cookieKinds.some((kind) => kind.name === name)
}

function saysOf(value: string, config: Config, row: RowFound): string {
  if (row === 'not asked') return 'the session; nobody asked for it'
  if (row === 'away') return 'the session; the store could not be asked'
  const verdict = judgeCookie(value, config, row)
  if (verdict === null) return 'no cookie of a session in a store'
  if (verdict.kind === 'closed') return whyItIsClosed('this app', verdict)
  const where = config.store === null ? 'the session itself, sealed' : `opens session ${verdict.state.family}`
  return `${where}, ${value.length.toLocaleString('en')} characters`
}

function cookieParts({ keyring, lifetime, schema, clock }: Config): CookieParts {
  return { keyring, lifetime, schema, nowSeconds: Math.floor(clock.now() / 1000) }
}

// Whoever has a whole one may be its user: shown is what is short and not called a secret, as `theme=dark`.
function shortened(name: string, value: string): string {
  if (!isSession(name) && !isHidden(name) && value.length <= 24) return value
  return value.length <= 8 ? '…' : `${value.slice(0, 8)}…`
}
