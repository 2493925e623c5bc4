import type { Json } from './values.ts'
import { fromJson, toJson } from './values.ts'

/** One message for a page that is still to come. */
export interface FlashMessage {
  readonly message: string
  /** What kind of message it is, for styling. Default `message`. */
  readonly category: string
}

/** A flash message as the session keeps it. */
export interface Flash extends FlashMessage {
  /** Messages are taken by their id, so that one added meanwhile survives. */
  readonly id: string
  /** The path and query of the one page that may show it, or `null` for whichever page comes next. */
  readonly page: string | null
}

/** A session as it is kept. States are never changed: an operation makes a new one. */
export interface SessionState {
  /** Names the session for as long as it lives. It never authenticates by itself. */
  readonly family: string
  /** Raised by every login, so that what was made before it can be told apart. */
  readonly epoch: number
  /** Who is signed in, or `null`. */
  readonly user: string | null
  readonly createdSeconds: number
  /** When its idle lifetime was last begun anew. */
  readonly seenSeconds: number
  readonly data: ReadonlyMap<string, unknown>
  readonly flashes: readonly Flash[]
}

/** Whether a state holds nothing that would be missed. */
export function isEmpty(state: SessionState): boolean {
  return state.user === null && state.data.size === 0 && state.flashes.length === 0
}

/** A state as text. */
export function writeState(state: SessionState): string {
  const { family, epoch, user, createdSeconds, seenSeconds } = state
  return JSON.stringify([format, family, epoch, user, createdSeconds, seenSeconds, ...contentOf(state)])
}

/** What a state holds, its data and messages, as text: the rest stands in columns of its own. */
export function writeContent(state: SessionState): string {
  return JSON.stringify([format, ...contentOf(state)])
}

function contentOf({ data, flashes }: SessionState): [Content, readonly WrittenFlash[]] {
  return [
    Object.fromEntries([...data].map(([key, value]) => [key, toJson(value)])),
    flashes.map(({ id, message, category, page }) => [id, message, category, page]),
  ]
}

/** The state that `writeState` wrote, or `null` if the text is of another format. */
export function readState(text: string): SessionState | null {
  const json = parse(text)
  if (!Array.isArray(json) || json[0] !== format) return null
  const [, family, epoch, user, createdSeconds, seenSeconds, data, flashes] = json as unknown as Written // sealed text is our own
  return { family, epoch, user, createdSeconds, seenSeconds, ...held(data, flashes) }
}

/** What `writeContent` wrote, or `null` if the text is of another format. */
export function readContent(text: string): Pick<SessionState, 'data' | 'flashes'> | null {
  const json = parse(text)
  if (!Array.isArray(json) || json[0] !== format) return null
  return held(json[1] as Content, json[2] as readonly WrittenFlash[]) // what is in the store is our own
}

function held(data: Content, flashes: readonly WrittenFlash[]): Pick<SessionState, 'data' | 'flashes'> {
  return {
    data: new Map(Object.entries(data).map(([key, value]) => [key, fromJson(value)])),
    flashes: flashes.map(([id, message, category, page]) => ({ id, message, category, page })),
  }
}

const format = 1

type Content = Readonly<Record<string, Json>>

type WrittenFlash = readonly [id: string, message: string, category: string, page: string | null]

type Written = readonly [
  format: number,
  family: string,
  epoch: number,
  user: string | null,
  createdSeconds: number,
  seenSeconds: number,
  data: Content,
  flashes: readonly WrittenFlash[],
]

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
