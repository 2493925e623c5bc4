import type { ChangedPolicy } from '../../src/once/rules.ts'
import { Chance } from './chance.ts'
import { Disk } from './disk.ts'
import { Ledger } from './ledger.ts'
import type { Mode } from './modes.ts'
import { World } from './world.ts'

/** How much goes wrong. */
export interface Trouble {
  /** How often, from 0 to 1. */
  rate: number
  /** Whether processes go down. */
  readonly crashes: boolean
  /** Whether handlers mostly take longer than a claim counts, and often fail then. */
  isSluggish: boolean
}

/** What all that plays in one seed is given. */
export interface Stage {
  readonly mode: Mode
  readonly world: World
  readonly disk: Disk
  readonly ledger: Ledger
  readonly trouble: Trouble
  /** What the routes say of another body with a token that was used. */
  readonly changed: ChangedPolicy
  /** Chance for the framework: tokens and secrets. */
  readonly random: Chance
}

export function setStage(seed: number, mode: Mode, { isTraced }: { readonly isTraced: boolean }): Stage {
  const world = new World(seed, { isTraced })
  const { chance } = world
  const stage: Stage = {
    mode,
    world,
    disk: new Disk(),
    ledger: new Ledger(),
    trouble: {
      rate: chance.pick([0, 0.02, 0.06, 0.15]),
      crashes: mode !== 'cookie' && chance.happens(0.6),
      isSluggish: mode === 'memory' && chance.happens(0.15),
    },
    changed: chance.pick(['confirm', 'confirm', 'confirm', 'accept', 'replay', 'reject']),
    random: new Chance(seed, 2),
  }
  world.note(
    `trouble ${stage.trouble.rate}${stage.trouble.crashes ? ' with crashes' : ''}${stage.trouble.isSluggish ? ', sluggish' : ''}, another body: ${stage.changed}`,
  )
  return stage
}
