import { normalPath } from '../routing/path.ts'
import { refusal, viewerOf } from './failure.ts'
import type { House, Received, Target } from './house.ts'
import { Reply } from './reply.ts'
import type { Routed } from './stations.ts'
import { statusPath } from './status-page.ts'

/**
 * Finds the route. An unknown path goes on to the app's own page for it, middleware included; a known path asked
 * with another method leaves with 405 and the exact Allow, OPTIONS with 204.  RFC 9110 §9.3.7, §15.5.6
 */
export function route({ config, routes, notFound }: House, received: Received): Routed | Reply {
  const full = normalPath(received.url.pathname)
  const view = viewerOf({ received, config })
  if (full === null) return refusal(view, { code: 'request/path-malformed' })
  const path = full.slice(received.base.length) || '/'
  if (path === statusPath && isSafe(received.request.method)) {
    return { received, config, routes, path, params: {}, target: { kind: 'status', rules: noRules(config) } }
  }
  const match = routes.match(received.request.method, path)
  switch (match.kind) {
    case 'found':
      return { received, config, routes, path, params: match.params, target: match.target }
    case 'method':
      if (received.request.method === 'OPTIONS') return new Reply(204, ['allow', match.allow], null)
      return refusal(view, {
        status: 405,
        headers: ['allow', match.allow],
        detail: `${received.request.method} ${path} has no route; this path answers ${match.allow}.`,
      })
    case 'missing':
      if (!isSafe(received.request.method)) return refusal(view, { status: 404 })
      return {
        received,
        config,
        routes,
        path,
        params: {},
        target: { kind: 'missing', handler: notFound, rules: noRules(config) },
      }
  }
}

function isSafe(method: string): boolean {
  return method === 'GET' || method === 'HEAD'
}

function noRules({ limits }: House['config']): Target['rules'] {
  return { limits, guard: null, once: null }
}
