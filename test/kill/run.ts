import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { plainVariables } from '../conformance/started.ts'
import { AppProcess } from './app-process.ts'
import { audit, type Findings } from './audit.ts'
import { Dice } from './dice.ts'
import { inTurn } from './in-turn.ts'
import { type Killer, startKiller } from './killer.ts'
import type { Durability, Place } from './places.ts'
import { quietPorts } from './ports.ts'
import { Tally } from './tally.ts'
import { type Visit, visit } from './visit.ts'

/** What is to be run. */
export interface Plan {
  readonly submissions: number
  readonly processes: number
  readonly seed: number
  readonly durability: Durability
  /** After this nothing is killed any more and no visitor begins: those who are at it finish in peace. Default: when all is done. */
  readonly mostSeconds?: number
  /** After this nothing is killed any more, and all the rest is done in peace. Default: when all is done. */
  readonly killSeconds?: number
  /** Told now and then how far it is. */
  progress(line: string): void
}

/** What a run came to. */
export interface Report extends Findings {
  readonly store: Place['name']
  /** How many there were. */
  readonly submissions: number
  readonly tally: Tally
  readonly kills: number
  readonly killsWhileStarting: number
  /** How often a process ended by itself. */
  readonly failedStarts: number
  readonly seconds: number
}

/** Most payments of one visitor. */
const mostPayments = 10
/** For how long nothing may be answered before a run is given up. */
const patienceMs = 120_000

/** Has visitors pay at the processes of the app while these are killed, and compares what they were told with what there is. */
export async function run(place: Place, plan: Plan): Promise<Report> {
  const folder = await mkdtemp(join(tmpdir(), 'dewar-kill-'))
  const open = await place.open(plan.durability)
  let processes: readonly AppProcess[] = []
  try {
    const dice = new Dice(plan.seed)
    const variables = {
      DEWAR_STORE: open.address,
      DEWAR_SECRET: plainVariables.DEWAR_SECRET ?? '',
      DEWAR_ENV: 'production',
      UPLOAD_DIR: folder,
      NODE_COMPILE_CACHE: join(folder, 'compiled'), // it starts in half the time
    }
    const ports = await quietPorts(plan.processes, dice)
    const [first, ...others] = ports.map((port) => new AppProcess(port, variables))
    if (first === undefined) throw new Error('A run needs a process.')
    processes = [first, ...others]
    await writeCompileCache(first, variables)
    const report = await runOn([first, ...others], { place, plan, dice })
    const codes = await Promise.all(processes.map((each) => each.stop()))
    if (codes.some((code) => code !== 0)) throw new Error(`The processes ended with ${codes.join()}.`)
    await open.check()
    return report
  } finally {
    await Promise.all(processes.map((each) => each.stop()))
    await open.close()
    await rm(folder, { recursive: true, force: true })
  }
}

// A process writes it when it ends in good order, and not when it is killed.
async function writeCompileCache({ origin }: AppProcess, variables: Record<string, string>): Promise<void> {
  const one = new AppProcess(Number(new URL(origin).port), variables)
  one.start()
  await one.untilListening()
  await one.stop()
}

async function runOn(
  processes: readonly [AppProcess, ...AppProcess[]],
  { place, plan, dice }: { readonly place: Place; readonly plan: Plan; readonly dice: Dice },
): Promise<Report> {
  const [first, ...others] = processes
  const origins = [first.origin, ...others.map(({ origin }) => origin)] as const
  const tally = new Tally()
  for (const each of processes) each.start()
  await Promise.all(processes.map((each) => each.untilListening()))
  const beginMs = performance.now()
  const killer = startKiller(processes, dice.for(0))
  const visits: Visit[] = []
  const sizes = sizesOf(plan.submissions)
  const mostMs = (plan.mostSeconds ?? Number.POSITIVE_INFINITY) * 1000
  const working = inTurn(sizes, async (payments, at) => {
    if (performance.now() - beginMs > mostMs) return
    visits.push(await visit({ processes, tally }, dice.for(at + 1), payments))
  })
  const killMs = (plan.killSeconds ?? plan.mostSeconds ?? 0) * 1000
  const rest = killMs === 0 ? undefined : setTimeout(() => killer.stop(), killMs)
  await whileWatched(working, { plan, tally, killer, place, processes })
  clearTimeout(rest)
  const seconds = (performance.now() - beginMs) / 1000
  await Promise.all(processes.map((each) => each.untilListening()))
  const { kills, killsWhileStarting } = killer
  const failedStarts = processes.reduce((sum, each) => sum + each.failedStarts, 0)
  const submissions = visits.reduce((sum, { submitted }) => sum + submitted.length, 0)
  const counted = { store: place.name, submissions, tally, kills, killsWhileStarting, failedStarts }
  return { ...counted, seconds, ...(await audit(origins, visits)) }
}

function sizesOf(submissions: number): readonly number[] {
  const visitors = Math.ceil(submissions / mostPayments)
  return Array.from({ length: visitors }, (_, at) => Math.min(mostPayments, submissions - at * mostPayments))
}

async function whileWatched(
  working: Promise<void>,
  {
    plan,
    tally,
    killer,
    place,
    processes,
  }: {
    readonly plan: Plan
    readonly tally: Tally
    readonly killer: Killer
    readonly place: Place
    readonly processes: readonly AppProcess[]
  },
): Promise<void> {
  const { promise: givenUp, reject } = Promise.withResolvers<never>()
  const timer = setInterval(() => {
    const { acknowledged, sent, stillMs } = tally
    const done = `${acknowledged} of ${plan.submissions} submissions acknowledged`
    plan.progress(`${place.name}: ${done}, ${sent} sent, ${killer.kills} kills`)
    if (stillMs < patienceMs) return
    reject(new Error(`Nothing was answered for two minutes:\n${processes.map(({ said }) => said).join('\n')}`))
  }, 5000)
  try {
    await Promise.race([working, givenUp])
  } finally {
    clearInterval(timer)
    await killer.stop()
  }
}
