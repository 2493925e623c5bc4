import type { SessionEnd } from '../session/cookie-keeper.ts'
import { forwardFlashes } from '../session/flashes.ts'
import { failureOf } from './failure.ts'
import { logError } from './log.ts'
import type { Reply } from './reply.ts'
import type { Answered } from './stations.ts'
import { validate } from './validator.ts'

/**
 * Keeps what was done to the session, and only then lets the answer go. A handler that threw or answered 5xx has
 * changed nothing. A session that cannot be kept makes the answer a 500: never the redirect.
 */
export async function commit(answered: Answered): Promise<Reply> {
  const { live, context, reply, outcome } = answered
  try {
    if (outcome === 'failed') return dress(answered, reply)
    const end = endSession(answered)
    if (end.kind !== 'keep') reply.headers.push('set-cookie', end.setCookie)
    for (const cookie of context.setCookies) reply.headers.push('set-cookie', cookie)
    return await validate(context.request, dress(answered, reply), { personal: isPersonal(answered) })
  } catch (error) {
    const { config, received } = answered
    logError(config.env, error, context)
    return dress(answered, failureOf({ request: received.request, url: received.url, env: config.env }, error))
  } finally {
    live.leave()
  }
}

function endSession({ live, context, reply, arrival, config, received }: Answered): SessionEnd {
  const location = reply.status >= 300 && reply.status < 400 ? reply.header('location') : undefined
  if (location !== undefined && (live.touched || arrival.cookie !== undefined)) {
    forwardFlashes(live, context.page, () => pageOf(location, received.url))
  }
  return config.keeper.end(arrival, live)
}

function pageOf(location: string, from: URL): string | null {
  const to = URL.canParse(location, from.href) ? new URL(location, from.href) : null
  return to === null || to.origin !== from.origin ? null : to.pathname + to.search
}

function isPersonal({ live, context }: Answered): boolean {
  return live.touched || context.showsForm || context.usesCookies
}

// A page that depends on its visitor is for this browser alone, and is asked for again before it is shown again.
// Not so a page with a form on Back: `Vary: Cookie` would make the browser fetch it anew, and the text typed is gone.
function dress(answered: Answered, reply: Reply): Reply {
  if (!isPersonal(answered)) return reply
  if (!reply.header('cache-control')?.includes('no-store')) reply.setHeader('cache-control', 'private, no-cache')
  if (!answered.context.showsForm) addVary(reply, 'Cookie')
  return reply
}

function addVary(reply: Reply, name: string): void {
  const vary = reply.header('vary')
  if (vary === undefined) reply.headers.push('vary', name)
  else if (
    !vary
      .toLowerCase()
      .split(/\s*,\s*/)
      .includes(name.toLowerCase())
  )
    reply.setHeader('vary', `${vary}, ${name}`)
}
