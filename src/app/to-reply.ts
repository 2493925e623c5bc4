import { DewarError } from '../errors/dewar-error.ts'
import { FormView } from '../form/view.ts'
import { Html } from '../html/html.ts'
import { isBelow } from '../routing/path.ts'
import { Attachment, sendAttachment } from './attachment.ts'
import { pageHeaders } from './failure.ts'
import { pageOf, Redirect } from './redirect.ts'
import { fromResponse, Reply } from './reply.ts'
import type { RequestContext } from './request-context.ts'

/** What a reply is made with. */
export interface Answering {
  /** The status of pages, texts and JSON. Default 200. */
  readonly status?: number
  /** Which function of the author answered. Default `handler`. */
  readonly by?: 'handler' | 'view' | 'middleware' | 'guard'
}

/**
 * What a handler or a view answered, as a reply. Throws `app/answer-missing` for nothing and `app/answer-unknown` for what
 * is no answer.
 */
export function toReply(
  value: unknown,
  context: RequestContext,
  { status = 200, by = 'handler' }: Answering = {},
): Reply | Promise<Reply> {
  if (value instanceof Reply) return value // committed already
  if (value instanceof Html) return new Reply(status, pageHeaders, value.toString())
  if (value instanceof Redirect) return redirectReply(value, context)
  if (value instanceof Attachment) return sendAttachment(value, context)
  if (value instanceof FormView) return new Reply(status, pageHeaders, value.toHtml().toString())
  if (typeof value === 'string') return new Reply(status, textHeaders, value)
  if (value instanceof Response) return context.replyOf(value) ?? fromResponse(sendable(value, context))
  if (value === undefined || value === null) {
    throw new DewarError(
      'app/answer-missing',
      `The ${by} for ${context.request.method} ${context.url.pathname} returned nothing.${by === 'middleware' ? forgotten : ''}`,
    )
  }
  if (isPlain(value)) return new Reply(status, jsonHeaders, JSON.stringify(value))
  throw new DewarError(
    'app/answer-unknown',
    `The ${by} for ${context.request.method} ${context.url.pathname} returned ${kindOf(value)}.`,
  )
}

const forgotten = ' To let the handler answer it says: return next().'

// A body that somebody has read or is reading cannot be sent, and it is better known before anything is kept.
function sendable(response: Response, context: RequestContext): Response {
  const read = response.bodyUsed || response.body?.locked === true || taken.has(response)
  if (response.status >= 200 && !read) {
    if (response.body !== null) taken.add(response)
    return response
  }
  const state = read ? 'a body that was read or sent already' : `the status ${response.status}`
  throw new DewarError(
    'app/answer-unknown',
    `The answer of ${context.request.method} ${context.url.pathname} has ${state}.`,
  )
}

// Not every runtime says of a response that its body went away with another one.
const taken = new WeakSet<Response>()

const textHeaders = ['content-type', 'text/plain; charset=utf-8', 'x-content-type-options', 'nosniff'] as const

const jsonHeaders = ['content-type', 'application/json', 'x-content-type-options', 'nosniff'] as const

function redirectReply({ to, status, kind, flash }: Redirect, context: RequestContext): Reply {
  const inside =
    kind === 'external' ? null : kind === 'back' ? (refererWithin(context) ?? context.base + to) : context.base + to
  if (flash !== null)
    context.live.flash(flash.message, flash.category, inside === null ? null : pageOf(inside, context.url))
  return new Reply(status, ['location', inside ?? to], null)
}

// The page that the visitor came from, if it is one of this app.
function refererWithin({ request, url, base }: RequestContext): string | null {
  const referer = request.headers.get('referer')
  const from = referer !== null && URL.canParse(referer) ? new URL(referer) : null
  if (from === null || from.origin !== url.origin || from.pathname.startsWith('//')) return null
  return isBelow(from.pathname, base === '' ? '/' : base) ? from.pathname + from.search : null
}

function isPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return Array.isArray(value) || prototype === Object.prototype || prototype === null
}

function kindOf(value: unknown): string {
  return typeof value === 'object' && value !== null
    ? `a ${value.constructor?.name ?? 'class'} object`
    : `a ${typeof value}`
}
