import type { Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type AnyDewar, houseOf, prepare } from '../app/dewar.ts'
import { currentEnvironment, environmentVariable } from '../app/environment.ts'
import { log } from '../app/log.ts'
import { DewarError } from '../errors/dewar-error.ts'
import { refuseUnknown } from '../errors/refuse-options.ts'
import type { HandlerSettings } from './handle.ts'
import { createHttpServer } from './http-server.ts'
import { noteServed } from './served-apps.ts'
import { stopOnSignals } from './signals.ts'
import { stopGracefully } from './stop.ts'
import { readTimeouts, type Timeouts } from './timeouts.ts'
import { readTrustProxy, type Trust, type TrustProxy } from './trust-proxy.ts'
import { surviveUncaught } from './uncaught.ts'

/** How an app is served. */
export interface ServeOptions {
  /** Port to listen on; 0 takes a free one. Default: PORT, else 3000. */
  readonly port?: number
  /** Address to listen on; `0.0.0.0` for all, as in a container. Default: HOST, else 127.0.0.1: this machine alone. */
  readonly host?: string
  /** Default false: nobody in front is believed. */
  readonly trustProxy?: TrustProxy
  /** How long clients are waited for. */
  readonly timeouts?: Partial<Timeouts>
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

/**
 * Serves an app on Node, or on Bun and Deno by their `node:http`, and says its address. Rejects if the port cannot be had.
 *
 * While it runs, an error that nobody catches, as in a timer or a promise that nobody awaits, is logged (`uncaught`) and
 * the process lives: one request cannot end those of others. This begins when the server listens and ends when the last
 * one has stopped; before and after, such an error ends the process as usual. It cannot help against what ends a process
 * otherwise: `process.exit`, memory that runs out, a loop without end. What the failed code left half done stays so.
 */
export async function serve(app: AnyDewar, options: ServeOptions = {}): Promise<Server> {
  const settings = readServeOptions(options)
  houseOf(app) // throws for what is no app
  noteServed(app)
  let isStopping = false
  const { server, connections } = createHttpServer(app, { ...settings, isStopping: () => isStopping })
  await prepare(app)
  const { address, port } = await listen(server, settings)
  const url = `http://${address.includes(':') ? `[${address}]` : address}:${port}`
  const releaseUncaught = surviveUncaught()
  let stopped: Promise<void> | undefined
  const stop = (): Promise<void> => {
    isStopping = true
    stopped ??= stopGracefully(server, connections, settings.graceSeconds).then(() => {
      releaseSignals()
      releaseUncaught()
    })
    return stopped
  }
  const releaseSignals = options.stopOnSignals === false ? () => {} : stopOnSignals(stop)
  if (options.quiet !== true) console.log(`listening on ${url}`)
  return { url, port, stop }
}

interface Settings extends Pick<HandlerSettings, 'trust'> {
  readonly port: number
  readonly host: string
  readonly timeouts: Timeouts
  readonly graceSeconds: number
}

function readServeOptions(options: ServeOptions): Settings {
  refuseUnknown('serve', options, optionNames)
  const trust: Trust = readTrustProxy(options.trustProxy)
  return {
    trust,
    timeouts: readTimeouts(options.timeouts),
    port: readPort(options.port),
    host: readHost(options.host),
    graceSeconds: readGrace(options.graceSeconds ?? 30),
  }
}

const optionNames = ['port', 'host', 'trustProxy', 'timeouts', 'graceSeconds', 'stopOnSignals', 'quiet'] as const

function listen(server: HttpServer, where: { readonly port: number; readonly host: string }): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port: where.port, host: where.host }, () => {
      server.off('error', reject)
      server.on('error', (error) => log(currentEnvironment(), { event: 'connection-refused', error }))
      // A server that listens on a port has an address with a port.
      resolve(server.address() as AddressInfo)
    })
  })
}

/** The port to listen on: the one that is given, else PORT, else 3000. Throws `app/option-invalid`. */
export function readPort(given: number | undefined): number {
  const port = given ?? Number(environmentVariable('PORT') ?? 3000)
  if (Number.isInteger(port) && port >= 0 && port <= 65535) return port
  throw new DewarError(
    'app/option-invalid',
    `The port is ${JSON.stringify(given ?? environmentVariable('PORT'))}; it must be a whole number from 0 to 65535.`,
  )
}

function readHost(given: string | undefined): string {
  const host: unknown = given ?? environmentVariable('HOST') ?? '127.0.0.1'
  if (typeof host === 'string' && host !== '') return host
  throw new DewarError('app/option-invalid', `The host is ${JSON.stringify(host)}; it takes an address, as "0.0.0.0".`)
}

function readGrace(seconds: number): number {
  if (typeof seconds === 'number' && seconds >= 0 && seconds <= 1_000_000) return seconds
  throw new DewarError(
    'app/option-invalid',
    `graceSeconds is ${String(seconds)}; it must be a number from 0 to 1000000.`,
  )
}
