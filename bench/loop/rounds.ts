import type { ServerProcess } from './server-process.ts'
import { type CookieUse, type LoadReport, runLoad } from './wrk.ts'

/** A server that is up and has its 512 visitors. */
export interface Contender {
  server: ServerProcess
  visitorsFile: string
}

/** One measured window of one server. */
export interface Window {
  cpuUsPerRequest: number
  load: LoadReport
}

export interface Plan {
  rounds: number
  warmUpSeconds: number
  windowSeconds: number
  cookieUse: CookieUse
}

/**
 * Measures A B C, A B C, ...: slow minutes of the machine meet all servers alike. Every window has its own
 * warm-up before it; processor time is read at the two edges of the window.
 */
export async function measureRounds(contenders: readonly Contender[], plan: Plan): Promise<Map<string, Window[]>> {
  const windows = new Map<string, Window[]>(contenders.map(({ server }) => [server.name, []]))
  for (let round = 0; round < plan.rounds; round++) {
    for (const contender of contenders) {
      windows.get(contender.server.name)?.push(await measureWindow(contender, plan, round))
    }
  }
  return windows
}

async function measureWindow({ server, visitorsFile }: Contender, plan: Plan, round: number): Promise<Window> {
  const { port } = server
  const load = { port, visitorsFile, cookieUse: plan.cookieUse }
  await runLoad({ ...load, seconds: plan.warmUpSeconds, word: `Warm ${round}` })
  const before = server.cpuUs()
  const report = await runLoad({ ...load, seconds: plan.windowSeconds, word: `Ann ${round}` })
  return { cpuUsPerRequest: (server.cpuUs() - before) / report.requests, load: report }
}
