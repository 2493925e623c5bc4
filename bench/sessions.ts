/**
 * Measures what a session in SQLite costs a request: against the least that it can cost, and in files with 1,000 to
 * 1,000,000 sessions. Prints tables and writes results/sessions.json; `--quick` is for a first look, leaves the largest
 * file out and writes results/last-look.json.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { installOrExit } from './loop/dependencies.ts'
import { inWords, machineOrExit } from './loop/machine.ts'
import type { Window } from './loop/rounds.ts'
import { type Summary, summarise, table } from './loop/summary.ts'
import { connectionCount } from './loop/wrk.ts'
import type { Candidate } from './sessions/contenders.ts'
import type { Upkeep } from './sessions/upkeep.ts'

const visitorCount = 512
const strangerCount = 20_000

const { values: options } = parseArgs({ options: { quick: { type: 'boolean', default: false } } })
const plan = {
  get: { rounds: options.quick ? 3 : 8, warmUpSeconds: options.quick ? 3 : 6, windowSeconds: options.quick ? 1 : 2 },
  post: { rounds: options.quick ? 2 : 6, warmUpSeconds: options.quick ? 2 : 4, windowSeconds: options.quick ? 2 : 3 },
  rows: options.quick ? [1_000, 100_000] : [1_000, 100_000, 1_000_000],
}
const caution = `Do not conclude: anything from differences under 15 % (shared machine), or from a row marked (!); how long a visitor waits, least of all
for a POST (the disk decides); what happens when the file is not in the memory of the system. The floor keeps nothing of what Dewar promises.`

const startedAtMs = Date.now()
const machine = machineOrExit()
installOrExit()
const { fillForDewar, fillForFloor, sizeOf } = await import('./sessions/files.ts')
const { gather } = await import('./sessions/contenders.ts')
const { measureRounds } = await import('./sessions/rounds.ts')
const { measureUpkeep } = await import('./sessions/upkeep.ts')

const folder = mkdtempSync(join(tmpdir(), 'dewar-bench-sessions-'))
process.once('exit', () => rmSync(folder, { recursive: true }))
const loadAverages = [loadavg()[0] ?? 0]
console.error('Filling the files ...')
const candidates = plan.rows.flatMap(candidatesWith)
const files = plan.rows.map((rows) => ({ rows, bytes: sizeOf(dewarFile(rows)) }))
console.error('Starting and checking the servers ...')
const contenders = await gather(candidates, folder)
console.error(`Measuring GET on ${contenders.length} servers, ${plan.get.rounds} rounds ...`)
const gets = await measureRounds(contenders, 'GET', plan.get)
console.error(`Measuring POST, ${plan.post.rounds} rounds ...`)
const writers = contenders.filter(({ name }) => plan.rows.some((rows) => name === `dewar-${rows}`))
const posts = await measureRounds(writers, 'POST', plan.post)
for (const { server } of contenders) server.stop()
const largest = plan.rows.at(-1) ?? 0
console.error('Listing and sweeping ...')
const upkeep = await measureUpkeep(dewarFile(largest), largest, 100)
loadAverages.push(loadavg()[0] ?? 0)
report()
process.exit()

function dewarFile(rows: number): string {
  return join(folder, `dewar-${rows}.db`)
}

// The floor, Dewar, and with the smallest file also the sealed cookie; in the middle one also many more visitors.
function candidatesWith(rows: number): readonly Candidate[] {
  const file = dewarFile(rows)
  const floorFile = join(folder, `floor-${rows}.db`)
  const everybody = fillForDewar(file, rows, 1 + (rows === 100_000 ? strangerCount : visitorCount))
  fillForFloor(floorFile, file)
  const known = everybody.slice(0, 1 + visitorCount)
  const floor: Candidate = { name: `floor-${rows}`, kind: 'floor', file: floorFile, known }
  const dewar: Candidate = { name: `dewar-${rows}`, kind: 'sqlite', file, known }
  if (rows === 1_000) return [floor, dewar, { name: `dewar-${rows}-sealed`, kind: 'sealed', file: '', known }]
  if (rows === 100_000) return [floor, dewar, { ...dewar, name: `dewar-${rows}-strangers`, known: everybody }]
  return [floor, dewar]
}

function compared(windows: ReadonlyMap<string, readonly Window[]>, unit: string, names: RegExp): readonly Summary[] {
  return summarise(new Map([...windows].filter(([name]) => names.test(name))), unit)
}

function report(): void {
  const comparisons = {
    getToFloor: plan.rows.map((rows) => compared(gets, `floor-${rows}`, new RegExp(`-${rows}(-|$)`))),
    getByRows: compared(gets, 'dewar-1000', /^dewar-\d+$/),
    floorByRows: compared(gets, 'floor-1000', /^floor-\d+$/),
    postByRows: compared(posts, 'dewar-1000', /^dewar-\d+$/),
  }
  for (const rows of comparisons.getToFloor) console.log(`\nGET, to the floor with as many rows\n\n${table(rows)}`)
  console.log(`\nGET, by rows\n\n${table(comparisons.getByRows, '1,000 rows = 1')}`)
  console.log(`\n${table(comparisons.floorByRows, '1,000 rows = 1')}`)
  console.log(`\nPOST that writes, by rows\n\n${table(comparisons.postByRows, '1,000 rows = 1')}\n`)
  for (const { rows, bytes } of files) console.log(`File with ${rows} sessions: ${(bytes / 1e6).toFixed(1)} MB.`)
  console.log(
    `${upkeepInWords(upkeep)}\n${inWords(machine)} Load average ${loadAverages.map(oneDigit).join(', then ')}.`,
  )
  console.log(`${method()}\n${caution}\nTook ${Math.round((Date.now() - startedAtMs) / 1000)} s.`)
  const measuredAt = new Date(startedAtMs).toISOString()
  const result = { measuredAt, machine, loadAverages, plan, method: method(), files, upkeep, ...comparisons }
  const file = options.quick ? 'results/last-look.json' : 'results/sessions.json'
  writeFileSync(new URL(file, import.meta.url), `${JSON.stringify(result, null, 2)}\n`)
}

function upkeepInWords({ rows, sweepMs, sweepMsHighest, listMs, listMsHighest }: Upkeep): string {
  const times = (middle: number, highest: number): string =>
    `${middle.toFixed(2)} ms (at most ${highest.toFixed(1)} ms)`
  return `With ${rows} rows: one slice of sweeping ${times(sweepMs, sweepMsHighest)}, the list of a user ${times(listMs, listMsHighest)}.`
}

function oneDigit(value: number): string {
  return value.toFixed(1)
}

function method(): string {
  return (
    `Method: ${visitorCount} visitors taken by chance among the sessions of a file, each request by one of them taken by chance (strangers: ` +
    `${strangerCount}); ${connectionCount} connections; GET: ${plan.get.rounds} rounds, interleaved, each window ${plan.get.windowSeconds} s after 1 s that does not count, after ` +
    `${plan.get.warmUpSeconds} s of warm-up; then POST: ${plan.post.rounds} rounds, ${plan.post.windowSeconds} s, ${plan.post.warmUpSeconds} s; processor time of the ` +
    'server process (user and system, all threads) by request; medians; ratio and spread against the first row in the same round.'
  )
}
