/**
 * Plays one seed and prints every step of it: `npm run test:simulate -- --seed 7 --mode tx`. Without a seed it plays many
 * of one mode: `--seeds 100000 --from 20001`. Ends with 1 if a promise did not hold.
 */
import { parseArgs } from 'node:util'
import { commandFor } from './command.ts'
import { type Mode, modes } from './modes.ts'
import { playInParallel } from './parallel.ts'
import { simulate } from './simulate.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    mode: { type: 'string', default: 'tx' },
    seeds: { type: 'string', default: '20000' },
    from: { type: 'string', default: '1' },
  },
})
const mode = modes.find((known) => known === values.mode)
if (mode === undefined) throw new Error(`--mode is one of ${modes.join(', ')}.`)
process.exitCode = values.seed === undefined ? await playMany(mode) : await playOne(mode, Number(values.seed))

async function playOne(mode: Mode, seed: number): Promise<number> {
  const { broken, trace } = await simulate(seed, mode, { isTraced: true })
  console.log(trace.join('\n'))
  if (broken === null) console.log('Everything held.')
  return broken === null ? 0 : 1
}

async function playMany(mode: Mode): Promise<number> {
  const first = Number(values.from)
  const { played, steps, broken } = await playInParallel({ mode, first, last: first + Number(values.seeds) - 1 })
  for (const { seed, message } of broken) console.log(`${commandFor(seed, mode)}   # ${message}`)
  console.log(`${played} seeds in ${steps} steps, and ${broken.length} in which a promise did not hold.`)
  return broken.length === 0 ? 0 : 1
}
