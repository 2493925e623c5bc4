import { forwardFlashes } from '../session/flashes.ts'
import { pageOf } from './redirect.ts'
import type { Reply } from './reply.ts'
import type { RequestContext } from './request-context.ts'
import type { Opened } from './stations.ts'

/** Sends the messages of a request on to the page that its redirect leads to. */
export function forwardMessages(
  { live, arrival, opening, received }: Opened,
  context: RequestContext,
  reply: Reply,
): void {
  const location = reply.status >= 300 && reply.status < 400 ? reply.header('location') : undefined
  if (location === undefined) return
  if (!live.touched && (arrival.cookie === undefined || !opening.isAvailable)) return
  forwardFlashes(live, context.page, () => pageOf(location, received.url))
}
