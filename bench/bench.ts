/**
 * Measures the loop on Dewar and its peers, prints one table and writes results/loop.json. `--quick` is for a first
 * look; that, and a run of `--only` some servers, goes to results/last-look.json.
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { gatherContenders, type LeftOut } from './loop/contenders.ts'
import { installedVersions, installOrExit } from './loop/dependencies.ts'
import { inWords, machineOrExit } from './loop/machine.ts'
import { measureRounds, type Plan } from './loop/rounds.ts'
import { type Summary, summarise, table } from './loop/summary.ts'
import { visitorCount } from './loop/visitors.ts'
import { connectionCount } from './loop/wrk.ts'

const everyServer = ['floor', 'floor-aes', 'dewar', 'fastify', 'express', 'hono', 'koa', 'h3']
const quickServers = ['floor', 'dewar', 'fastify', 'express']

const caution = `Do not conclude: anything from differences under 15 % (shared machine), or from a row marked (!); how fast a real application
is (its database and its templates weigh more); latency or memory. The floor protects nothing, and the servers keep different promises.`

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    follow: { type: 'boolean', default: false },
    only: { type: 'string' },
  },
})
const plan: Plan = {
  rounds: options.quick ? 3 : 4,
  compileSeconds: options.quick ? 3 : 9,
  warmUpSeconds: 0,
  windowSeconds: options.quick ? 1 : 2,
  cookieUse: options.follow ? 'follow' : 'replay',
}

const startedAtMs = Date.now()
const machine = machineOrExit()
installOrExit()
console.error('Starting and checking the servers ...')
const { ready, leftOut } = await gatherContenders(serverNames(), plan.cookieUse)
if (!ready.some(({ server }) => server.name === 'floor')) throw new Error(`The floor is missing: ${leftOut[0]?.reason}`)
console.error(`Measuring ${ready.length} servers, ${plan.rounds} rounds ...`)
const summaries = summarise(await measureRounds(ready, plan), 'floor')
for (const { server } of ready) server.stop()
report(summaries, leftOut)
process.exit()

function serverNames(): readonly string[] {
  if (options.only !== undefined) return ['floor', ...options.only.split(',').filter((name) => name !== 'floor')]
  return options.quick ? quickServers : everyServer
}

function report(rows: readonly Summary[], missing: readonly LeftOut[]): void {
  console.log(`\n${table(rows)}\n`)
  for (const { name, reason } of missing) console.log(`NOT MEASURED: ${name} ${reason}`)
  console.log(`${inWords(machine)}\n${method()}\n${caution}`)
  console.log(`Took ${Math.round((Date.now() - startedAtMs) / 1000)} s.`)
  const measuredAt = new Date(startedAtMs).toISOString()
  const result = { measuredAt, machine, plan, versions: installedVersions(), servers: rows, notMeasured: missing }
  const file = options.quick || options.only !== undefined ? 'results/last-look.json' : 'results/loop.json'
  writeFileSync(new URL(file, import.meta.url), `${JSON.stringify(result, null, 2)}\n`)
}

function method(): string {
  const cookies = {
    follow: 'the cookie given last, as a browser does',
    replay: 'the cookie made before the run by a POST of their own',
  }[plan.cookieUse]
  return (
    `Method: POST /submit with a new name, 303, GET /thankyou, and again; ${visitorCount} visitors, who send ${cookies}; ` +
    `${connectionCount} connections; ${plan.rounds} rounds, interleaved, each window ${plan.windowSeconds} s; ` +
    `${plan.compileSeconds} s of warm-up before the first round, so that the code is compiled; processor time of the server process (user and system, all threads) by request; ` +
    'medians; ratio and spread against the floor of the same round.'
  )
}
