import { currentEnvironment } from '../app/environment.ts'
import { logServer, type ServerLine } from '../app/log.ts'
import type { Host } from './command.ts'
import { type Order, serveOrder } from './order.ts'
import { untilSignal } from './until-signal.ts'

/** Serves what is ordered in this process, and says so. Is done when a signal has stopped it. */
export async function serveAlone(order: Order, host: Host): Promise<void> {
  const server = await serveOrder(order)
  host.handOver()
  const asked = untilSignal()
  const { url } = server
  say({ event: 'listening', sentence: `listening on ${url}`, facts: { url } })
  const signal = await asked
  say({ event: 'stopping', sentence: `stopping: ${signal}`, facts: { signal } })
  await server.stop()
  say({ event: 'stopped', sentence: 'stopped', facts: {} })
}

function say(line: Omit<ServerLine, 'level'>): void {
  logServer(currentEnvironment(), { level: 'info', ...line })
}
