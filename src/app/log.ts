import type { Environment } from './environment.ts'
import { cut, tell } from './tell.ts'

/** What a line of the log is about. */
export type LogEvent =
  /** A handler threw, or its answer could not be committed. */
  | 'request-failed'
  /** There was an answer, and nothing of it could be sent. */
  | 'answer-not-sent'
  /** A stream failed in the middle of an answer: the client got the beginning. */
  | 'answer-cut-short'
  /** Something was thrown where nobody caught it. */
  | 'uncaught'
  /** The server could not accept a connection. */
  | 'connection-refused'

/** One line of the log. Method and path are those of the request, if there is one; never its query, headers or body. */
export interface LogLine {
  readonly event: LogEvent
  readonly method?: string
  readonly path?: string
  readonly error: unknown
}

/**
 * Writes to the log, which is stderr. In production one line of JSON an event: `{ time, level, event, method, path,
 * error }`. In development a text to be read. Control characters are escaped in both, so that nobody who is quoted in the
 * log can write lines of his own or move the cursor. The error is told whole, up to 8,192 characters; a path up to 1,024.
 */
export function log(env: Environment, { event, method, path, error }: LogLine): void {
  const where = path === undefined ? {} : { method, path: cut(path, pathLength) }
  if (env === 'production') {
    const line = { time: new Date().toISOString(), level: 'error', event, ...where, error: tell(error) }
    console.error(escaped(JSON.stringify(line)))
    return
  }
  const asked = path === undefined ? '' : `${method} ${where.path} `
  console.error(`${escaped(asked)}${sentences[event]} ${indented(tell(error))}`)
}

/** What a server tells of itself. */
export interface ServerLine {
  readonly event: 'listening' | 'stopping' | 'stopped' | 'worker-exited'
  readonly level: 'info' | 'error'
  /** For development: all of it, as one sentence. */
  readonly sentence: string
  /** For production: what there is to know, by name. */
  readonly facts: Readonly<Record<string, string | number | null>>
}

/** Writes to the log what a server tells of itself. In production `{ time, level, event }` and the facts. */
export function logServer(env: Environment, { event, level, sentence, facts }: ServerLine): void {
  const line = { time: new Date().toISOString(), level, event, ...facts }
  console.error(escaped(env === 'production' ? JSON.stringify(line) : sentence))
}

/** What a log line says about its request. */
export interface Logged {
  readonly request: Request
  readonly url: URL
}

/** Logs that a request failed. */
export function logError(env: Environment, error: unknown, { request, url }: Logged): void {
  log(env, { event: 'request-failed', method: request.method, path: url.pathname, error })
}

/** Tells the author something about a request that did not fail: a text to be read, in development. */
export function logLesson({ request, url }: Logged, lesson: string): void {
  console.warn(`${escaped(`${request.method} ${cut(url.pathname, pathLength)} `)}${indented(lesson)}`)
}

/** Tells the author something about the process: a text to be read, in development. */
export function logNotice(text: string): void {
  console.warn(escaped(text))
}

const pathLength = 1_024

const sentences: Readonly<Record<LogEvent, string>> = {
  'request-failed': 'failed.',
  'answer-not-sent': 'could not be answered.',
  'answer-cut-short': 'got only the beginning of its answer.',
  uncaught: 'Nobody caught this:',
  'connection-refused': 'A connection could not be accepted.',
}

// Line breaks stay, and what follows one is indented: no text within can look like the beginning of an entry.
function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => escaped(line))
    .join('\n    ')
}

/** A text of strangers in one line that a terminal only shows. For what is written beside the log. */
export function inOneLine(text: string): string {
  return escaped(cut(text, pathLength))
}

// Controls (Cc), invisible ones that turn the direction of text and the like (Cf), line and paragraph separators (Zl, Zp).
// JSON escapes the first 32 itself.
function escaped(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    Array.from({ length: character.length }, (_, at) => escapedUnit(character.charCodeAt(at))).join(''),
  )
}

function escapedUnit(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`
}
