import { Broken } from './broken.ts'
import { Chance } from './chance.ts'

/** Something that will happen, when the seed says so. */
interface Step {
  readonly label: string
  readonly dueMs: number
  readonly run: () => void
  /** What belongs to a process that is dead never happens. */
  readonly owner: { readonly isDead: boolean } | null
  readonly isReady: () => boolean
}

/** How a step is planned. */
export interface Planned {
  readonly delayMs?: number
  readonly owner?: { readonly isDead: boolean } | null
  /** Asked each time: what waits for a lock is not ready. */
  readonly isReady?: () => boolean
}

/** Most steps of one seed. The longest that end have about a fifth. */
const mostSteps = 6_000

/** How late something can be that is due, in milliseconds. */
const mostLateMs = 2_000

/** Time, and what happens next: both are the seed's. */
export class World {
  readonly chance: Chance
  readonly #isTraced: boolean
  readonly #steps: Step[] = []
  readonly trace: string[] = []
  nowMs = 1_800_000_000_000
  /** How many steps have been taken. */
  taken = 0

  constructor(seed: number, { isTraced }: { readonly isTraced: boolean }) {
    this.chance = new Chance(seed, 1)
    this.#isTraced = isTraced
  }

  /** Plans a step. */
  plan(label: string, run: () => void, { delayMs = 0, owner = null, isReady = always }: Planned = {}): void {
    this.#steps.push({ label, dueMs: this.nowMs + delayMs, run, owner, isReady })
  }

  /** Waits until the seed says that this is next. */
  pass(label: string, planned?: Planned): Promise<void> {
    return new Promise((resolve) => this.plan(label, resolve, planned))
  }

  /** A line of the trace. */
  note(text: string): void {
    if (this.#isTraced) this.trace.push(`${String(this.taken).padStart(4)}  +${this.#elapsed()}s  ${text}`)
  }

  /** Takes steps until there is none left. */
  async run(): Promise<void> {
    for (;;) {
      await everythingElse()
      const step = this.#takeNext()
      if (step === null) return
      this.taken += 1
      if (this.taken > mostSteps) throw new Broken('nothing hangs', `${mostSteps} steps, and then: ${step.label}`)
      this.nowMs = Math.max(this.nowMs, step.dueMs) + this.chance.below(2)
      this.note(step.label)
      step.run()
    }
  }

  // Of what is due any may be next. Sometimes it is late, and what comes later is first.
  #takeNext(): Step | null {
    const ready: Step[] = []
    for (const step of this.#steps) if (step.owner?.isDead !== true && step.isReady()) ready.push(step)
    if (ready.length === 0) return null
    const due = ready.filter(({ dueMs }) => dueMs <= this.nowMs)
    const later = due.length < ready.length ? earliestAfter(ready, this.nowMs) : undefined
    const isLate = later !== undefined && later.dueMs < this.nowMs + mostLateMs && this.chance.happens(0.1)
    const step = due.length === 0 || isLate ? later : due[this.chance.below(due.length)]
    if (step === undefined) return null
    this.#steps.splice(this.#steps.indexOf(step), 1)
    return step
  }

  #elapsed(): string {
    return ((this.nowMs - 1_800_000_000_000) / 1000).toFixed(3).padStart(9)
  }
}

const always = (): boolean => true

function earliestAfter(steps: readonly Step[], nowMs: number): Step | undefined {
  let earliest: Step | undefined
  for (const step of steps) {
    if (step.dueMs > nowMs && (earliest === undefined || step.dueMs < earliest.dueMs)) earliest = step
  }
  return earliest
}

// All that waits for nothing but promises is done before a macrotask runs.
const { setImmediate } = globalThis

function everythingElse(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
