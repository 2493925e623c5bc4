import type { Dewar } from '../app/dewar.ts'
import { handlerOf, type NodeHandler } from './handle.ts'
import { readTrustProxy, type TrustProxy } from './trust-proxy.ts'

/**
 * An app as a handler for a server that somebody else runs, `node:http`, Express or Fastify:
 * `http.createServer(toNodeHandler(app))`. Let nothing read the body before it.
 */
export function toNodeHandler(app: Dewar<object>, options: { readonly trustProxy?: TrustProxy } = {}): NodeHandler {
  return handlerOf(app, readTrustProxy(options.trustProxy))
}
