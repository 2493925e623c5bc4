/** One of the processes of `dewar start --workers`, as `bin.ts` is the command line. Its order is its first argument. */
import { lineOf } from './failure.ts'
import { type Order, serveOrderAmongOthers } from './order.ts'
import type { Report } from './report.ts'

const order: Order = JSON.parse(process.argv[2] ?? '') // written by the process that started this one

process.on('uncaughtException', fail)
try {
  const { server, stores } = await serveOrderAmongOthers(order)
  process.off('uncaughtException', fail)
  // A signal may come twice: to all processes of a terminal, and by way of the one that started this one.
  const stop = (): void => void server.stop().then(() => process.exit(0))
  process.on('SIGTERM', stop).on('SIGINT', stop)
  report({ kind: 'listening', url: server.url, stores: await stores })
} catch (error) {
  fail(error)
}

function fail(error: unknown): void {
  report({ kind: 'failed', sentence: lineOf(error) }, () => process.exit(1))
}

function report(what: Report, then: () => void = () => {}): void {
  process.send?.(what, undefined, undefined, then)
}
