/**
 * What a store promises, in words and types. Four keepers hold it: memory, SQLite, PostgreSQL, Redis; `test/store/contract.ts`
 * examines every one of them with the same tests.
 *
 * - A row is what it was when it was written: nobody who holds one can change what is kept.
 * - `commit` does all of a change or nothing, whoever else writes at the same time, and whenever the process is killed.
 *   What it says is committed is on disk, as far as the keeper has one.
 * - Deletion wins: a session that is gone is never written again. Only `create` makes a row, and only where there is none.
 * - What is over its time is not there any more, whether it was swept or not. The caller says what time it is.
 * - It has an incarnation, kept with the rest: another one says that what was known of submissions is lost.
 * - One call is one round trip to a store that is elsewhere.
 * - A store that cannot be asked just now, is full, or may not be written, rejects with `store/unavailable` within two
 *   seconds, having done nothing it does not know of; it works again without a restart. Nothing else is rejected.
 */
export interface Store {
  /** What it is called in messages: `memory`, `sqlite`, `postgres`, `redis`. */
  readonly name: string
  /** Makes it ready: migrations, checks of its settings. May be called again. Rejects with `store/refused` if it cannot keep what is promised. */
  prepare(): Promise<void>
  /**
   * What a request needs to know, in one round trip; with `once.claim` the submission is claimed in the same one. A keeper in
   * this process may give it at once. It never throws: what fails rejects.
   */
  begin(asked: Asked): Begun | Promise<Begun>
  /** Writes a session and what is known of a submission, both or neither. */
  commit(change: Change): Promise<Outcome>
  /** The sessions of a user that are not over, the one seen last first. */
  list(user: string, nowSeconds: number): Promise<readonly SessionRow[]>
  /** Ends sessions at once, by whoever's clock. Gives how many there were that were not over. */
  revoke(which: Revocation, nowSeconds: number): Promise<number>
  /** How many sessions are kept that are not over. */
  count(nowSeconds: number): Promise<number>
  /** Removes at most this many rows that are over, in a slice short enough to disturb nobody. Gives how many it removed. */
  sweep(most: number, nowSeconds: number): Promise<number>
  /** Lets go of what the store itself has opened; a pool or a client that it was given stays open. */
  close(): Promise<void>
}

/** A store in whose transactions an app can write its own rows. `Tx` is what its statements are run on. */
export interface TransactionalStore<Tx> extends Store {
  /**
   * Runs work in one transaction with the change that it gives back: first the submission is written, if `once` is given
   * (a `lost` one runs nothing); then the session's row is locked and handed to the work; what the work gives back is
   * written, and all of it is committed. Work that throws, or gives back `null`, leaves nothing behind; what it throws is
   * thrown. Work that was undone through no fault of its own may be run again. A synchronous store runs synchronous work
   * only.
   */
  transact(
    asked: { readonly family: string; readonly once?: Completion; readonly nowSeconds: number },
    work: (tx: Tx, session: SessionRow | null) => Work | Promise<Work>,
  ): Promise<Outcome | { readonly kind: 'abandoned' }>
}

/** Whether an app can write its own rows in the transactions of a store. */
export function isTransactional(store: Store): store is TransactionalStore<unknown> {
  return 'transact' in store && typeof store.transact === 'function'
}

/** A store that tells what its keeper is set to. */
export interface TellingStore extends Store {
  /** Asks for what says which crash a commit survives. Rejects with `store/unavailable`. */
  tell(): Promise<Told>
}

/** Whether a store tells what its keeper is set to. */
export function isTelling(store: Store): store is TellingStore {
  return 'tell' in store && typeof store.tell === 'function'
}

/** What the keeper of a store is set to. */
export interface Told {
  /** Settings by their own names and in their own words: `fsync` is `on`. Those that it keeps to itself are missing. */
  readonly settings: Readonly<Record<string, string>>
  /** The time of its server, in milliseconds since 1970; `null` where that is the clock of this machine. */
  readonly serverMs: number | null
}

/** What work in a transaction comes to: the session as it is to be, and the answer of the submission; `null` undoes all. */
export type Work = { readonly session?: SessionChange; readonly answer?: string } | null

