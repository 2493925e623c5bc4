import { encodeBase64url } from '../crypto/base64url.ts'
import type { Random } from '../crypto/random.ts'
import { DewarError } from '../errors/dewar-error.ts'
import { inShort } from '../errors/refuse-options.ts'
import { apply, type Operation } from './operations.ts'
import type { Flash, SessionState } from './state.ts'

/** What a live session needs. */
export interface LiveSessionParts {
  /** Gives the state at the start of the request. Called at most once, when the session is first touched. */
  readonly load: () => SessionState | null
  readonly nowSeconds: number
  readonly random: Random
  /** The family that a visitor without a session was given with a form. */
  readonly greeted: string | null
}

/**
 * The session of one request while it is answered: the state at its start, and the log of what was done since.
 * Reads see the state with the log applied. Nothing is kept before the commit.
 */
export class LiveSession {
  readonly #parts: LiveSessionParts
  readonly #log: Operation[] = []
  #loaded: SessionState | null = null
  #current: SessionState | null = null
  #begun: SessionState | null = null
  #touched = false
  #left = false
  #greets = false

  constructor(parts: LiveSessionParts) {
    this.#parts = parts
  }

  /** When the request came, in seconds since 1970. */
  get nowSeconds(): number {
    return this.#parts.nowSeconds
  }

  /** Whether the answer depends on the session: somebody read or wrote it. */
  get touched(): boolean {
    return this.#touched
  }

  /** Whether what was done came to another state than the one at the start. */
  get changed(): boolean {
    return this.#current !== this.#loaded
  }

  /** Whether somebody wanted the session to be there, though it holds nothing. */
  get begun(): boolean {
    return this.#log.some(({ kind }) => kind === 'begin')
  }

  /** Whether a visitor without a session was shown a form that is theirs: they are to be known again. */
  get greets(): boolean {
    return this.#greets && this.#current === null
  }

  /** The family of the session, or the one that it will have when something is kept: for the token of a form. */
  greet(): string {
    this.#greets = true
    return this.state?.family ?? this.#begin().family
  }

  /** A session that holds nothing yet, for the visitor who is greeted. */
  get nothingYet(): SessionState {
    return this.#begin()
  }

  /** What was done, in order. */
  get log(): readonly Operation[] {
    return this.#log
  }

  /** The state with the log applied. Counts as touching. */
  get state(): SessionState | null {
    if (!this.#touched) {
      if (this.#left) throw new DewarError('app/answer-left')
      this.#touched = true
      this.#loaded = this.#parts.load()
      this.#current = this.#loaded
    }
    return this.#current
  }

  /** Does something to the session. Throws `app/answer-left` once the answer has left. */
  do(operation: Operation): void {
    if (this.#left) throw new DewarError('app/answer-left')
    this.#current = apply(this.state, operation, () => this.#begin())
    this.#log.push(operation)
  }

  /** The log done to another state: the newest one that was kept meanwhile. */
  replayOn(state: SessionState | null): SessionState | null {
    return this.#log.reduce(
      (before: SessionState | null, operation) => apply(before, operation, () => this.#begin()),
      state,
    )
  }

  /** Adds a message for the page with this path and query, or for whichever page comes next. */
  flash(message: string, category: string, page: string | null): void {
    if (typeof message !== 'string' || typeof category !== 'string')
      throw new DewarError(
        'session/value',
        `A flash message and its category are text, and not ${inShort(typeof message === 'string' ? category : message)}.`,
      )
    const flash: Flash = { id: encodeBase64url(this.#parts.random.bytes(6)), message, category, page }
    this.do({ kind: 'flash', flash })
  }

  /** Undoes what was done since the log had this length. */
  rewind(length: number): void {
    if (this.#log.length <= length) return
    this.#log.length = length
    this.#current = this.replayOn(this.#loaded)
  }

  /** From now on a write throws, and so does a first look: the answer has left, and nothing more can be said with it. */
  leave(): void {
    this.#left = true
  }

  // One state for all sessions begun in this request, so that replaying the log gives the same again. After an end it has
  // the family of the session that was ended, and the next epoch: so both are one write, and nothing made before counts.
  #begin(): SessionState {
    const { nowSeconds, random, greeted } = this.#parts
    const ended = this.#loaded
    this.#begun ??= {
      family: ended?.family ?? greeted ?? newFamily(random),
      epoch: ended === null ? 0 : ended.epoch + 1,
      user: null,
      createdSeconds: nowSeconds,
      seenSeconds: nowSeconds,
      data: new Map(),
      flashes: [],
    }
    return this.#begun
  }
}

/** A name for a session that nobody has had before: 16 random bytes, as 22 characters of base64url. */
export function newFamily(random: Random): string {
  return encodeBase64url(random.bytes(16))
}
