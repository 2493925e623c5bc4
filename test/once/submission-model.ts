import type { Step } from './explore.ts'

/*
 * What the models of both modes have in common: some requests with one token, the processes they come to, the clients
 * that send again what was not answered, and the time that passes.
 *
 *     a request is   that
 *     sent           is on the network, with its token
 *     let in         has shown a good token, and waits for its turn: a process does one after the other what has one token
 *                    (who has a process of its own needs not wait)
 *     (on its way)   has its turn, and goes through the stages of its mode
 *     waiting page   was sent to the page that asks again each second how it stands (by a 303 too, but none that says that
 *                    it was done)
 *     done           got a 303: the place that it led to is told
 *     asked          got a page that asks its person (done before with another text, not known, expired): a fresh token
 *     refused        got 4xx, 500 or 503: its client may send the same again
 *     silent         got nothing, for its process was killed: its client may send the same again
 *
 *     the token is   and
 *     good           requests are let in
 *     expired        none is let in any more; those that are go on
 *     over           ten minutes have passed, so none is on its way any more, and the record is swept
 *
 * A run of the handler comes to a place of its own, like the page of a new order, so that two runs are told apart. What
 * happened is kept as `B→1`: body B, place 1. There is one record, so one text is done at most (`changed: 'confirm'`).
 *
 * Nothing is counted: processes are killed, replies are lost and forms are sent again any number of times, for the states
 * are as many all the same. Where a browser sends again while its first request is still on its way, they are two of
 * these.
 */

/** What was posted: one text, or another. */
export type Body = 'B' | 'B′'

/** How a request ends. */
export type End = 'done' | 'asked' | 'refused' | 'silent'

export interface Request<Stage> {
  readonly body: Body
  readonly at: Stage | 'sent' | 'let in' | 'waiting page' | End
  /** Where its run has come to; 0 for nowhere. */
  readonly place: number
}

/** One thing that happened for a body, as `B→1`. */
export type Fact = `${Body}→${number}`

export interface Submissions<Stage> {
  readonly requests: readonly Request<Stage>[]
  readonly token: 'good' | 'expired' | 'over'
  readonly record: unknown
  /** The redirects that were given. */
  readonly told: readonly Fact[]
}

/** Which requests there are. */
export interface Sent {
  readonly bodies: readonly Body[]
  /** The process that each comes to, by number. */
  readonly processes: readonly number[]
}

/** All requests, sent, and nothing done. */
export function send<Stage>({ bodies }: Sent): Submissions<Stage> & { readonly record: null } {
  return { requests: bodies.map((body) => ({ body, at: 'sent', place: 0 })), token: 'good', record: null, told: [] }
}

/** Adds a fact to those that are known, once. */
export function withFact(facts: readonly Fact[], { body, place }: { body: Body; place: number }): readonly Fact[] {
  const fact: Fact = `${body}→${place}`
  return facts.includes(fact) ? facts : [...facts, fact].sort()
}

/** Whether there is one fact at most for each body. */
export function isOneEach(facts: readonly Fact[]): boolean {
  return new Set(facts.map((fact) => fact.split('→')[0])).size === facts.length
}

/** Whether all facts are of one body. */
export function isOneBody(facts: readonly Fact[]): boolean {
  return new Set(facts.map((fact) => fact.split('→')[0])).size < 2
}

/** The least place that nobody has come to and no fact names. */
export function freshPlace({ requests, told }: Submissions<unknown>, facts: readonly Fact[]): number {
  const isTaken = (place: number): boolean =>
    requests.some((request) => request.place === place) ||
    [...facts, ...told].some((fact) => fact.endsWith(`→${place}`))
  let place = 1
  while (isTaken(place)) place += 1
  return place
}

/**
 * Names a state by what its requests are at, process by process, and whatever else there is: which of two requests of a
 * process is which, and which of two processes, makes no difference.
 */
export function nameByProcess<State extends Submissions<unknown>>(
  { requests, token, told }: State,
  { processes, ofRequest, rest }: Pick<Sent, 'processes'> & { ofRequest(who: number): string; readonly rest: string },
): string {
  const groups: string[][] = []
  for (const [who, { body, at, place }] of requests.entries()) {
    const group = processes[who] ?? 0
    groups[group] ??= []
    groups[group].push(`${body} ${at} ${place} ${ofRequest(who)}`)
  }
  const names = groups.map((group) => group.sort().join('; '))
  return `${names.sort().join(' / ')} ${token} ${told} ${rest}`
}

/** The state with this request as it is now. */
export function withRequest<State extends Submissions<unknown>>(
  state: State,
  who: number,
  request: Partial<State['requests'][number]>,
): State {
  const before = state.requests[who] as State['requests'][number]
  return { ...state, requests: state.requests.with(who, { ...before, ...request }) }
}