/** A session as it is kept. */
export interface SessionRow {
  /** Names the session for as long as it lives: 22 characters of base64url. It opens nothing by itself. */
  readonly family: string
  /** By chance for a new row, and one more with every write. */
  readonly version: number
  /** SHA-256 of the secret that opens it, as base64url. The secret itself is nowhere in the store. */
  readonly secretHash: string
  /** The hash of the secret before the last login, or `null`; and until when it counts. */
  readonly previousHash: string | null
  readonly previousUntilSeconds: number
  /** Raised by every login. */
  readonly epoch: number
  /** Who is signed in, or `null`. */
  readonly user: string | null
  /** Data and flash messages, as text that only the session knows how to read. */
  readonly content: string
  readonly createdSeconds: number
  readonly seenSeconds: number
  /** When it is over: then it is not there any more. */
  readonly expiresSeconds: number
  /** What the browser called itself when the session began, at most 200 characters. */
  readonly userAgent: string
  /** The address that it began from; empty if the app does not keep addresses. */
  readonly address: string
}

/** What becomes of a session. */
export type SessionChange =
  /** A new row. A `conflict` if there is one of this family. */
  | { readonly kind: 'create'; readonly row: SessionRow }
  /** The row in place of the one of version `row.version - 1`. A `conflict` if that is another one; `gone` if there is none. */
  | { readonly kind: 'update'; readonly row: SessionRow }
  /** No row any more. */
  | { readonly kind: 'end' }

/** What is known of a submission. */
export interface OnceRow {
  /** The key of its record: 22 characters of base64url, from which no token can be made. */
  readonly key: string
  /** A code over what was posted. */
  readonly fingerprint: string
  /** `running` while somebody has claimed it, `done` when its effect is committed. */
  readonly state: 'running' | 'done'
  /** Who claimed it; empty for one that was done in a transaction. */
  readonly owner: string
  /** Until when a claim counts. */
  readonly leaseUntilSeconds: number
  /** The answer, as text, once it is done. Before that `null`, and empty for a claim that took the place of another one. */
  readonly answer: string | null
  /** When the record may be swept. */
  readonly expiresSeconds: number
}

/** What a request asks at its beginning. */
export interface Asked {
  readonly family: string
  readonly nowSeconds: number
  readonly once?: {
    readonly key: string
    /**
     * Claims the submission if nobody has: it is then `running`, with this owner, until its lease is over. From then on the
     * same may be claimed anew; with another fingerprint it may not, for it may have been done.
     */
    readonly claim?: {
      readonly owner: string
      readonly fingerprint: string
      readonly leaseUntilSeconds: number
      readonly expiresSeconds: number
    }
  }
}

/** What a request is told at its beginning. */
export interface Begun {
  /** The session, or `null` if there is none that is not over. */
  readonly session: SessionRow | null
  /** What is known of the submission: after a claim that won, the claim itself. */
  readonly once: OnceRow | null
  /** Whether the claim won. */
  readonly isMine: boolean
  /**
   * Names what the store holds: 3 random bytes, as 4 characters of base64url, made when there is none and lost with the
   * rest. Never older than what is told of the submission. Empty where there is none and the store takes no writes just now.
   */
  readonly incarnation: string
}

/** A submission that is done. Without an owner it was not claimed: it is `lost` if there is a record already. */
export interface Completion {
  readonly key: string
  readonly fingerprint: string
  readonly answer: string
  readonly expiresSeconds: number
  /** Who claimed it. It is `lost` if the claim is not theirs any more. */
  readonly owner?: string
}

/** What a request changes at its end. */
export interface Change {
  readonly family: string
  readonly nowSeconds: number
  readonly session?: SessionChange
  readonly once?:
    | ({ readonly kind: 'complete' } & Completion)
    /**
     * The claim is given back, and the next one may try: the same alone, where the claim took the place of another one, for
     * that may have been done. Nothing happens if it is not theirs.
     */
    | { readonly kind: 'release'; readonly key: string; readonly owner: string }
}

/** What a change came to. Anything but `committed` has left everything as it was. */
export type Outcome =
  | { readonly kind: 'committed' }
  /** Somebody else wrote the session meanwhile: this is it now. */
  | { readonly kind: 'conflict'; readonly session: SessionRow }
  /** The session is not there any more. */
  | { readonly kind: 'gone' }
  /** The submission is not ours: this is what is known of it. */
  | { readonly kind: 'lost'; readonly once: OnceRow | null }

/** Which sessions to end: one, all of a user but one, or all. */
export type Revocation =
  | { readonly family: string }
  | { readonly user: string; readonly except?: string }
  | { readonly all: true }
