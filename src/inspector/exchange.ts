/** One request and its answer, as the inspector remembers them: words and numbers, nothing of the app itself. */
export interface Exchange {
  /** Counts from 1, in the order in which requests were answered. */
  readonly number: number
  /** The number of the exchange that its story began with. */
  readonly story: number
  readonly atMs: number
  readonly method: string
  /** Path and query. */
  readonly address: string
  readonly status: number
  /** Where the answer leads to, or `null`. */
  readonly location: string | null
  /** Whether that is another site. */
  readonly isExternal: boolean
  /** Whether the answer is a page that somebody sees. */
  readonly isPage: boolean
  /** Whether the handler of its route ran, or what is mounted there. */
  readonly isHandled: boolean
  readonly totalMs: number
  readonly stations: readonly StationSeen[]
  /** What was posted; `null` if the body was none of Dewar's to read. */
  readonly posted: readonly PostedSeen[] | null
  readonly submission: SubmissionSeen | null
  readonly session: SessionSeen
  readonly sent: readonly CookieSeen[]
  readonly set: readonly CookieSeen[]
  readonly trips: readonly Trip[]
  /** What was thrown, if the answer tells of it. */
  readonly error: string | null
}

/** A station that a request passed. */
export interface StationSeen {
  readonly name: string
  /** The time that it took, in milliseconds. */
  readonly ms: number
  /** How it judged, as a sentence. */
  readonly says: string
  /** Whether the request left here with its answer. */
  readonly isExit: boolean
}

/** One value that was posted. */
export interface PostedSeen {
  readonly name: string
  readonly value: string
  /** `text`, or why the value is not what was posted: it is secret, or a file of which this tells. */
  readonly kind: 'text' | 'secret' | 'file'
}

/** A form that is submitted once: which, and how it stood when it came. */
export interface SubmissionSeen {
  /** The beginning of the key of its record. */
  readonly key: string
  readonly standing: 'first' | 'repeat' | 'changed' | 'running' | 'unknown' | 'asked again' | 'not looked up'
  readonly mode: 'tx' | 'guard'
  /** How old its token was, in seconds. */
  readonly ageSeconds: number
}

/** The session of an exchange, before and after it. */
export interface SessionSeen {
  /** Where it is kept: the name of the store, or `cookie`. */
  readonly where: string
  /** Names the session; `null` if there was none, before or after. */
  readonly id: string | null
  readonly user: string | null
  /** How it stood and what became of it: every part that was there before or after. */
  readonly parts: readonly PartSeen[]
  /** Whether anybody asked for it, and was told. */
  readonly asked: 'yes' | 'no' | 'in vain'
}

/** A part of a session. */
export interface PartSeen {
  readonly kind: 'user' | 'value' | 'message'
  /** The key of a value; what the others are called. */
  readonly name: string
  /** In words; `null` for not there. */
  readonly before: string | null
  readonly after: string | null
}

/** A cookie as it came or as it was sent. */
export interface CookieSeen {
  readonly name: string
  /** Its value, shortened where it opens something. */
  readonly value: string
  /** What it means, or its attributes. */
  readonly says: string
}

/** A question to a store. */
export interface Trip {
  /** What it was asked, as `begin`. */
  readonly call: string
  readonly ms: number
  readonly failed: boolean
}

/** Requests that belong together: a POST, and the page that its redirect led to. */
export interface Story {
  /** That of its first exchange. */
  readonly number: number
  readonly exchanges: readonly Exchange[]
  /** Goes up with every change, over all stories. */
  readonly change: number
}

/** Whether the answer led on: for the script of an upload a redirect leaves as 204 with the same target. */
export function isRedirect({ status, location }: Exchange): boolean {
  return location !== null && ((status >= 300 && status < 400) || status === 204)
}
