import { encodeBase64url } from '../crypto/base64url.ts'
import { utf8 } from '../crypto/bytes.ts'
import type { Keyring } from '../crypto/keyring.ts'
import { hash } from '../crypto/mac.ts'
import type { Random } from '../crypto/random.ts'
import { createSealer, type Sealer } from '../crypto/seal.ts'
import { DewarError } from '../errors/dewar-error.ts'
import type { Begun, Store } from '../store/store.ts'
import { type CookieKind, cookieKinds } from './cookie-name.ts'
import { cookieText } from './cookie-text.ts'
import type { Arrival, Ending, Opening, SessionEnd, SessionKeeper, SessionSent } from './keeper.ts'
import { judgeLifetime, type Lifetime, secondsLeft } from './lifetime.ts'
import type { LiveSession } from './live-session.ts'
import { changeOf } from './once-change.ts'
import { type OpenedTexts, rememberOpened } from './opened-texts.ts'
import { refuseAsync, refuseFaults, type SessionSchema, withoutStale } from './schema.ts'
import { isEmpty, readState, type SessionState, writeState } from './state.ts'
import { TendedStore } from './tended-store.ts'

/** What a cookie keeper needs. */
export interface CookieKeeperParts {
  /** Where submissions are remembered. */
  readonly records: Store
  readonly keyring: Keyring
  readonly random: Random
  readonly lifetime: Lifetime
  readonly schema: SessionSchema<object>
}

/** Longest cookie that browsers keep, in bytes of name and value together.  RFC 6265bis §5.6 */
export const longestCookieBytes = 4096

const openedBytes: number = 1024 * 1024

/** Keeps sessions sealed in cookies, and nothing on the server. Keeping throws `session/cookie-too-large` and `session/value`. */
export function createCookieKeeper(parts: CookieKeeperParts): SessionKeeper {
  const { keyring, random, lifetime, schema } = parts
  const records = new TendedStore(parts.records)
  refuseAsync(schema)
  const desks = new Map(cookieKinds.map((kind) => [kind, deskFor(kind, keyring, random)]))
  const deskOf = (kind: CookieKind): Desk => desks.get(kind) ?? deskFor(kind, keyring, random)
  const stateOf = ({ kind, cookie }: Arrival, nowSeconds: number): SessionState | null => {
    const opened = openCookie(deskOf(kind), cookie, schema)
    return opened !== null && judgeLifetime(opened.state, nowSeconds, lifetime) !== 'over' ? opened.state : null
  }
  return {
    async ready() {},
    open(arrival, nowSeconds, once) {
      const state = (): SessionState | null => stateOf(arrival, nowSeconds)
      const opening = { row: null, there: null, greeted: null, isAvailable: true, known: nothingKnown, state }
      if (once === undefined) return opening
      const told = ({ session: _, ...known }: Begun): Opening => ({ ...opening, known: { ...known, incarnation: '' } })
      const begun = records.begin({ family: '', nowSeconds, once })
      return begun instanceof Promise ? begun.then(told) : told(begun)
    },
    visitorOf(arrival, nowSeconds) {
      const state = stateOf(arrival, nowSeconds)
      return state && { family: state.family, code: codeOf(arrival.cookie) }
    },
    end(ending) {
      const end = seal(deskOf(ending.arrival.kind), ending, { lifetime, schema })
      return ending.once === undefined ? end : record(records, ending, end)
    },
    incarnation: '',
    transact: null,
    endInside() {
      throw new TypeError('A session in a cookie is in no transaction.')
    },
    again({ arrival }, { code, end, setCookie }) {
      if (end === 'keep' || setCookie === null || code !== codeOf(arrival.cookie)) return { kind: 'keep' }
      return { kind: end, setCookie }
    },
  }
}

const nothingKnown = { once: null, isMine: false, incarnation: '' } as const

function codeOf(cookie: string | undefined): string {
  return encodeBase64url(hash(utf8(cookie ?? '')))
}

function seal(
  desk: Desk,
  { arrival, live }: Ending,
  { lifetime, schema }: Pick<CookieKeeperParts, 'lifetime' | 'schema'>,
): SessionSent {
  if (!live.touched) return { kind: 'keep' }
  const state = live.greets ? live.nothingYet : live.state
  if (state === null || (isEmpty(state) && isToGo(live))) return endEmpty(arrival, live)
  const stale = arrival.cookie !== undefined && desk.opened.get(arrival.cookie)?.stale === true
  const aging = judgeLifetime(state, live.nowSeconds, lifetime) === 'aging'
  if (!live.changed && !live.greets && !stale && !aging) return { kind: 'keep' }
  if (live.changed) refuseFaults(state.data, schema)
  return write(desk, { ...state, seenSeconds: live.nowSeconds }, lifetime)
}

// Who has just read their last message may go Back to the form that led to it: they are still to be known by then.
function isToGo(live: LiveSession): boolean {
  return !live.begun && !live.greets && !(live.changed && live.log.every(({ kind }) => kind === 'take'))
}

async function record(records: TendedStore, { live, once }: Ending, end: SessionSent): Promise<SessionEnd> {
  const sent = { end: end.kind, setCookie: end.kind === 'keep' ? null : end.setCookie }
  const store = await records.ready(live.nowSeconds)
  const outcome = await store.commit({ family: '', nowSeconds: live.nowSeconds, ...changeOf(once, sent) })
  return outcome.kind === 'lost' ? outcome : end
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
function endEmpty({ kind, cookie }: Arrival, live: LiveSession): SessionSent {
  if (cookie === undefined || !(live.changed || live.log.some(({ kind }) => kind === 'clear'))) return { kind: 'keep' }
  return { kind: 'drop', setCookie: cookieText(kind, '', 0) }
}

function write(desk: Desk, state: SessionState, lifetime: Lifetime): SessionSent {
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
