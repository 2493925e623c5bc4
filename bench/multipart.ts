/**
 * Measures decoders of multipart/form-data, prints tables and writes results/multipart.json. `--quick` is for a first
 * look; that, and a run of `--only` some decoders, goes to results/last-look.json.
 */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { installOrExit, versionOf } from './loop/dependencies.ts'
import type { BodyName } from './multipart/bodies.ts'
import type { Doubling } from './multipart/doubling.ts'
import type { Window } from './multipart/one-decoder.ts'
import type { Summary } from './multipart/summary.ts'

const caution = `Do not conclude: anything from differences under 15 % (shared machine); how fast an upload is (the network and the disk
weigh more); anything about memory. The decoders refuse different things: see README.md.`

const { values: options } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, only: { type: 'string' } },
})
const plan = { rounds: options.quick ? 2 : 5, windowSeconds: options.quick ? 0.4 : 1, doublingRounds: 11 }

installOrExit()
const { bodies } = await import('./multipart/bodies.ts')
const { decoders } = await import('./multipart/decoders.ts')
const { measureDoubling } = await import('./multipart/doubling.ts')
const { markdownTable, summarise } = await import('./multipart/summary.ts')

const startedAtMs = Date.now()
const names = decoderNames()
const summaries = bodyNames().flatMap((body) => measure(body))
console.error('Measuring the worst inputs ...')
const doublings = measureDoubling(plan.doublingRounds)
report()

function decoderNames(): readonly string[] {
  if (options.only === undefined) return Object.keys(decoders)
  return ['busboy', ...options.only.split(',').filter((name) => name !== 'busboy')]
}

function bodyNames(): readonly BodyName[] {
  return Object.keys(bodies) as BodyName[] // the keys of the object are the names
}

function measure(body: BodyName): readonly Summary[] {
  console.error(`Measuring ${names.length} decoders, ${plan.rounds} rounds: ${bodies[body]} ...`)
  const windows = new Map<string, Window[]>(names.map((name) => [name, []]))
  for (let round = 0; round < plan.rounds; round++) {
    for (const name of names) windows.get(name)?.push(measureOnce(name, body))
  }
  return summarise(body, windows)
}

function measureOnce(name: string, body: BodyName): Window {
  const script = fileURLToPath(new URL('multipart/one-decoder.ts', import.meta.url))
  const output = execFileSync(process.execPath, [script, name, body, String(plan.windowSeconds)], { encoding: 'utf8' })
  const { cpuMs, runs } = Object(JSON.parse(output))
  return { cpuMs: Number(cpuMs), runs: Number(runs) }
}

function report(): void {
  for (const body of bodyNames()) {
    const rows = summaries.filter((summary) => summary.body === body)
    console.log(`\n${bodies[body]}, in chunks of 64 KiB\n\n${comparison(rows)}`)
  }
  console.log(`\nDewar on the worst inputs\n\n${worst(doublings)}\n`)
  const machine = machineHere()
  const { processor, cores, memoryGb, system, node } = machine
  console.log(`${processor}, ${cores} cores, ${memoryGb} GB, ${system}; Node ${node}.\n${method()}\n${caution}`)
  console.log(`Took ${Math.round((Date.now() - startedAtMs) / 1000)} s.`)
  const measuredAt = new Date(startedAtMs).toISOString()
  const result = { measuredAt, machine, plan, versions: versions(), decoders: summaries, doublings }
  const file = options.quick || options.only !== undefined ? 'results/last-look.json' : 'results/multipart.json'
  writeFileSync(new URL(file, import.meta.url), `${JSON.stringify(result, null, 2)}\n`)
}

function comparison(rows: readonly Summary[]): string {
  return markdownTable(
    ['decoder', 'busboy = 1', 'spread', 'CPU ms', 'runs'],
    rows.map(({ decoder, ratio, ratioLowest, ratioHighest, cpuMs, runs }) => [
      decoder,
      ratio.toFixed(2),
      `${ratioLowest.toFixed(2)} to ${ratioHighest.toFixed(2)}`,
      cpuMs < 10 ? cpuMs.toFixed(2) : cpuMs.toFixed(1),
      String(runs),
    ]),
  )
}

function worst(rows: readonly Doubling[]): string {
  return markdownTable(
    ['input', 'twice the input', 'twice, byte by byte', 'ns per byte'],
    rows.map(({ input, whole, byteByByte, nsPerByte }) => [
      input,
      whole.toFixed(2),
      byteByByte.toFixed(2),
      nsPerByte.toFixed(2),
    ]),
  )
}

function machineHere() {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${release().split('-', 1)[0]}`,
    node: process.versions.node,
  }
}

function versions(): Record<string, string> {
  const packages = ['busboy', '@fastify/busboy', 'multipasta', '@remix-run/multipart-parser']
  return Object.fromEntries(packages.map((name) => [name, versionOf(name)]))
}

function method(): string {
  return (
    `Method: a process for each decoder, body and round, ${plan.rounds} rounds, interleaved; each decodes for ${plan.windowSeconds} s so that its code is ` +
    `compiled, then for ${plan.windowSeconds} s that count; processor time of the process (user and system, all threads) by decoding; medians; ratio and ` +
    'spread against busboy of the same round. Every decoder keeps name and text of each field and counts the bytes of ' +
    'files; what it found is checked. Worst inputs: processor time too, 4 and 8 MB in one piece (headers: 0.2 and 0.4 MB), 0.2 and 0.4 MB byte by byte, ' +
    `medians of ${plan.doublingRounds} samples of 20 ms or more; limits lifted.`
  )
}
