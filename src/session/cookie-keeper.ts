import { utf8 } from '../crypto/bytes.ts'
import type { Keyring } from '../crypto/keyring.ts'
import type { Random } from '../crypto/random.ts'
import { createSealer, type Sealer } from '../crypto/seal.ts'
import { DewarError } from '../errors/dewar-error.ts'
import { type CookieKind, cookieKinds } from './cookie-name.ts'
import { cookieText } from './cookie-text.ts'
import type { Arrival, SessionEnd, SessionKeeper } from './keeper.ts'
import { judgeLifetime, type Lifetime, secondsLeft } from './lifetime.ts'
import type { LiveSession } from './live-session.ts'
import { type OpenedTexts, rememberOpened } from './opened-texts.ts'
import { refuseAsync, refuseFaults, type SessionSchema, withoutStale } from './schema.ts'
import { isEmpty, readState, type SessionState, writeState } from './state.ts'

/** What a cookie keeper needs. */
export interface CookieKeeperParts {
  readonly keyring: Keyring
  readonly random: Random
  readonly lifetime: Lifetime
  readonly schema: SessionSchema<object>
}

/** Longest cookie that browsers keep, in bytes of name and value together.  RFC 6265bis §5.6 */
export const longestCookieBytes = 4096

const openedBytes: number = 1024 * 1024

/** Keeps sessions sealed in cookies, and nothing on the server. Keeping throws `session/cookie-too-large` and `session/value`. */
export function createCookieKeeper({ keyring, random, lifetime, schema }: CookieKeeperParts): SessionKeeper {
  refuseAsync(schema)
  const desks = new Map(cookieKinds.map((kind) => [kind, deskFor(kind, keyring, random)]))
  const deskOf = (kind: CookieKind): Desk => desks.get(kind) ?? deskFor(kind, keyring, random)
  return {
    open: ({ kind, cookie }, nowSeconds) => ({
      row: null,
      isAvailable: true,
      state() {
        const opened = openCookie(deskOf(kind), cookie, schema)
        return opened !== null && judgeLifetime(opened.state, nowSeconds, lifetime) !== 'over' ? opened.state : null
      },
    }),
    end({ arrival, live }) {
      if (!live.touched) return { kind: 'keep' }
      const desk = deskOf(arrival.kind)
      const state = live.state
      if (state === null || (isEmpty(state) && !live.begun)) return endEmpty(arrival, live)
      const stale = arrival.cookie !== undefined && desk.opened.get(arrival.cookie)?.stale === true
      const aging = judgeLifetime(state, live.nowSeconds, lifetime) === 'aging'
      if (!live.changed && !stale && !aging) return { kind: 'keep' }
      if (live.changed) refuseFaults(state.data, schema)
      return write(desk, { ...state, seenSeconds: live.nowSeconds }, lifetime)
    },
  }
}

/** Where cookies of one kind are sealed and opened. */
interface Desk {
  readonly kind: CookieKind
  readonly sealer: Sealer
  readonly opened: OpenedTexts<OpenedState>
}

interface OpenedState {
  readonly state: SessionState
  /** Sealed with an older key: to be sealed anew. */
  readonly stale: boolean
}

function deskFor(kind: CookieKind, keyring: Keyring, random: Random): Desk {
  const sealer = createSealer({ keys: keyring.keysFor('session-cookie'), boundTo: kind.name, random })
  return { kind, sealer, opened: rememberOpened(openedBytes) }
}

function openCookie(desk: Desk, cookie: string | undefined, schema: SessionSchema<object>): OpenedState | null {
  if (cookie === undefined || cookie === '') return null
  const known = desk.opened.get(cookie)
  if (known !== undefined) return known
  const unsealed = cookie.length <= longestCookieBytes ? desk.sealer.open(cookie) : null
  const state = unsealed && readState(new TextDecoder().decode(unsealed.content))
  if (unsealed === null || state === null) return null
  const opened = { state: withoutStale(state, schema), stale: unsealed.stale }
  desk.opened.set(cookie, opened)
  return opened
}

// Taking back a cookie that never opened would tell its sender so; only what was done to the session is answered.
function endEmpty({ kind, cookie }: Arrival, live: LiveSession): SessionEnd {
  if (cookie === undefined || !(live.changed || live.log.some(({ kind }) => kind === 'clear'))) return { kind: 'keep' }
  return { kind: 'drop', setCookie: cookieText(kind, '', 0) }
}

function write(desk: Desk, state: SessionState, lifetime: Lifetime): SessionEnd {
  const value = desk.sealer.seal(utf8(writeState(state)))
  const bytes = desk.kind.name.length + 1 + value.length
  if (bytes > longestCookieBytes) throw tooLarge(state, bytes)
  desk.opened.set(value, { state, stale: false })
  return { kind: 'write', setCookie: cookieText(desk.kind, value, secondsLeft(state, state.seenSeconds, lifetime)) }
}

function tooLarge(state: SessionState, bytes: number): DewarError {
  const { data, flashes } = state
  const parts = [...data.keys()].map((key): [string, number] => [
    key,
    sizeOf({ ...state, data: new Map([[key, data.get(key)]]), flashes: [] }),
  ])
  if (flashes.length > 0) parts.push(['flash messages', sizeOf({ ...state, data: new Map() })])
  const largest = parts.sort((one, other) => other[1] - one[1]).slice(0, 3)
  const named = largest.map(([key, size]) => `${key} (${size} bytes)`).join(', ')
  return new DewarError(
    'session/cookie-too-large',
    `The session cookie would have ${bytes} bytes. The largest parts are ${named}.`,
  )
}

function sizeOf(part: SessionState): number {
  return utf8(writeState(part)).length - utf8(writeState({ ...part, data: new Map(), flashes: [] })).length
}