/** The request has its answer, and with `done` its place is told. */
export function answered<State extends Submissions<unknown>>(
  state: State,
  who: number,
  { at, place = 0 }: { readonly at: End; readonly place?: number },
): State {
  const { body } = state.requests[who] as State['requests'][number]
  const told = at === 'done' ? withFact(state.told, { body, place }) : state.told
  return { ...moved(state, who, { at, place: 0 }), told }
}

// What every mode has is in the type of each, but the compiler does not see it.
function moved<State extends Submissions<unknown>>(
  state: State,
  who: number,
  request: Partial<Request<unknown>>,
): State {
  return withRequest(state, who, request as Partial<State['requests'][number]>)
}

/** Whether every request has an answer that its person can do something with. */
export function isAllAnswered({ requests }: Submissions<unknown>): boolean {
  return requests.every(({ at }) => at === 'done' || at === 'asked')
}

const notOnTheirWay: readonly unknown[] = ['sent', 'let in', 'waiting page', 'done', 'asked', 'refused', 'silent']

/** Whether it has its turn and is not answered yet. */
export function isOnItsWay({ at }: Request<unknown>): boolean {
  return !notOnTheirWay.includes(at)
}

/** Steps as they are told, by the request that takes them: `r1 (B) commits`. */
export class Telling<State extends Submissions<unknown>> {
  readonly #who: string

  constructor({ requests }: State, who: number) {
    this.#who = `r${who + 1} (${requests[who]?.body})`
  }

  /** Something that the protocol may count on. */
  step(does: string, to: State): Step<State> {
    return { does: `${this.#who} ${does}`, to, isTrouble: false }
  }

  /** Something that it has to live with. */
  trouble(does: string, to: State): Step<State> {
    return { does: `${this.#who} ${does}`, to, isTrouble: true }
  }
}

/** What happens to a request that is not on its way; `first` is the stage that it comes to with its turn. */
export function arrivalSteps<State extends Submissions<unknown>>(
  state: State,
  who: number,
  { processes, first }: Pick<Sent, 'processes'> & { readonly first: State['requests'][number]['at'] },
): readonly Step<State>[] {
  const tell = new Telling(state, who)
  const { requests, token } = state
  const isOfOneProcess = (other: number): boolean => processes[other] === processes[who]
  switch (requests[who]?.at) {
    case 'sent':
      if (token !== 'good') return [tell.step('is asked: its token has expired', answered(state, who, { at: 'asked' }))]
      if (processes.filter((_, other) => isOfOneProcess(other)).length > 1) {
        return [tell.step('shows its token', moved(state, who, { at: 'let in' }))]
      }
      return [tell.step('comes in', moved(state, who, { at: first }))]
    case 'let in':
      if (requests.some((request, other) => isOfOneProcess(other) && isOnItsWay(request))) return []
      return [tell.step('has its turn', moved(state, who, { at: first }))]
    case 'refused':
    case 'silent':
      return [tell.step('is sent again', moved(state, who, { at: 'sent' }))]
    default:
      return []
  }
}

/** Each process may be killed, and all that it was at with it; `letGo` is what that means to a store. */
export function killSteps<State extends Submissions<unknown>>(
  state: State,
  processes: readonly number[],
  letGo: (state: State, who: number) => State,
): readonly Step<State>[] {
  return [...new Set(processes)].flatMap((process) => {
    const hit = state.requests.flatMap((request, who) => {
      return processes[who] === process && (request.at === 'let in' || isOnItsWay(request)) ? [who] : []
    })
    if (hit.length === 0) return []
    const to = hit.reduce((before, who) => answered(letGo(before, who), who, { at: 'silent' }), state)
    return [{ does: `the process of ${hit.map((who) => `r${who + 1}`).join(', ')} is killed`, to, isTrouble: true }]
  })
}

/** How the time of a record may be wrong. */
export type RecordFlaw =
  /** It is swept while its token is good. */
  | 'record swept early'
  /** It is swept when its token expires, whoever is on their way. */
  | 'record swept when its token expires'

/** The time of a token and its record. */
export function timeSteps<State extends Submissions<unknown>>(
  state: State,
  flaw: string | undefined,
): readonly Step<State>[] {
  const { token, record, requests } = state
  const isQuiet = requests.every(({ at }) => notOnTheirWay.includes(at) && at !== 'let in' && at !== 'waiting page')
  const swept = { ...state, record: null }
  const steps: Step<State>[] = []
  if (token === 'good') steps.push({ does: 'the token expires', to: { ...state, token: 'expired' }, isTrouble: true })
  if (token === 'expired' && isQuiet) {
    steps.push({ does: 'ten minutes pass, the record is swept', to: { ...swept, token: 'over' }, isTrouble: true })
  }
  const isSoon =
    flaw === 'record swept early' || (flaw === 'record swept when its token expires' && token === 'expired')
  if (isSoon && record !== null) steps.push({ does: 'the record is swept', to: swept, isTrouble: true })
  return steps
}
