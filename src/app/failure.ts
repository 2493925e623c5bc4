import { DewarError } from '../errors/dewar-error.ts'
import { HttpError, reasonOf } from '../errors/http-error.ts'
import { type ErrorCode, errorEntry } from '../errors/table.ts'
import { html } from '../html/html.ts'
import { prefersJson } from '../http/accept.ts'
import type { Environment } from './environment.ts'
import { isFromHere } from './from-here.ts'
import type { Received } from './house.ts'
import type { Config } from './options.ts'
import { page } from './page.ts'
import { Reply } from './reply.ts'
import { tell } from './tell.ts'

/** Who is told about a failure. */
export interface Viewer {
  readonly request: Request
  readonly url: URL
  readonly env: Environment
  /** Whether the request came from this machine, as far as the server can tell. */
  readonly near: () => boolean
}

/** Who is told about the failure of a request. */
export function viewerOf({
  received,
  config,
}: {
  readonly received: Received
  readonly config: Pick<Config, 'env'>
}): Viewer {
  return { request: received.request, url: received.url, env: config.env, near: received.near }
}

/** Why a request leaves without an answer from the app: a code of the table, or a bare status. */
export type Refusal = ({ readonly code: ErrorCode } | { readonly status: number }) & {
  /** More for the author, shown in development on this machine alone. */
  readonly detail?: string
  readonly headers?: readonly string[]
}

/** The reply to a request that a station turns away. */
export function refusal(viewer: Viewer, why: Refusal): Reply {
  const { status, sentence } =
    'code' in why ? errorEntry(why.code) : { status: why.status, sentence: reasonOf(why.status) }
  const hint = 'code' in why ? errorEntry(why.code).hint : ''
  const lesson = [why.detail ?? '', hint].filter((line) => line !== '').join('\n')
  const code = 'code' in why ? why.code : null
  return failure(viewer, { status, sentence, code, lesson, headers: why.headers ?? [] })
}

/** The reply to a request whose handler threw. A stranger learns nothing from it but what an `HttpError` says. */
export function failureOf(viewer: Viewer, error: unknown): Reply {
  const reply = failureReply(viewer, error)
  if (viewer.env === 'development') shownErrors.set(reply, error)
  return reply
}

const shownErrors = new WeakMap<Reply, unknown>()

/** What was thrown and is told about in a reply; `undefined` for any other reply, and in production. */
export function errorBehind(reply: Reply): unknown {
  return shownErrors.get(reply)
}

function failureReply(viewer: Viewer, error: unknown): Reply {
  const lesson = tell(error)
  if (error instanceof HttpError) {
    return failure(viewer, { status: error.status, sentence: error.message, code: null, lesson, headers: [] })
  }
  if (error instanceof DewarError) {
    const sentence = error.status < 500 ? errorEntry(error.code).sentence : reasonOf(error.status)
    return failure(viewer, { status: error.status, sentence, code: error.code, lesson, headers: [] })
  }
  return failure(viewer, { status: 500, sentence: reasonOf(500), code: null, lesson, headers: [] })
}

interface Failure {
  readonly status: number
  readonly sentence: string
  readonly code: ErrorCode | null
  readonly lesson: string
  readonly headers: readonly string[]
}

function failure(viewer: Viewer, { status, sentence, code, lesson, headers }: Failure): Reply {
  const taught = viewer.env === 'development' && isFromHere(viewer) ? lesson : ''
  if (prefersJson(viewer.request.headers.get('accept'))) {
    const problem = {
      type: 'about:blank',
      title: sentence,
      status,
      ...(code && { code }),
      ...(taught && { detail: taught }),
    }
    return new Reply(status, [...headers, ...problemHeaders], JSON.stringify(problem))
  }
  const content = html`<p>${status}${code === null ? '' : ` · ${code}`}</p>${taught === '' ? '' : html`<pre>${taught}</pre>`}`
  return new Reply(status, [...headers, ...pageHeaders, 'cache-control', 'no-store'], String(page(sentence, content)))
}

/** Headers of every HTML page: its type, and what a page of ours never needs switched off. Fetch, CSP 3 §6.4.2 */
export const pageHeaders: readonly string[] = [
  'content-type',
  'text/html; charset=utf-8',
  'x-content-type-options',
  'nosniff',
  'referrer-policy',
  'same-origin',
  'content-security-policy',
  "frame-ancestors 'self'",
]

/** Headers of a problem told as JSON.  RFC 9457 */
export const problemHeaders: readonly string[] = [
  'content-type',
  'application/problem+json',
  'x-content-type-options',
  'nosniff',
  'cache-control',
  'no-store',
]
