import { currentEnvironment } from '../app/environment.ts'
import { logServer } from '../app/log.ts'
import type { Host } from './command.ts'
import { Crew } from './crew.ts'
import { Refused } from './failure.ts'
import { prepareHiring } from './hire.ts'
import type { Order } from './order.ts'
import { untilSignal } from './until-signal.ts'

interface Workers {
  readonly count: number
  /** The process that starts them. */
  readonly host: Host
}

/**
 * Serves what is ordered in so many processes. Is done when a signal has stopped them all. Rejects with `Refused` if
 * the first of them serves nothing, and if one ended before its requests were answered.
 */
export async function serveByWorkers(order: Order, { count, host }: Workers): Promise<void> {
  process.stderr.on('error', () => {}) // when nobody reads the log, the workers serve all the same
  prepareHiring(order)
  const crew = new Crew()
  const asked = untilSignal(() => crew.kill())
  const signal = await Promise.race([begin(crew, { count, host }), asked]).then(() => asked)
  const env = currentEnvironment()
  logServer(env, { event: 'stopping', level: 'info', sentence: `stopping: ${signal}`, facts: { signal } })
  const lost = await crew.stop()
  logServer(env, { event: 'stopped', level: 'info', sentence: 'stopped', facts: {} })
  if (lost > 0) throw new Refused(`${lost} of the workers ended before all their requests were answered.`)
}

async function begin(crew: Crew, { count, host }: Workers): Promise<void> {
  const url = await crew.start(count)
  host.handOver()
  logServer(currentEnvironment(), {
    event: 'listening',
    level: 'info',
    sentence: `listening on ${url} with ${count} workers`,
    facts: { url, workers: count },
  })
}
