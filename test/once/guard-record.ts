import { judgeClaim, judgeCompletion, judgeOnce } from '../../src/store/judge-change.ts'
import type { OnceRow } from '../../src/store/store.ts'
import { type Body, type Fact, type RecordFlaw, type Submissions, withFact, withRequest } from './submission-model.ts'

/*
 * The record of a guarded submission: what is decided about it is decided by the functions that the stores use. Here it
 * is one o'clock all the time; a lease is until two, and until noon when it is over.
 */

export type Stage = 'looking' | 'free' | 'claimed' | 'outside' | 'effected' | 'told early' | 'kept'

/** What is known of a submission. */
interface GuardRecord {
  readonly body: Body
  readonly state: 'running' | 'done'
  /** Which request claimed it; `null` if that one has gone away. */
  readonly owner: number | null
  readonly isLeaseOver: boolean
  /** Whether it was claimed before by somebody of whom nobody knows how far they came. */
  readonly isTakenOver: boolean
  /** 0 until it is done. */
  readonly place: number
}

/** What a store shows to everybody, and what happened outside of it. */
export interface GuardState extends Submissions<Stage> {
  readonly record: GuardRecord | null
  /** Where it is done again after a crash, place 0 stands for all of a body. */
  readonly effects: readonly Fact[]
  /** What was ever recorded as done. */
  readonly recorded: readonly Fact[]
  /** Requests whose lease ended while they were at it. */
  readonly outlived: readonly number[]
  /** Whether an effect happened without a claim, though its lease was not over. */
  readonly isStray: boolean
}

/** What is wrong with a model, so that it is seen to be caught. */
export type GuardFlaw =
  | RecordFlaw
  /** The record is looked at, and claimed later whatever was claimed meanwhile. */
  | 'check, then claim'
  /** A record is running until its owner ends it, also one that was killed. */
  | 'claim without a lease'
  /** Whoever has done the effect completes the record, whoever owns it. */
  | 'completion without owner'
  /** Whoever answers 4xx gives the record back, whoever owns it. */
  | 'release without owner'
  | 'redirect before the completion'
  | 'repeat without comparing bodies'
  /** The page that waits shows what was done, whatever text it waits for. */
  | 'waiting page without comparing bodies'
  /** A record whose lease is over is taken over, though nobody knows whether the effect has happened. */
  | 'takeover where a person is to be asked'
  /** A record whose lease is over is taken over for another text, though the effect of the first may have happened. */
  | 'takeover by another body'
  /** Who took a record over and answers 4xx frees it, though the effect of the first may have happened. */
  | 'release after a takeover'

/** What is to happen when an owner is gone, and what is wrong with the model, if anything. */
export interface GuardRules {
  readonly onCrash: 'confirm' | 'rerun'
  readonly flaw?: GuardFlaw
}

/** How a submission stands for one who asks. */
export type Seen =
  | { readonly kind: 'free' | 'running' | 'unknown' }
  | { readonly kind: 'done'; readonly body: Body; readonly place: number }

const noon = 12
const one = 13
const two = 14

/** How a submission stands for one who would claim it if it is free. */
export function look(state: GuardState, who: number, rules: GuardRules): Seen {
  return isFree(state, who, rules) ? { kind: 'free' } : lookOn(state)
}

/** How it stands for one who would not. */
export function lookOn({ record }: GuardState): Seen {
  if (record === null) return { kind: 'free' }
  if (record.state === 'done') return { kind: 'done', body: record.body, place: record.place }
  return { kind: record.isLeaseOver ? 'unknown' : 'running' }
}

function isFree({ record, requests }: GuardState, who: number, { onCrash, flaw }: GuardRules): boolean {
  const comparesNothing = flaw === 'takeover by another body' && record !== null
  const fingerprint = comparesNothing ? record.body : (requests[who]?.body ?? '')
  const isShort = onCrash === 'rerun' || flaw === 'takeover where a person is to be asked'
  const claim = { owner: `${who}`, fingerprint, leaseUntilSeconds: two, expiresSeconds: two }
  return judgeClaim(rowOf(record, isShort), { family: '', nowSeconds: one, once: { key: '', claim } }) !== null
}

// Where a person is to be asked the lease of the row never ends: nobody takes it over.
function rowOf(record: GuardRecord | null, isShort: boolean): OnceRow | null {
  if (record === null) return null
  const { body: fingerprint, state, owner, isLeaseOver, place } = record
  const leaseUntilSeconds = isShort && isLeaseOver ? noon : two
  const answer = state === 'done' ? `${place}` : null
  return { key: '', fingerprint, state, owner: `${owner}`, leaseUntilSeconds, answer, expiresSeconds: two }
}

/** The record is this request's, and its handler runs. */
export function claimed(state: GuardState, who: number): GuardState {
  const body = state.requests[who]?.body ?? 'B'
  const isTakenOver = state.record !== null
  const record = { body, state: 'running', owner: who, isLeaseOver: false, isTakenOver, place: 0 } as const
  return { ...withRequest(state, who, { at: 'claimed', place: 0 }), record, outlived: without(state.outlived, who) }
}

/** The record is done by this request, or `null` if it is not its own. */
export function completed(state: GuardState, who: number, { flaw }: GuardRules): GuardState | null {
  const { record, requests } = state
  const { body = 'B', place = 0 } = requests[who] ?? {}
  const owner = flaw === 'completion without owner' ? `${record?.owner}` : `${who}`
  const completion = { key: '', fingerprint: body, answer: `${place}`, expiresSeconds: two, owner }
  const verdict = judgeCompletion(rowOf(record, false), completion)
  const isDone = verdict.kind === 'write' || (flaw === 'completion without owner' && record !== null)
  return isDone ? done(state, who) : null
}

function done(state: GuardState, who: number): GuardState {
  const { body = 'B', place = 0 } = state.requests[who] ?? {}
  const isTakenOver = false
  const record = { body, state: 'done', owner: null, isLeaseOver: false, isTakenOver, place } as const
  const outlived = without(state.outlived, who)
  return { ...state, record, outlived, recorded: withFact(state.recorded, { body, place }) }
}

/** The record is given back, if it is this request's own. */
export function released(state: GuardState, who: number, { flaw }: GuardRules): GuardState {
  const { record } = state
  const isUnknown = record?.owner === who && record.isTakenOver
  if (isUnknown && flaw !== 'release after a takeover') return disowned(state, who)
  const owner = flaw === 'release without owner' ? `${record?.owner}` : `${who}`
  const isGiven = judgeOnce(rowOf(record, false), { kind: 'release', key: '', owner }).kind === 'remove'
  return disowned(isGiven ? { ...state, record: null } : state, who)
}

/** The request goes away, and leaves the record as it is. */
export function disowned(state: GuardState, who: number): GuardState {
  const { record, outlived } = state
  const left = record?.owner === who ? { ...record, owner: null } : record
  return { ...state, record: left, outlived: without(outlived, who) }
}

/** The lease is over. Its owner, if there still is one, works on. */
export function leaseOver(state: GuardState, record: GuardRecord): GuardState {
  const { owner } = record
  const outlived = owner === null ? state.outlived : [...state.outlived, owner].sort()
  return { ...state, record: { ...record, isLeaseOver: true }, outlived }
}

function without(list: readonly number[], who: number): readonly number[] {
  return list.filter((other) => other !== who)
}
