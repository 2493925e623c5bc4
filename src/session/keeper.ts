import type { Asked, Begun, OnceRow, SessionChange, SessionRow, TransactionalStore } from '../store/store.ts'
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

/** Whom a form can be told to be: known by the cookie alone, without a store. */
export interface Visitor {
  /** Of their session, or of the one that they will have. */
  readonly family: string
  /** A hash of what their cookie proves them by. */
  readonly code: string
}

/** A session that was asked for. */
export interface Opening {
  /** The row that it was read from; `null` for none, and for a session in a cookie. */
  readonly row: SessionRow | null
  /** The row of the family that the cookie names, even if the cookie does not open it (any more). */
  readonly there: SessionRow | null
  /** The family that a visitor without a session was given with a form, if their cookie proves it. */
  readonly greeted: string | null
  /** What is known of the submission that was asked about, and the incarnation of the store that told it. */
  readonly known: Omit<Begun, 'session'>
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
  /** What becomes of the submission, in the same write. */
  readonly once?: OnceEnd | undefined
}

/** What becomes of a submission. */
export type OnceEnd =
  /** It is done. What is sent to its visitor belongs to its answer. */
  | {
      readonly kind: 'complete'
      readonly key: string
      readonly fingerprint: string
      readonly expiresSeconds: number
      readonly owner: string | undefined
      answer(sent: SentWith): string
    }
  /** It was claimed and is not done: others may try. */
  | { readonly kind: 'release'; readonly key: string; readonly owner: string }

/** How a session ends its request. */
export type SessionEnd =
  | SessionSent
  /** The submission was done by somebody else meanwhile, and nothing is kept. */
  | { readonly kind: 'lost'; readonly once: OnceRow | null }

/** What the visitor is sent of their session. */
export type SessionSent =
  /** Nothing is sent: the visitor has what there is to have. */
  | { readonly kind: 'keep' }
  /** The cookie is sent. */
  | { readonly kind: 'write'; readonly setCookie: string }
  /** The cookie is taken back. */
  | { readonly kind: 'drop'; readonly setCookie: string }

/** What was sent of the session with an answer. */
export interface SentWith {
  readonly end: SessionSent['kind']
  /** The cookie itself; `null` where only its visitor may have it. */
  readonly setCookie: string | null
}

/** What was sent with the first answer to a submission. */
export interface SentBefore extends SentWith {
  /** Names the submission. */
  readonly key: string
  /** The code of the visitor who submitted it, as they were known then. */
  readonly code: string
}

/** What is written of a session in a transaction of somebody else's, and what is sent when it is committed. */
export interface EndInside {
  readonly session: SessionChange | undefined
  readonly end: SessionSent
}

/** Keeps sessions: sealed in the visitor's own cookie, or in a store. */
export interface SessionKeeper {
  /** Makes what sessions are kept in ready to be asked. Rejects with `store/refused` and `store/unavailable`. */
  ready(nowSeconds: number): Promise<void>
  /** Fetches the session of a request. Never rejects for a store that cannot be asked: who looks at the state is told. */
  open(arrival: Arrival, nowSeconds: number, once?: Asked['once']): Opening | Promise<Opening>
  /** Whom the cookie is of, as far as it says itself; `null` for nobody. */
  visitorOf(arrival: Arrival, nowSeconds: number): Visitor | null
  /** Keeps what was done, and decides what is sent. Throws what keeping it throws. */
  end(ending: Ending): SessionEnd | Promise<SessionEnd>
  /**
   * What the tokens of forms say of the store that their submissions are recorded in: the newest incarnation that it has
   * told of. Empty before it could be asked, and always for sessions in cookies, whose submissions are recorded in this
   * process: else a restart would void every form that is open.
   */
  readonly incarnation: string
  /** Runs work in a transaction of the store, if it has any; `null` if not. */
  readonly transact: TransactionalStore<unknown>['transact'] | null
  /** What is written of a session in such a transaction, in which this is its row; `null` if it would be that of another one. */
  endInside(ending: Ending, row: SessionRow | null): EndInside | null
  /** What a visitor is sent again who submits something again. */
  again(ending: Pick<Ending, 'arrival' | 'opening'>, sent: SentBefore, nowSeconds: number): SessionSent
}
