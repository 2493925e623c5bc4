import type { Opening, SentWith, Visitor } from '../session/keeper.ts'
import type { SessionState } from '../session/state.ts'
import type { Config } from './options.ts'
import { Reply } from './reply.ts'

/** An answer to a submission as it is kept, to be given again. */
export interface KeptAnswer extends SentWith {
  readonly status: number
  readonly headers: readonly string[]
  /** `null` for none, and for one that was too long to keep. */
  readonly body: string | null
  /** Whether there was a body that was too long to keep, or came in a stream. */
  readonly isCut: boolean
  /** The code of the visitor who got it. */
  readonly code: string
  /** Whether it has signed them in. */
  readonly signsIn: boolean
}

/** Longest body that is kept, in bytes: 64 KiB. */
const mostBodyBytes: number = 64 * 1024

/** An answer as text, for its record. */
export function writeAnswer(
  reply: Reply,
  { end, setCookie, code, signsIn }: SentWith & Pick<KeptAnswer, 'code' | 'signsIn'>,
): string {
  const { status, body } = reply
  const text = typeof body === 'string' && new TextEncoder().encode(body).length <= mostBodyBytes ? body : null
  const isWhole = body === null || text !== null
  const isLed = status >= 300 && status < 400 && reply.header('location') !== undefined
  const headers = reply.headers.filter((_, at) => {
    const name = reply.headers[at - (at % 2)] ?? ''
    return isKept(name) && (isWhole || !name.startsWith('content-'))
  })
  // Nobody reads what comes with a redirect: it is kept also where that cannot be.
  const kept: KeptAnswer = { status, headers, body: text, isCut: !isWhole && !isLed, code, signsIn, end, setCookie }
  return JSON.stringify(kept)
}

/** The answer that was kept as this text. */
export function readAnswer(text: string): KeptAnswer {
  return JSON.parse(text) as KeptAnswer // what is in the record is our own
}

/** Whose an answer is to be told. */
export interface Listener {
  readonly config: Pick<Config, 'store'>
  readonly opening: Pick<Opening, 'row'>
  readonly visitor: Visitor
}

/**
 * Whether somebody whose family has submitted it may hear the answer: whom the cookie says they were then, or whose session
 * it opens now. A session in a cookie says so by itself.
 */
export function isTheirs({ config, opening, visitor }: Listener, { code }: KeptAnswer): boolean {
  return config.store === null || opening.row !== null || code === visitor.code
}

/**
 * Whether an answer has signed its visitor in, and they have signed out since: then it would say what is not so any more.
 * Who is still known by the cookie of then has not heard of it yet.
 */
export function isOver(
  { visitor, state }: { readonly visitor: Visitor; readonly state: SessionState | null },
  { signsIn, code }: KeptAnswer,
): boolean {
  return signsIn && code !== visitor.code && state !== null && state.user === null
}

/** Where an answer led to, or `null`. */
export function targetOf({ status, headers }: KeptAnswer): string | null {
  const at = headers.indexOf('location')
  return status >= 300 && status < 400 && at !== -1 ? (headers[at + 1] ?? null) : null
}

/** The answer as a reply; `null` if it was not kept whole. */
export function toKeptReply({ status, headers, body, isCut }: KeptAnswer): Reply | null {
  return isCut ? null : new Reply(status, headers, body)
}

// What a browser is to keep is of the moment, and so is what it was told of its session.
function isKept(name: string): boolean {
  return name !== 'set-cookie' && name !== 'once-next'
}
