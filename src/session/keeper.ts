import type { SessionRow } from '../store/store.ts'
import type { CookieKind } from './cookie-name.ts'
import type { LiveSession } from './live-session.ts'
import type { SessionState } from './state.ts'

/** What a request brought: the session in its cookie, if there is one that opens. */
export interface Arrival {
  readonly kind: CookieKind
  /** The text of the session cookie, whatever it is worth. */
  readonly cookie: string | undefined
  /** What is known of the browser, for the list of a user's devices. */
  readonly device: () => Device
}

/** What is known of a browser. */
export interface Device {
  readonly userAgent: string
  /** Empty if the app keeps no addresses. */
  readonly address: string
}

/** A session that was asked for. */
export interface Opening {
  /** The row that it was read from; `null` for none, and for a session in a cookie. */
  readonly row: SessionRow | null
  /** Whether the store could be asked. */
  readonly isAvailable: boolean
  /** The state at the start of the request. Throws `store/unavailable`. */
  state(): SessionState | null
}

/** What a session is ended with. */
export interface Ending {
  readonly arrival: Arrival
  readonly opening: Opening
  readonly live: LiveSession
}

/** How a session ends its request. */
export type SessionEnd =
  /** Nothing is sent: the visitor has what there is to have. */
  | { readonly kind: 'keep' }
  /** The cookie is sent. */
  | { readonly kind: 'write'; readonly setCookie: string }
  /** The cookie is taken back. */
  | { readonly kind: 'drop'; readonly setCookie: string }

/** Keeps sessions: sealed in the visitor's own cookie, or in a store. */
export interface SessionKeeper {
  /** Fetches the session of a request. Never rejects for a store that cannot be asked: who looks at the state is told. */
  open(arrival: Arrival, nowSeconds: number): Opening | Promise<Opening>
  /** Keeps what was done, and decides what is sent. Throws what keeping it throws. */
  end(ending: Ending): SessionEnd | Promise<SessionEnd>
}
