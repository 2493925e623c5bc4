/**
 * Kills processes of the conformance app while visitors pay at them, and counts what is there twice or missing afterwards:
 *
 *     npm run test:kill -- --submissions 10000
 *
 * `--store sqlite`, `postgres` or `redis`; `both`, the default, is the first two. `--processes` (3), `--seed` (by the time). After
 * `--seconds` nothing is killed and no visitor begins any more, and the table says how many submissions there were.
 * What a server keeps is written to the disk, except for Redis. Exits 1 if anything is not as promised.
 */
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { type Place, postgresPlace, redisPlace, sqlitePlace } from './places.ts'
import { type Report, run } from './run.ts'
import { isKept, remarksOn, tableOf } from './table.ts'

const { values } = parseArgs({
  options: {
    submissions: { type: 'string', default: '10000' },
    store: { type: 'string', default: 'both' },
    processes: { type: 'string', default: '3' },
    seconds: { type: 'string' },
    seed: { type: 'string', default: `${Date.now() % 1_000_000}` },
  },
})

const places: Readonly<Record<string, readonly Place[]>> = {
  sqlite: [sqlitePlace],
  postgres: [postgresPlace],
  redis: [redisPlace],
  both: [sqlitePlace, postgresPlace],
}

const chosen = places[values.store]
if (chosen === undefined) throw new Error(`--store may be ${Object.keys(places).join(', ')}.`)
for (const { skip } of chosen) if (skip !== false) throw new Error(skip)

const plan = {
  submissions: wholeNumber('submissions', values.submissions),
  processes: wholeNumber('processes', values.processes),
  ...(values.seconds !== undefined && { mostSeconds: wholeNumber('seconds', values.seconds) }),
  seed: wholeNumber('seed', values.seed),
  durability: 'on-disk',
  progress: console.log,
} as const

console.log(`seed ${plan.seed}, ${plan.processes} processes`)
const reports: Report[] = []
for (const place of chosen) {
  reports.push(await run(place, plan))
  console.log(`${place.name} is done; the load is ${loadavg()[0]?.toFixed(1)}`)
}
console.log(`\n${tableOf(reports)}\n\n${reports.map(remarksOn).join('\n')}`)
process.exitCode = reports.every(isKept) ? 0 : 1

function wholeNumber(name: string, text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new Error(`--${name} is ${JSON.stringify(text)}; it must be a whole number above 0.`)
}
