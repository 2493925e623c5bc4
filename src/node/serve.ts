import { serve as serveSrvx } from 'srvx'
import type { Dewar } from '../app/dewar.ts'
import { environmentVariable } from '../app/environment.ts'
import { refuseUnknown } from '../app/options.ts'
import { DewarError } from '../errors/dewar-error.ts'
import { handle } from './handle.ts'
import { stopGracefully, stopOnSignals } from './stop.ts'

/** Which proxies in front of the app may say with `X-Forwarded-*` how it was asked: none, those on this machine, or those at these addresses. */
export type TrustProxy = false | 'loopback' | readonly string[]

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
  const server = serveSrvx({
    fetch: (request) => handle(app, request),
    port: readPort(options.port),
    hostname: options.host ?? environmentVariable('HOST') ?? '127.0.0.1',
    ...readTrustProxy(options.trustProxy),
    silent: true,
    gracefulShutdown: false,
  })
  await server.ready()
  const node = server.node?.server
  const url = server.url?.replace(/\/$/, '') ?? ''
  if (node === undefined || !('closeIdleConnections' in node)) throw new Error('dewar/node serves HTTP/1 on Node.')
  const stop = () => stopGracefully(node, options.graceSeconds ?? 30)
  if (options.stopOnSignals !== false) stopOnSignals(stop)
  if (options.quiet !== true) console.log(`listening on ${url}`)
  return { url, port: Number(new URL(url).port), stop }
}

/** What srvx is told about proxies. */
export function readTrustProxy(trusted: TrustProxy | undefined): { trustProxy: false | 'loopback' | string[] } {
  if (trusted === undefined || trusted === false || trusted === 'loopback') return { trustProxy: trusted ?? false }
  if (Array.isArray(trusted) && trusted.every((address) => typeof address === 'string'))
    return { trustProxy: [...trusted] }
  throw new DewarError(
    'app/option-invalid',
    `trustProxy is ${JSON.stringify(trusted)}; it may be false, "loopback" or a list of addresses.`,
  )
}

function readPort(given: number | undefined): number {
  const port = given ?? Number(environmentVariable('PORT') ?? 3000)
  if (Number.isInteger(port) && port >= 0 && port <= 65535) return port
  throw new DewarError(
    'app/option-invalid',
    `The port is ${JSON.stringify(given ?? environmentVariable('PORT'))}; it must be a whole number from 0 to 65535.`,
  )
}
