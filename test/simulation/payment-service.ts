import type { Process } from './crew.ts'
import type { Effect } from './disk.ts'
import type { Stage } from './stage.ts'

/** What is asked of the service. */
export type Order = Pick<Effect, 'route' | 'token' | 'body' | 'key'>

/**
 * A service outside of every store, as far away as one: it can fail, and it can do what was asked and the reply is lost.
 * `knowsKeys`: the same key again is the same payment, as such services offer.
 */
export function payOutside(
  process: Process,
  { world, disk }: Stage,
  { order, knowsKeys }: { readonly order: Order; readonly knowsKeys: boolean },
): Promise<number> {
  return new Promise((resolve, reject) => {
    const settle = (told: string, done: () => void): void => {
      world.plan(`${process.name} hears: payment ${told}`, done, { owner: process, delayMs: process.lag() })
    }
    const run = (): void => {
      const fault = process.fault()
      if (fault !== 'none') world.note(`     fault: ${fault}`)
      if (fault === 'crash-before') {
        process.crash()
        return
      }
      if (fault === 'fails') {
        settle('failed', () => reject(new Error('The service cannot be reached.')))
        return
      }
      const known = knowsKeys ? disk.effects.find(({ key }) => key === order.key) : undefined
      const number = known?.number ?? disk.nextNumber()
      if (known === undefined) disk.effects.push({ ...order, number, family: null, isOutside: true, step: world.taken })
      if (fault === 'crash-after') process.crash()
      else if (fault === 'reply-lost') settle('lost', () => reject(new Error('The service did not answer.')))
      else settle(`${number}`, () => resolve(number))
    }
    world.plan(`${process.name} pays outside`, run, { owner: process, delayMs: process.lag() })
  })
}
