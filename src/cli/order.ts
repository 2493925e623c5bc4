import type { AnyDewar } from '../app/dewar.ts'
import { isSecretOfThisProcess } from '../app/options.ts'
import { storesOf } from '../app/stores-of.ts'
import { systemClock } from '../clock/clock.ts'
import { type ServeOptions, type Server, serve } from '../node/serve.ts'
import { isServed } from '../node/served-apps.ts'
import { lineOf, Refused } from './failure.ts'
import { loadApp, servesItself } from './load-app.ts'

/** What is to be served, and where. */
export interface Order extends Pick<ServeOptions, 'port' | 'host' | 'trustProxy'> {
  /** The module whose default export is the app. */
  readonly file: string
}

/** Serves what is ordered, without a word, until its `stop` is called. Rejects with `Refused`, or a fault of the app. */
export async function serveOrder(order: Order): Promise<Server> {
  return serveLoaded(await loadToServe(order), order)
}

/** A server of several. */
export interface ServedAmongOthers {
  readonly server: Server
  /** What its app's stores hold, by name: where the stores are the same, the name is. `null` if they do not say. */
  readonly stores: Promise<string | null>
}

/**
 * The same as one of several processes. Rejects with `Refused` for an app that keeps in the memory of its process what
 * the others would have to know.
 */
export async function serveOrderAmongOthers(order: Order): Promise<ServedAmongOthers> {
  const app = await loadToServe(order)
  refuseAlone(order.file, app)
  const server = await serveLoaded(app, order)
  return { server, stores: incarnationsOf(app).catch(() => null) }
}

async function incarnationsOf(app: AnyDewar): Promise<string> {
  const nowSeconds = Math.floor(systemClock.now() / 1000)
  const begun = storesOf(app).map(async (store) => (await store?.begin({ family: '', nowSeconds }))?.incarnation)
  return (await Promise.all(begun)).join()
}

/** The app of a file, for one who serves it. Rejects with `Refused`, also for a file that serves it itself. */
export async function loadToServe({ file }: Pick<Order, 'file'>): Promise<AnyDewar> {
  const app = await loadApp(file)
  if (!isServed(app)) return app
  throw servesItself(file)
}

async function serveLoaded(app: AnyDewar, { file: _, ...where }: Order): Promise<Server> {
  try {
    return await serve(app, { ...where, stopOnSignals: false, quiet: true })
  } catch (error) {
    throw explained(error)
  }
}

function refuseAlone(file: string, app: AnyDewar): void {
  const stores = storesOf(app)
  const at = stores.findIndex((store) => store === null || store.name === 'memory')
  if (at !== -1) {
    const [what, fault] = stores[at] === null ? inCookies : inMemory
    throw new Refused(
      `${at === 0 ? file : `An app that is mounted in ${file}`} keeps ${what} in the memory of its process: with several workers ${fault}. Give it a store that they share, as store: sqlite('app.db'), or start one worker.`,
    )
  }
  if (isSecretOfThisProcess()) throw new Refused('Several workers need one secret. Set DEWAR_SECRET.')
}

const inCookies = ['what was submitted', 'a form that is sent twice could be done twice'] as const
const inMemory = ['its sessions', 'each would know other visitors'] as const

/** What the system says when a server cannot listen, as `Refused`; any other error as it is.  listen(2), bind(2) */
export function explained(error: unknown): unknown {
  if (!(error instanceof Error && 'code' in error && 'syscall' in error)) return error
  const { port, address } = error as { readonly port?: number; readonly address?: string } // as Node adds them
  switch (error.code) {
    case 'EADDRINUSE':
      return new Refused(
        `Port ${port} on ${address} is in use. Stop the program that listens there, or choose another port with --port.`,
      )
    case 'EACCES':
      return new Refused(`This user may not listen on port ${port} of ${address}. Choose one above 1023 with --port.`)
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new Refused(`This machine cannot listen there: ${lineOf(error)}. Choose another address with --host.`)
    default:
      return error
  }
}
