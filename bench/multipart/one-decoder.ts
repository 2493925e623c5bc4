/**
 * A process of its own for one decoder on one body: `node one-decoder.ts NAME BODY SECONDS`. Prints what it costs as
 * JSON: processor time of the process (user and system, all threads, so the collector of garbage too) per decoding.
 */
import assert from 'node:assert/strict'
import { type Body, type BodyName, bodies, makeBody, type Tally } from './bodies.ts'
import { decoders } from './decoders.ts'

/** What one process measured. */
export interface Window {
  /** Processor time of one decoding, in milliseconds. */
  readonly cpuMs: number
  readonly runs: number
}

const [name = '', bodyName = '', seconds = ''] = process.argv.slice(2)
const decode = decoders[name]
if (decode === undefined || !isBodyName(bodyName)) throw new Error(`No decoder ${name}, or no body ${bodyName}.`)
const body = makeBody(bodyName)
assert.deepEqual(await decode(body), body.expected)
await runFor(Number(seconds), decode, body) // so that its code is compiled
process.stdout.write(JSON.stringify(await runFor(Number(seconds), decode, body)))

function isBodyName(text: string): text is BodyName {
  return text in bodies
}

async function runFor(windowSeconds: number, work: (body: Body) => Promise<Tally>, whole: Body): Promise<Window> {
  const before = process.cpuUsage()
  const end = performance.now() + windowSeconds * 1000
  let runs = 0
  while (runs < 3 || performance.now() < end) {
    await work(whole)
    runs++
  }
  const { user, system } = process.cpuUsage(before)
  return { cpuMs: (user + system) / 1000 / runs, runs }
}
