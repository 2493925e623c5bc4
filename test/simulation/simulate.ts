import { Broken } from './broken.ts'
import { checkAskedAgain } from './check-asked-again.ts'
import { checkEffects } from './check-effects.ts'
import { checkSessions } from './check-sessions.ts'
import { Crew, crewSize } from './crew.ts'
import type { Mode } from './modes.ts'
import { Person } from './person.ts'
import { play } from './script.ts'
import { type Stage, setStage } from './stage.ts'
import { withVirtualGlobals } from './virtual-globals.ts'

/** What a seed came to. */
export interface Simulated {
  /** The promise that did not hold, if one did not. */
  readonly broken: Broken | null
  readonly steps: number
  /** How many effects there were. */
  readonly effects: number
  readonly trace: readonly string[]
}

const daySeconds = 24 * 60 * 60

/** Plays one seed from its beginning to its end, and looks at what is left. */
export async function simulate(seed: number, mode: Mode, { isTraced = false } = {}): Promise<Simulated> {
  const stage = setStage(seed, mode, { isTraced })
  const { world, disk, trace } = { ...stage, trace: stage.world.trace }
  const broken = await withVirtualGlobals(world, () => playAll(stage))
  if (broken !== null) world.note(`${broken.message}`)
  return { broken, steps: world.taken, effects: disk.effects.length + disk.notes.length, trace }
}

async function playAll(stage: Stage): Promise<Broken | null> {
  let end: Broken | null | 'none' = 'none'
  const story = tell(stage).then(
    () => {
      end = null
    },
    (error: unknown) => {
      end = error instanceof Broken ? error : new Broken('nothing hangs', `${error}`)
    },
  )
  try {
    await stage.world.run()
  } catch (error) {
    if (error instanceof Broken) return error
    throw error
  }
  if (end === 'none') return new Broken('nothing hangs', 'Nothing is left to happen, and somebody waits.')
  await story
  return end
}

async function tell(stage: Stage): Promise<void> {
  const { world } = stage
  const crew = new Crew(stage, crewSize(stage.mode, stage))
  const [ann, bob] = [new Person('ann', stage, crew), new Person('bob', stage, crew)]
  const all = async (): Promise<void> => {
    const hands = [ann, ann, bob].map((person) =>
      play({ stage, crew, person, others: [ann, bob].filter((one) => one !== person) }),
    )
    await Promise.all(hands)
  }
  await all()
  if (world.chance.happens(0.2)) {
    // The tokens are over; at the shorter times their records are not yet, or have just gone.
    const seconds = daySeconds + world.chance.pick([-200, -60, 120, 700])
    await world.pass('a day passes', { delayMs: seconds * 1000 })
    await all()
  }
  await checkAskedAgain(stage, [ann, bob])
  checkEffects(stage, [ann, bob])
  await checkSessions(stage)
}
