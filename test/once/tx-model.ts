import { judgeCompletion } from '../../src/store/judge-change.ts'
import type { OnceRow } from '../../src/store/store.ts'
import type { Model, Properties, Step } from './explore.ts'
import {
  answered,
  arrivalSteps,
  type Fact,
  freshPlace,
  isAllAnswered,
  isOneBody,
  isOneEach,
  killSteps,
  nameByProcess,
  type RecordFlaw,
  type Request,
  type Sent,
  type Submissions,
  send,
  Telling,
  timeSteps,
  withFact,
  withRequest,
} from './submission-model.ts'

/*
 * Mode `tx`: the record is the first thing written in the transaction that holds the effect and the session.
 *
 *     stage    what has happened                       what may follow
 *     looking  it has its turn                         looks for a record: none → first, of the same text → its redirect,
 *                                                      of another text → asked
 *     first    no record was there, the handler runs   its transaction begins: it writes the record, or waits for who has
 *                                                      written it, or finds it done → looking; throws, 4xx → refused
 *     inside   the record is written, nobody sees it   writes effect and session → wrote; throws → rolled back, refused
 *     wrote    all three are written                   commits → kept, or never hears that it has → refused; throws, 4xx
 *     kept     all three are committed                 answers with the redirect → done
 *     any      its process is killed                   rolled back, silent
 *
 * The stages `told early`, `record left` and `session left` belong to flaws.
 */
type Stage = 'looking' | 'first' | 'inside' | 'wrote' | 'kept' | 'told early' | 'record left' | 'session left'

/** What a store shows to everybody, and who has a transaction open that has written the record. */
export interface TxState extends Submissions<Stage> {
  readonly record: { readonly body: Request<Stage>['body']; readonly place: number } | null
  readonly writer: number | null
  readonly effects: readonly Fact[]
  /** The changes of the session that belong to the effects. */
  readonly sessions: readonly Fact[]
}

/** What is wrong with a model, so that it is seen to be caught. */
export type TxFlaw =
  | RecordFlaw
  /** The record is looked for, and written in the end whatever was written meanwhile. */
  | 'check, then claim'
  | 'effect and record in two transactions'
  | 'effect and session in two transactions'
  | 'redirect before the commit'
  | 'repeat without comparing bodies'

/** Requests with one token. */
export function txModel({ flaw, ...sent }: Sent & { readonly flaw?: TxFlaw }): Model<TxState> {
  const { processes } = sent
  return {
    first: { ...send<Stage>(sent), writer: null, effects: [], sessions: [] },
    name: (state) => nameOf(state, processes),
    steps: (state) => [
      ...processes.flatMap((_, who) => arrivalSteps(state, who, { processes, first: 'looking' })),
      ...processes.flatMap((_, who) => stageSteps(state, who, flaw)),
      ...killSteps(state, processes, rolledBack),
      ...timeSteps(state, flaw),
    ],
    always,
    reachable,
  }
}

function nameOf(state: TxState, processes: readonly number[]): string {
  const { record, writer, effects, sessions } = state
  const rest = `${record?.body} ${record?.place} ${effects} ${sessions}`
  return nameByProcess(state, { processes, ofRequest: (who) => (writer === who ? 'writer' : ''), rest })
}

const always: Properties<TxState> = {
  '1 the effect commits at most once': ({ effects }) => isOneEach(effects),
  '2 every redirect leads to one place, and its effect is committed': ({ told, effects }) =>
    isOneEach(told) && told.every((fact) => effects.includes(fact)),
  '4 another body never runs silently': ({ effects }) => isOneBody(effects),
  '5 session and effect commit together': ({ sessions, effects }) => String(sessions) === String(effects),
}

const reachable: Properties<TxState> = {
  '3 everybody can still be answered': isAllAnswered,
  '3b who keeps asking gets the effect': ({ effects, token }) => effects.length > 0 || token !== 'good',
}

