/**
 * Measures what it costs to do something once on SQLite, prints tables and writes results/once.json. `--quick` is for a
 * first look, which goes to results/last-look.json. `--folder` says where the databases are to be: on a disk.
 */
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, release, totalmem } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { openCounter } from './once/counter.ts'
import { openShop } from './once/customers.ts'
import { costOf, costTable, throughputOf, throughputTable } from './once/figures.ts'
import { calls, crowds, type Measured, measureRound, type Plan, ways } from './once/rounds.ts'

const caution = `Do not conclude: anything from differences under 15 % (shared machine and disk); anything about another disk: where it is slower
the ratios of one after the other come nearer to 1, where it is faster the work of the processor weighs more; anything about memory, other
stores, several processes.`

const { values: options } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, folder: { type: 'string' } },
})
const plan: Plan = options.quick
  ? { rounds: 4, calls: 50, alone: 100, crowd: 640, requests: 40, requestCrowd: 320 }
  : { rounds: 11, calls: 100, alone: 200, crowd: 1280, requests: 60, requestCrowd: 640 }

const startedAtMs = Date.now()
const folder = mkdtempSync(join(options.folder ?? fileURLToPath(new URL('.', import.meta.url)), 'shop-'))
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
const fileSystem = fileSystemOrExit()
const counter = await openCounter(join(folder, 'counter.db'))
const shop = await openShop(join(folder, 'shop.db'))
const loadAtStart = loadavg()[0] ?? 0

await measureRound(plan, { counter, shop }) // so that the code is compiled
const rounds: Measured[] = []
while (rounds.length < plan.rounds) {
  console.error(`Round ${rounds.length + 1} of ${plan.rounds} ...`)
  rounds.push(await measureRound(plan, { counter, shop }))
}
shop.stop()
await counter.close()
report()
process.exit()

// In memory nothing waits for a disk.  statfs(2)
function fileSystemOrExit(): string {
  const names = new Map([
    [0xef53, 'ext4'],
    [0x58465342, 'xfs'],
    [0x9123683e, 'btrfs'],
    [0x01021994, 'tmpfs'],
  ])
  const { type } = statfsSync(folder)
  const name = names.get(type) ?? `0x${type.toString(16)}`
  if (name !== 'tmpfs') return name
  console.error('The databases would be in memory. Say with --folder where there is a disk.')
  process.exit(1)
}

function report(): void {
  const byCall = rounds.map((round) => round.calls)
  const byRequest = rounds.map((round) => round.requests)
  const figures = {
    calls: [
      ...calls.map((call) => costOf(byCall, call, 'insert')),
      costOf(byCall, 'orderOnce', 'threeByHand'),
      costOf(byCall, 'orderOnce', 'insertThenSave'),
    ],
    crowds: crowds.map((crowd) =>
      throughputOf(
        rounds.map((round) => round.crowds),
        crowd,
        1,
      ),
    ),
    requests: [...ways.map((way) => costOf(byRequest, way, '/plain')), costOf(byRequest, '/orders', '/saved')],
    requestCrowds: ways.map((way) =>
      throughputOf(
        rounds.map((round) => round.requestCrowds),
        way,
        '/plain',
      ),
    ),
  }
  console.log(`\nCalls of the store, one after the other\n\n${costTable(figures.calls)}`)
  console.log(`\nCalls of the store, so many in flight\n\n${throughputTable(figures.crowds)}`)
  console.log(`\nOver HTTP, one after the other\n\n${costTable(figures.requests)}`)
  console.log(`\nOver HTTP, 64 in flight\n\n${throughputTable(figures.requestCrowds)}\n`)
  const machine = machineHere()
  const { processor, cores, memoryGb, system, node, load } = machine
  const words = `${processor}, ${cores} cores, ${memoryGb} GB, ${system}, ${fileSystem}; Node ${node}; load ${load.join(' to ')}.`
  console.log(`${words}\n${method()}\n${caution}\nTook ${Math.round((Date.now() - startedAtMs) / 1000)} s.`)
  const result = { measuredAt: new Date(startedAtMs).toISOString(), machine, plan, ...figures }
  const file = options.quick ? 'results/last-look.json' : 'results/once.json'
  writeFileSync(new URL(file, import.meta.url), `${JSON.stringify(result, null, 2)}\n`)
}

function machineHere() {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${release().split('-', 1)[0]}`,
    node: process.versions.node,
    fileSystem,
    /** Processes that wanted a core, in the minute before it began and in the one before it ended. */
    load: [loadAtStart, loadavg()[0] ?? 0].map((load) => Number(load.toFixed(1))),
  }
}

function method(): string {
  return (
    `Method: SQLite in WAL with synchronous = FULL, on a disk; ${plan.rounds} rounds after one that does not count. One after the other: interleaved ` +
    `operation by operation, ${plan.calls} calls and ${plan.requests} requests of each kind a round; medians of the round; ratio and spread against the ` +
    `reference of the same round; median of the ratios. In flight: ${plan.crowd} orders by calls (${plan.alone} with one in flight), ${plan.requestCrowd} requests.`
  )
}
