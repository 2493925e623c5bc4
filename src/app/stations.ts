import type { Excess, PostedFile } from '../form/read-multipart.ts'
import type { RequestCookies } from '../http/cookies.ts'
import type { Fields } from '../http/fields.ts'
import type { Arrival, Opening } from '../session/keeper.ts'
import type { LiveSession } from '../session/live-session.ts'
import type { House, Received, Target } from './house.ts'
import type { Config } from './options.ts'
import type { Reply } from './reply.ts'
import type { RequestContext } from './request-context.ts'
import type { Lack, Submission } from './submission.ts'
import type { TemporaryFiles } from './temporary-files.ts'

/** A request whose route is known. */
export interface Routed {
  readonly received: Received
  readonly config: Config
  /** All routes of the app: what a form that is shown leads to. */
  readonly routes: House['routes']
  /** The path below the app's base, in normal spelling: what routes and guards see. */
  readonly path: string
  readonly params: Readonly<Record<string, string>>
  readonly target: Target
}

/** A request whose origin was judged. Not a byte of its body has been read. */
export interface Admitted extends Routed {
  /** Whether where it comes from is known, or a form token has still to prove it. */
  readonly admission: 'origin-known' | 'needs-token'
  readonly cookies: RequestCookies
  readonly arrival: Arrival
}

/** A request that its route's guard, if it has one, lets in. Still not a byte of its body has been read. */
export interface Guarded extends Admitted {
  /** The session, if somebody had to have it opened already. */
  readonly live: LiveSession | null
  readonly opening: Opening | null
  /** What the guard was given: what it left in `state`, and the cookies that it set, go on with the request. */
  readonly asked: RequestContext | null
}

/** A request whose form was read within its limits. */
export interface Submitted extends Guarded {
  /** What was posted; `null` if the body is none of ours to read, and still unread. */
  readonly fields: Fields | null
  /** The files that were posted: they lie in the depot. */
  readonly files: readonly PostedFile[]
  /** The files that go away when it is answered. */
  readonly temporary: TemporaryFiles
  /** The limit that was broken, if the form can be shown again with a sentence about it. */
  readonly excess: Excess | null
}

/** A request that comes from a form of ours, or needs no proof. */
export interface Proven extends Submitted {
  /** How it was proven; a guard is asked before that. */
  readonly proof: 'token' | 'origin' | 'not-yet'
  /** What is done once; `null` where nothing is, or nobody knows what. */
  readonly submission: Submission | null
  /** Why nothing may be done and its form is shown again. */
  readonly lack: Lack | null
}

/** A request with its session at hand. */
export interface Opened extends Proven {
  readonly live: LiveSession
  /** Where it was read from. */
  readonly opening: Opening
}

/** A request with its answer, of which nobody has seen anything yet. */
export interface Answered extends Opened {
  readonly context: RequestContext
  readonly reply: Reply
}

/** Whether a request has its answer already: its guard gave one. */
export function isAnswered(guarded: Guarded | Answered): guarded is Answered {
  return 'reply' in guarded
}
