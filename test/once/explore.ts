/**
 * A small model checker. It visits every state that a model can come to, breadth first, so that what it finds is told by
 * the shortest way there. States are plain values, which never change.
 */
export interface Model<State> {
  readonly first: State
  /** Names a state. Of those with one name only one is visited: they are the same, or differ in who is who. */
  name(state: State): string
  /** All that may happen next. A step that changes nothing may be left out. */
  steps(state: State): readonly Step<State>[]
  /** What holds in every state, by name. */
  readonly always: Properties<State>
  /** What some way leads to from every state, by name: a way on which no trouble happens. */
  readonly reachable: Properties<State>
}

export type Properties<State> = Readonly<Record<string, (state: State) => boolean>>

/** One thing that may happen. */
export interface Step<State> {
  /** What happens, in words: `r1 commits`. */
  readonly does: string
  readonly to: State
  /** Whether it is something that nobody may count on to get further: a crash, an error, a lost reply. */
  readonly isTrouble: boolean
}

/** What came of visiting all states, or of visiting them until something was broken. */
export type Finding =
  | { readonly kind: 'holds'; readonly states: number }
  | {
      readonly kind: 'broken'
      readonly states: number
      /** The name of the property. */
      readonly property: string
      /** What happened, one step after the other. */
      readonly trace: readonly string[]
    }

/**
 * Visits every state of a model. Stops at the first one in which something does not hold. Throws a `RangeError` for a
 * model with more states than `mostStates`: it may have no end.
 */
export function explore<State>(model: Model<State>, mostStates = 1_000_000): Finding {
  const visited = new Visited(model.name, mostStates)
  visited.add(model.first, { from: -1, does: '' })
  for (let at = 0; at < visited.states.length; at++) {
    const state = visited.states[at] as State
    const property = brokenIn(state, model.always)
    if (property !== null) return broken(visited, at, property)
    for (const { does, to, isTrouble } of model.steps(state)) {
      const next = visited.add(to, { from: at, does })
      if (!isTrouble) visited.ways.push([at, next])
    }
  }
  for (const [property, holds] of Object.entries(model.reachable)) {
    const at = firstWithoutWay(visited, holds)
    if (at !== -1) return broken(visited, at, property)
  }
  return { kind: 'holds', states: visited.states.length }
}

/** A finding as it is read: the property, and the steps that break it, each on its line. */
export function tell(finding: Finding): string {
  if (finding.kind === 'holds') return `holds in ${finding.states} states`
  const steps = finding.trace.map((does, at) => `${String(at + 1).padStart(4)}  ${does}`)
  return [`broken: ${finding.property}`, ...steps].join('\n')
}

interface Arrival {
  /** The place of the state before, or -1. */
  readonly from: number
  readonly does: string
}

class Visited<State> {
  readonly states: State[] = []
  readonly arrivals: Arrival[] = []
  /** Steps without trouble, from one place to another. */
  readonly ways: [from: number, to: number][] = []
  readonly #places = new Map<string, number>()
  readonly #name: (state: State) => string
  readonly #most: number

  constructor(name: (state: State) => string, most: number) {
    this.#name = name
    this.#most = most
  }

  /** Gives the place of a state, a new one if it was not visited before. */
  add(state: State, arrival: Arrival): number {
    const name = this.#name(state)
    const known = this.#places.get(name)
    if (known !== undefined) return known
    const place = this.states.length
    if (place === this.#most) throw new RangeError(`The model has more than ${this.#most} states.`)
    this.#places.set(name, place)
    this.states.push(state)
    this.arrivals.push(arrival)
    return place
  }
}

function brokenIn<State>(state: State, properties: Properties<State>): string | null {
  for (const [name, holds] of Object.entries(properties)) if (!holds(state)) return name
  return null
}

function broken<State>(visited: Visited<State>, place: number, property: string): Finding {
  const trace: string[] = []
  for (let at = place; at > 0; ) {
    const { from, does } = visited.arrivals[at] as Arrival
    trace.unshift(does)
    at = from
  }
  return { kind: 'broken', states: visited.states.length, property, trace }
}

// From the states in which it holds, back along the ways: what is not met has no way there.
function firstWithoutWay<State>({ states, ways }: Visited<State>, holds: (state: State) => boolean): number {
  const before = states.map((): number[] => [])
  for (const [from, to] of ways) before[to]?.push(from)
  const isMet = states.map(holds)
  const left = states.flatMap((_, at) => (isMet[at] ? [at] : []))
  for (let to = left.pop(); to !== undefined; to = left.pop()) {
    for (const from of before[to] ?? []) {
      if (isMet[from]) continue
      isMet[from] = true
      left.push(from)
    }
  }
  return isMet.indexOf(false)
}
