import type { Received } from './house.ts'
import { Reply } from './reply.ts'

/** The header by which the script of an upload asks to be told of a redirect. */
export const redirectHeader = 'dewar-redirect'

// Those after which a browser asks for the target by GET.
const statuses: ReadonlySet<number> = new Set([301, 302, 303])

/**
 * A redirect as a script can see it: 204 with the same Location. A script that sends a form follows a redirect before it
 * is told of it: it would take the flash messages of the target, lose the fragment, and fail where the target is of
 * another site. Only who asks for it (`Dewar-Redirect: told`) gets it. Other replies stay as they are.
 * Fetch §4.4
 */
export function spellRedirect({ request, base }: Received, reply: Reply): Reply {
  if (!statuses.has(reply.status) || reply.header('location') === undefined) return reply
  if (base !== '' || request.headers.get(redirectHeader) !== 'told') return reply // an app around this one looks at it first
  if (reply.body instanceof ReadableStream) reply.body.cancel().catch(() => {}) // nobody reads it
  const kept = reply.headers.filter((_, at) => !reply.headers[at - (at % 2)]?.startsWith('content-'))
  return new Reply(204, kept, null)
}
