import type { Mode } from './modes.ts'

/** What plays a seed again, step by step. */
export function commandFor(seed: number, mode: Mode): string {
  return `npm run test:simulate -- --seed ${seed} --mode ${mode}`
}
