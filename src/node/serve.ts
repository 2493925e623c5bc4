import { createServer, type Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Dewar } from '../app/dewar.ts'
import { environmentVariable } from '../app/environment.ts'
import { refuseUnknown } from '../app/options.ts'
import { DewarError } from '../errors/dewar-error.ts'
import { handlerOf } from './handle.ts'
import { stopGracefully, stopOnSignals } from './stop.ts'
import { readTrustProxy, type TrustProxy } from './trust-proxy.ts'

/** How an app is served. */
export interface ServeOptions {
  /** Port to listen on; 0 takes a free one. Default: PORT, else 3000. */
  readonly port?: number
  /** Address to listen on; `0.0.0.0` for all, as in a container. Default: HOST, else 127.0.0.1: this machine alone. */
  readonly host?: string
  /** Default false: nobody in front is believed. */
  readonly trustProxy?: TrustProxy
  /** Longest time, in seconds, that a stop waits for requests that run. Default 30. */
  readonly graceSeconds?: number
  /** Whether SIGTERM and SIGINT stop it: the first lets requests that run finish and exits 0, a second exits at once. Default true. */
  readonly stopOnSignals?: boolean
  /** Whether the line that says the address is left out. Default false. */
  readonly quiet?: boolean
}

/** An app that is being served. */
export interface Server {
  /** Its address, as `http://127.0.0.1:3000`. */
  readonly url: string
  readonly port: number
  /** Stops accepting, waits for the requests that run, and is done when the last one is. */
  stop(): Promise<void>
}

/** Serves an app on Node and says its address. Rejects if the port cannot be had. */
export async function serve(app: Dewar<object>, options: ServeOptions = {}): Promise<Server> {
  refuseUnknown('serve', options, ['port', 'host', 'trustProxy', 'graceSeconds', 'stopOnSignals', 'quiet'])
  const server = createServer(handlerOf(app, readTrustProxy(options.trustProxy)))
  const { address, port } = await listen(server, {
    port: readPort(options.port),
    host: options.host ?? environmentVariable('HOST') ?? '127.0.0.1',
  })
  const url = `http://${address.includes(':') ? `[${address}]` : address}:${port}`
  const stop = (): Promise<void> => stopGracefully(server, options.graceSeconds ?? 30)
  if (options.stopOnSignals !== false) stopOnSignals(stop)
  if (options.quiet !== true) console.log(`listening on ${url}`)
  return { url, port, stop }
}

function listen(server: HttpServer, where: { readonly port: number; readonly host: string }): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    // A server that listens on a port has an address with a port.
    server.listen(where, () => resolve(server.address() as AddressInfo))
  })
}

function readPort(given: number | undefined): number {
  const port = given ?? Number(environmentVariable('PORT') ?? 3000)
  if (Number.isInteger(port) && port >= 0 && port <= 65535) return port
  throw new DewarError(
    'app/option-invalid',
    `The port is ${JSON.stringify(given ?? environmentVariable('PORT'))}; it must be a whole number from 0 to 65535.`,
  )
}
