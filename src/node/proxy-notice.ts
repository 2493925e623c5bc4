import type { IncomingMessage } from 'node:http'
import { logNotice } from '../app/log.ts'

/** Says once, in development, that a proxy is in front whose word nobody takes. For a server that trusts none. */
export class ProxyNotice {
  #isSaid = false

  look({ headers, socket }: IncomingMessage): void {
    if (this.#isSaid || headers['x-forwarded-for'] === undefined) return
    this.#isSaid = true
    const from = socket.remoteAddress ?? 'an unknown address'
    logNotice(
      `A request came from ${from} with X-Forwarded-For, and no proxy is trusted: addresses, https and the host are taken from \
the connection. If that is your proxy, say so: serve(app, { trustProxy: ['${from}'] }).`,
    )
  }
}
