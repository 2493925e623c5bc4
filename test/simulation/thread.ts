import { parentPort, workerData } from 'node:worker_threads'
import type { Found, Lot, Played } from './parallel.ts'
import { simulate } from './simulate.ts'

const { mode, first, last } = workerData as Lot // parallel.ts alone starts this
const broken: Found[] = []
let [steps, effects] = [0, 0]
for (let seed = first; seed <= last; seed++) {
  const played = await simulate(seed, mode)
  steps += played.steps
  effects += played.effects
  if (played.broken !== null) broken.push({ seed, message: played.broken.message })
}
const result: Played = { played: last - first + 1, steps, effects, broken }
parentPort?.postMessage(result)
