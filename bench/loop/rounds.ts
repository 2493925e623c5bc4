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
  /** Load on each server before the first round, so that its code is compiled when measuring begins. */
  compileSeconds: number
  /** Load before each window; 0 for none. */
  warmUpSeconds: number
  windowSeconds: number
  cookieUse: CookieUse
}

/**
 * Measures A B C, A B C, ...: slow minutes of the machine meet all servers alike. Each server is warmed up once before
 * the first round, for the compiler's threads run on the server's core and are counted with it. Processor time is read
 * at the two edges of a window.
 */
export async function measureRounds(contenders: readonly Contender[], plan: Plan): Promise<Map<string, Window[]>> {
  const windows = new Map<string, Window[]>(contenders.map(({ server }) => [server.name, []]))
  for (const contender of contenders) await warmUp(contender, plan, plan.compileSeconds)
  for (let round = 0; round < plan.rounds; round++) {
    for (const contender of contenders) {
      windows.get(contender.server.name)?.push(await measureWindow(contender, plan, round))
    }
  }
  return windows
}

async function warmUp({ server, visitorsFile }: Contender, { cookieUse }: Plan, seconds: number): Promise<void> {
  if (seconds > 0) await runLoad({ port: server.port, visitorsFile, cookieUse, seconds, word: 'Warm' })
}

async function measureWindow(contender: Contender, plan: Plan, round: number): Promise<Window> {
  const { server, visitorsFile } = contender
  const load = { port: server.port, visitorsFile, cookieUse: plan.cookieUse }
  await warmUp(contender, plan, plan.warmUpSeconds)
  const before = server.cpuUs()
  const report = await runLoad({ ...load, seconds: plan.windowSeconds, word: `Ann ${round}` })
  return { cpuUsPerRequest: (server.cpuUs() - before) / report.requests, load: report }
}
