import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Mode } from './modes.ts'

/** Seeds to be played. */
export interface Lot {
  readonly mode: Mode
  readonly first: number
  readonly last: number
}

/** A seed in which a promise did not hold. */
export interface Found {
  readonly seed: number
  readonly message: string
}

/** What seeds came to. */
export interface Played {
  readonly played: number
  readonly steps: number
  readonly effects: number
  readonly broken: readonly Found[]
}

/** Plays seeds on all processors. Timers and chance are replaced where they are played, so that is in threads of their own. */
export async function playInParallel({ mode, first, last }: Lot): Promise<Played> {
  const share = Math.ceil((last - first + 1) / availableParallelism())
  const lots: Lot[] = []
  for (let from = first; from <= last; from += share)
    lots.push({ mode, first: from, last: Math.min(from + share - 1, last) })
  const all = await Promise.all(lots.map(playInThread))
  return {
    played: all.reduce((sum, { played }) => sum + played, 0),
    steps: all.reduce((sum, { steps }) => sum + steps, 0),
    effects: all.reduce((sum, { effects }) => sum + effects, 0),
    broken: all.flatMap(({ broken }) => broken),
  }
}

function playInThread(lot: Lot): Promise<Played> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./thread.ts', import.meta.url), { workerData: lot })
    worker.once('message', resolve)
    worker.once('error', reject)
  })
}
