import { type AnyDewar, houseOf } from '../app/dewar.ts'
import { refuseUnknown } from '../errors/refuse-options.ts'
import { handlersOf, type NodeHandler } from './handle.ts'
import { type ExchangeTimeouts, readExchangeTimeouts } from './timeouts.ts'
import { readTrustProxy, type TrustProxy } from './trust-proxy.ts'

/** How an app is put behind a server that somebody else runs. */
export interface NodeHandlerOptions {
  /** Default false: nobody in front is believed. */
  readonly trustProxy?: TrustProxy
  /** How long clients are waited for, once the head of a request is there. */
  readonly timeouts?: Partial<ExchangeTimeouts>
}

/**
 * An app as a handler for a server that somebody else runs, `node:http`, Express or Fastify:
 * `http.createServer(toNodeHandler(app))`. Let nothing read the body before it. What concerns heads, connections and the
 * process is that server's: its `headersTimeout`, `maxHeaderSize` and `requestTimeout` hold, it says `100 Continue` itself, and an
 * error that nobody catches ends the process as usual.
 */
export function toNodeHandler(app: AnyDewar, options: NodeHandlerOptions = {}): NodeHandler {
  refuseUnknown('toNodeHandler', options, ['trustProxy', 'timeouts'])
  houseOf(app) // throws for what is no app
  const trust = readTrustProxy(options.trustProxy)
  return handlersOf(app, { trust, timeouts: readExchangeTimeouts(options.timeouts), isStopping: () => false }).onRequest
}
