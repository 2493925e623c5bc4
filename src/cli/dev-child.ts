/**
 * The process of `dewar dev` that has the app, as `bin.ts` is the command line. It listens nowhere: the process that
 * started it hands it connections, and tells it what to do (`dev-told.ts`).
 */
import module from 'node:module'
import type { Socket } from 'node:net'
import type { AnyDewar } from '../app/dewar.ts'
import { houseOf } from '../app/dewar.ts'
import type { Watcher } from '../app/watching.ts'
import { inspectorInFront } from '../inspector/inspector.ts'
import { type HandedServer, serveHanded } from '../node/serve-handed.ts'
import { appThatFails } from './dev-failure.ts'
import { type Front, frontAround } from './dev-front.ts'
import { loadAhead, tellLoaded } from './dev-loaded.ts'
import { isTold, type Order, type Report } from './dev-told.ts'
import { lineOf, Refused } from './failure.ts'
import { loadToServe } from './order.ts'

let server: HandedServer | null = null
let front: Front | null = null

process.on('message', (message: unknown, connection: Socket | undefined) => {
  if (isTold(message)) void obey(message as Order, connection) // it is sent nothing else
})
process.on('disconnect', () => process.exit(0)) // who started this one is gone
process.on('SIGINT', () => {}) // Ctrl-C comes to all processes of a terminal; it is told to stop
process.stdout.on('error', () => {}) // nobody reads what it says any more
process.stderr.on('error', () => {})

async function obey(order: Order, connection: Socket | undefined): Promise<void> {
  switch (order.dewar) {
    case 'warm':
      return warm(order.modules)
    case 'load':
      return load(order)
    case 'show':
      return serveFailure(new Refused(order.sentence), order)
    case 'connection':
      tell({ dewar: 'taken', id: order.id })
      if (server === null) connection?.destroy()
      else if (connection !== undefined) server.take(connection) // its client may be gone
      return
    case 'refresh':
      front?.refresh(order.run)
      return
    case 'stop':
      front?.end()
      await server?.stop(order.graceSeconds)
      process.exit(0)
  }
}

// The first TypeScript that a process loads takes it a tenth of a second more than the second.
async function warm(modules: readonly string[]): Promise<void> {
  if (/\.[cm]?ts$/.test(process.argv[2] ?? '')) module.stripTypeScriptTypes?.('')
  await loadAhead(modules, tell)
}

async function load({ file, run }: Extract<Order, { readonly dewar: 'load' }>): Promise<void> {
  tellLoaded(tell)
  tell({ dewar: 'loading' })
  try {
    const app = await loadToServe({ file }).finally(() => tell({ dewar: 'loaded' }))
    await serveBehindFront(app, inspectorInFront(app), run)
    tell({ dewar: 'serving', failure: null })
  } catch (error) {
    await serveFailure(error, { run })
  }
}

async function serveFailure(error: unknown, { run }: { readonly run: string }): Promise<void> {
  const { app, watcher } = appThatFails(error)
  await serveBehindFront(app, watcher, run)
  tell({ dewar: 'serving', failure: lineOf(error) })
}

async function serveBehindFront(app: AnyDewar, behind: Watcher, run: string): Promise<void> {
  front = frontAround(behind, { run, terminal: process.stdout })
  const { watching } = houseOf(app).config
  if (watching === null) console.warn('The app says env: production, so its pages show nothing of dewar dev.')
  else watching.watcher = front.watcher
  server = await serveHanded(app)
}

function tell(report: Report): void {
  process.send?.(report, undefined, undefined, () => {}) // when nobody hears it, this process ends
}
