import type { Contender } from './rounds.ts'
import { type ServerProcess, startServer } from './server-process.ts'
import { whatIsWrong } from './smoke.ts'
import { makeVisitors } from './visitors.ts'
import type { CookieUse } from './wrk.ts'

const firstPort = 4610

/** A server that is left out of the measurement, and why. */
export interface LeftOut {
  name: string
  reason: string
}

/** The servers that can be measured, and the others. */
export interface Gathered {
  ready: Contender[]
  leftOut: LeftOut[]
}

/** Starts, checks and peoples the servers of these names, one after the other. None of them stops the others. */
export async function gatherContenders(names: readonly string[], cookieUse: CookieUse): Promise<Gathered> {
  const ready: Contender[] = []
  const leftOut: LeftOut[] = []
  for (const [at, name] of names.entries()) {
    const outcome = await gather(name, firstPort + at, cookieUse)
    if ('reason' in outcome) leftOut.push(outcome)
    else ready.push(outcome)
  }
  return { ready, leftOut }
}

async function gather(name: string, port: number, cookieUse: CookieUse): Promise<Contender | LeftOut> {
  let server: ServerProcess
  try {
    server = await startServer(name, port)
  } catch (error) {
    return { name, reason: `did not start: ${messageOf(error)}` }
  }
  try {
    const wrong = await whatIsWrong(port, cookieUse)
    if (wrong === undefined) return { server, visitorsFile: await makeVisitors(name, port) }
    server.stop()
    return { name, reason: `does not turn the loop: ${wrong}` }
  } catch (error) {
    server.stop()
    return { name, reason: `broke off in the check: ${messageOf(error)}` }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
