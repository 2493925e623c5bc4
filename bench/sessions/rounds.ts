import type { Window } from '../loop/rounds.ts'
import { runScript } from '../loop/wrk.ts'
import type { Contender } from './contenders.ts'

export type Method = 'GET' | 'POST'

export interface Pace {
  readonly rounds: number
  /** Load on each server before the first round, so that its code is compiled and every visitor has come. */
  readonly warmUpSeconds: number
  readonly windowSeconds: number
}

// While others are measured, Node throws away code that it has compiled.
const wakeUpSeconds = 1

/**
 * Measures A B C, A B C, ...: slow minutes of the machine meet all servers alike. Each window comes after a second of load
 * that does not count.
 */
export async function measureRounds(
  contenders: readonly Contender[],
  method: Method,
  { rounds, warmUpSeconds, windowSeconds }: Pace,
): Promise<Map<string, Window[]>> {
  const windows = new Map<string, Window[]>(contenders.map(({ name }) => [name, []]))
  for (const contender of contenders) await measureWindow(contender, method, warmUpSeconds, 0)
  for (let round = 1; round <= rounds; round++) {
    for (const contender of contenders) {
      await measureWindow(contender, method, wakeUpSeconds, round)
      windows.get(contender.name)?.push(await measureWindow(contender, method, windowSeconds, round))
    }
  }
  return windows
}

async function measureWindow(
  { server, visitorsFile }: Contender,
  method: Method,
  seconds: number,
  round: number,
): Promise<Window> {
  const script = { script: new URL('sessions.lua', import.meta.url), port: server.port, seconds }
  const before = server.cpuUs()
  const load = await runScript(script, [visitorsFile, method, String(round)])
  return { cpuUsPerRequest: (server.cpuUs() - before) / load.requests, load }
}