function stageSteps(state: TxState, who: number, flaw: TxFlaw | undefined): readonly Step<TxState>[] {
  const { at, place } = state.requests[who] as Request<Stage>
  const tell = new Telling(state, who)
  const refused = (does: string): Step<TxState> =>
    tell.trouble(does, answered(rolledBack(state, who), who, { at: 'refused' }))
  switch (at) {
    case 'looking':
      return [looks(state, who, flaw)]
    case 'first':
      return [begins(state, who, flaw), refused('throws, or answers 4xx, and has no transaction')]
    case 'inside':
      return [writes(state, who), refused('throws, or answers 4xx, and is rolled back')]
    case 'wrote':
      return [...commits(state, who, flaw), refused('throws, or answers 4xx, and is rolled back')]
    case 'kept':
      return [tell.step(`answers with a redirect to ${place}`, answered(state, who, { at: 'done', place }))]
    case 'told early':
      return [tell.step('commits', withRequest(kept(state, who), who, { at: 'done', place: 0 }))]
    case 'record left':
      return [tell.step('commits the record', withRequest(recordKept(state, who), who, { at: 'kept' }))]
    case 'session left':
      return [tell.step('commits the session', withRequest(sessionKept(state, who), who, { at: 'kept' }))]
    default:
      return []
  }
}

function looks(state: TxState, who: number, flaw: TxFlaw | undefined): Step<TxState> {
  const { record, requests } = state
  const tell = new Telling(state, who)
  if (record === null) return tell.step('finds no record', withRequest(state, who, { at: 'first' }))
  const { body, place } = record
  if (body !== requests[who]?.body && flaw !== 'repeat without comparing bodies') {
    return tell.step(`is asked: ${body} was done with this token`, answered(state, who, { at: 'asked' }))
  }
  return tell.step(`finds the record: a redirect to ${place}`, answered(state, who, { at: 'done', place }))
}

function begins(state: TxState, who: number, flaw: TxFlaw | undefined): Step<TxState> {
  const tell = new Telling(state, who)
  const inside = withRequest(state, who, { at: 'inside' })
  if (flaw === 'check, then claim') return tell.step('begins its transaction', inside)
  if (state.writer !== null) return tell.trouble('waits for too long: 503', answered(state, who, { at: 'refused' }))
  const done = { key: '', fingerprint: state.requests[who]?.body ?? '', answer: '', expiresSeconds: 1 }
  if (judgeCompletion(rowOf(state.record), done).kind === 'write') {
    return tell.step('begins its transaction with the record', { ...inside, writer: who })
  }
  return tell.step('begins its transaction, and finds it done', withRequest(state, who, { at: 'looking' }))
}

function rowOf(record: TxState['record']): OnceRow | null {
  if (record === null) return null
  const { body: fingerprint, place } = record
  return { key: '', fingerprint, state: 'done', owner: '', leaseUntilSeconds: 0, answer: `${place}`, expiresSeconds: 1 }
}

function writes(state: TxState, who: number): Step<TxState> {
  const place = freshPlace(state, state.effects)
  const to = withRequest(state, who, { at: 'wrote', place })
  return new Telling(state, who).step(`writes effect ${place} and the session`, to)
}

function commits(state: TxState, who: number, flaw: TxFlaw | undefined): readonly Step<TxState>[] {
  const { place } = state.requests[who] as Request<Stage>
  const tell = new Telling(state, who)
  const all = kept(state, who)
  if (flaw === 'redirect before the commit') {
    const told = withRequest(answered(state, who, { at: 'done', place }), who, { at: 'told early', place })
    return [tell.step(`answers with a redirect to ${place}`, told)]
  }
  if (flaw === 'effect and record in two transactions') {
    const left = withRequest({ ...all, record: state.record }, who, { at: 'record left' })
    return [tell.step('commits effect and session', left)]
  }
  if (flaw === 'effect and session in two transactions') {
    const left = withRequest({ ...all, sessions: state.sessions }, who, { at: 'session left' })
    return [tell.step('commits record and effect', left)]
  }
  return [
    tell.step('commits', withRequest(all, who, { at: 'kept' })),
    tell.trouble('commits, and never hears of it: 503', answered(all, who, { at: 'refused' })),
  ]
}

function kept(state: TxState, who: number): TxState {
  const effects = withFact(state.effects, state.requests[who] as Request<Stage>)
  return sessionKept(recordKept({ ...rolledBack(state, who), effects }, who), who)
}

function recordKept(state: TxState, who: number): TxState {
  const { body, place } = state.requests[who] as Request<Stage>
  return { ...state, record: { body, place } }
}

function sessionKept(state: TxState, who: number): TxState {
  return { ...state, sessions: withFact(state.sessions, state.requests[who] as Request<Stage>) }
}

// Nobody has seen what was written, so all there is to take back is the lock.
function rolledBack(state: TxState, who: number): TxState {
  return state.writer === who ? { ...state, writer: null } : state
}
