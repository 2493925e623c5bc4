import type { Mode } from './modes.ts'
import { createSimulatedApp, type SimulatedApp } from './simulated-app.ts'
import type { Fault } from './simulated-store.ts'
import type { Stage } from './stage.ts'

/** A process of the app. When it crashes, nothing that it does reaches anybody, and another one takes its place. */
export class Process {
  readonly name: string
  readonly #stage: Stage
  readonly #lastWords: (() => void)[] = []
  isDead = false
  readonly app: SimulatedApp
  readonly #replace: () => void
  /** How far its clock is off. */
  readonly skewMs: number

  constructor(name: string, stage: Stage, replace: () => void) {
    this.name = name
    this.#stage = stage
    this.#replace = replace
    this.skewMs = stage.world.chance.below(20_000) - 10_000
    this.app = createSimulatedApp(this, stage)
  }

  nowMs(): number {
    return this.#stage.world.nowMs + this.skewMs
  }

  /** How long something takes that goes over a network. */
  lag(): number {
    const { world, trouble } = this.#stage
    return world.chance.happens(trouble.rate) ? world.chance.below(1_500) : world.chance.below(4)
  }

  /** What becomes of something that goes over a network. */
  fault(): Fault {
    const { world, trouble } = this.#stage
    if (!world.chance.happens(trouble.rate)) return 'none'
    if (!trouble.crashes) return world.chance.pick(['fails', 'reply-lost'])
    return world.chance.pick(['fails', 'reply-lost', 'crash-before', 'crash-after'])
  }

  /** Whether a transaction meets another one, and has to be run again. */
  collides(): boolean {
    return this.#stage.world.chance.happens(this.#stage.trouble.rate / 2)
  }

  /** How long a handler takes: sometimes longer than a claim counts, as when the whole process stands still. */
  thought(): number {
    const { world, trouble } = this.#stage
    if (trouble.isSluggish) return world.chance.happens(0.7) ? 30_000 + world.chance.below(15_000) : 0
    return world.chance.happens(trouble.rate / 2) ? world.chance.below(45_000) : 0
  }

  /** Throws where the seed wants a handler to throw. */
  stumble(): void {
    const { world, trouble } = this.#stage
    if (world.chance.happens(trouble.isSluggish ? 0.25 : trouble.rate / 2)) throw new Error('The handler stumbles.')
  }

  whenDead(lastWord: () => void): void {
    this.#lastWords.push(lastWord)
  }

  crash(): void {
    if (this.isDead) return
    this.isDead = true
    this.#stage.world.note(`     ${this.name} is dead`)
    for (const lastWord of this.#lastWords) lastWord()
    this.#replace()
  }
}

/** The processes of the app. */
export class Crew {
  readonly #processes: Process[] = []
  readonly #stage: Stage
  #born = 0

  constructor(stage: Stage, size: number) {
    this.#stage = stage
    for (let at = 0; at < size; at++) this.#start(at)
  }

  /** The one at a place, by turns. */
  at(place: number): Process {
    const process = this.#processes[place % this.#processes.length]
    if (process === undefined) throw new RangeError('There is no process.')
    return process
  }

  any(): Process {
    return this.at(this.#stage.world.chance.below(this.#processes.length))
  }

  #start(place: number): void {
    this.#born += 1
    this.#processes[place] = new Process(`p${this.#born}`, this.#stage, () => this.#start(place))
  }
}

/** How many processes there are. What a sealed cookie's app remembers of submissions is in one process alone. */
export function crewSize(mode: Mode, stage: Stage): number {
  return mode === 'cookie' ? 1 : 2 + stage.world.chance.below(2)
}
