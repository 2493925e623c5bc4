import cluster, { type Worker } from 'node:cluster'
import { once } from 'node:events'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { lineOf } from './failure.ts'
import type { Order } from './order.ts'
import { isReport, type Listening } from './report.ts'

/** A process that serves an app beside others. */
export interface Hired {
  /** What it says when it listens, or `null` if it ended before it did. */
  readonly started: Promise<Listening | null>
  readonly ended: Promise<End>
  kill(signal: 'SIGTERM' | 'SIGKILL'): void
}

/** How a process ended. */
export interface End {
  readonly pid: number | null
  readonly code: number | null
  readonly signal: string | null
  /** Why it served nothing, if it said so. */
  readonly sentence: string | null
  /** How long it listened, in milliseconds. */
  readonly servedMs: number
}

// `worker.ts`, or what it was compiled to.
const program = fileURLToPath(new URL(`worker${extname(import.meta.url)}`, import.meta.url))

/** Tells what `hire` is to start. Once, before the first. */
export function prepareHiring(order: Order): void {
  // All processes take connections from one socket. The other way, where this process takes them and hands them out,
  // leaves a client waiting for ever whose connection was just handed to a worker that is killed.
  cluster.schedulingPolicy = cluster.SCHED_NONE
  cluster.setupPrimary({ exec: program, args: [JSON.stringify(order)] })
}

/** Starts a process that serves what was ordered. */
export function hire(): Hired {
  const worker = cluster.fork()
  const heard: { sentence: string | null; sinceMs: number | null } = { sentence: null, sinceMs: null }
  const ended = endOf(worker).then((end) => ({
    pid: worker.process.pid ?? null,
    ...end,
    sentence: heard.sentence ?? end.sentence,
    servedMs: heard.sinceMs === null ? 0 : performance.now() - heard.sinceMs,
  }))
  const started = new Promise<Listening | null>((resolve) => {
    worker.on('message', (message: unknown) => {
      if (!isReport(message)) return
      if (message.kind === 'failed') heard.sentence = message.sentence
      else {
        heard.sinceMs = performance.now()
        resolve(message)
      }
    })
    ended.then(() => resolve(null))
  })
  return { started, ended, kill: (signal) => void worker.process.kill(signal) }
}

// Its last report may be read after its exit is known: `disconnect` is when all is read.
async function endOf(worker: Worker): Promise<Pick<End, 'code' | 'signal' | 'sentence'>> {
  const disconnected = new Promise((resolve) => worker.once('disconnect', resolve))
  try {
    const [code, signal] = await once(worker, 'exit')
    await disconnected
    return { code, signal, sentence: null }
  } catch (error) {
    return { code: null, signal: null, sentence: lineOf(error) } // it could not be started at all
  }
}
