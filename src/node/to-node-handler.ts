import type { IncomingMessage, ServerResponse } from 'node:http'
import { toNodeHandler as toSrvxHandler } from 'srvx/node'
import type { Dewar } from '../app/dewar.ts'
import { handle } from './handle.ts'
import { readTrustProxy, type TrustProxy } from './serve.ts'

/** A handler for a server that somebody else runs. */
export type NodeHandler = (request: IncomingMessage, response: ServerResponse) => void

/**
 * An app as a handler for `node:http`, Express or Fastify: `http.createServer(toNodeHandler(app))`.
 * Let nothing read the body before it.
 */
export function toNodeHandler(
  app: Dewar<object>,
  { trustProxy }: { readonly trustProxy?: TrustProxy } = {},
): NodeHandler {
  // srvx types its handler for HTTP/2 requests as well, of which it needs no more than it finds in these.
  return toSrvxHandler((request) => handle(app, request), readTrustProxy(trustProxy)) as NodeHandler
}
