import type { Model, Properties, Step } from './explore.ts'
import {
  claimed,
  completed,
  disowned,
  type GuardRules,
  type GuardState,
  leaseOver,
  look,
  lookOn,
  released,
  type Seen,
  type Stage,
} from './guard-record.ts'
import {
  answered,
  arrivalSteps,
  freshPlace,
  isAllAnswered,
  isOneBody,
  isOneEach,
  killSteps,
  nameByProcess,
  type Request,
  type Sent,
  send,
  Telling,
  timeSteps,
  withFact,
  withRequest,
} from './submission-model.ts'

/*
 * Mode `guard`: the record is claimed before the handler runs, with an owner and a lease; the effect is outside of the
 * store; the owner completes the record.
 *
 *     stage     what has happened                       what may follow
 *     looking   it has its turn                         claims the record → claimed, or its reply is lost → refused; finds it
 *                                                       done → its redirect, or asked; finds it running → looks again, until
 *                                                       it is sent to the waiting page; finds its lease over → asked
 *     claimed   it owns the record, the handler runs    says that something outside begins → outside;
 *                                                       throws, 4xx → frees the record, refused
 *     outside   it has said so                          does the effect → effected; throws → keeps the record, refused
 *     effected  the effect has happened                 completes the record → kept, or its reply is lost, or it cannot
 *                                                       → refused; it is not its own any more → looking; throws → refused
 *     kept      the record is done                      answers with the redirect → done
 *     any       its process is killed                   silent; nobody owns its record any more
 *
 *     waiting page   it was running for long            looks as above, and claims nothing: a redirect, or asked
 *
 * A lease may end at any time, with its owner at work as well. With `onCrash: 'confirm'` nobody takes the record over
 * then, and whoever comes is asked. With `'rerun'` the next one of the same text does; since nobody knows how far the one
 * before it came, it does not free the record any more: what gives it back leaves it running.
 *
 * A request that goes away with the record running leaves it to nobody: what it has sent to the store comes before that,
 * or does not come.
 *
 * The stages `free` and `told early` belong to flaws.
 */

/** Requests with one token. */
export function guardModel({ onCrash, flaw, ...sent }: Sent & GuardRules): Model<GuardState> {
  const { processes } = sent
  const rules = { onCrash, ...(flaw && { flaw }) }
  return {
    first: { ...send<Stage>(sent), effects: [], recorded: [], outlived: [], isStray: false },
    name: (state) => nameOf(state, processes),
    steps: (state) => [
      ...processes.flatMap((_, who) => arrivalSteps(state, who, { processes, first: 'looking' })),
      ...processes.flatMap((_, who) => stageSteps(state, who, rules)),
      ...killSteps(state, processes, disowned),
      ...(flaw === 'claim without a lease' ? [] : leaseSteps(state)),
      ...timeSteps(state, flaw),
    ],
    always: onCrash === 'confirm' ? { ...always, ...atMostOnce } : { ...always, ...atLeastOnce },
    reachable,
  }
}

function nameOf(state: GuardState, processes: readonly number[]): string {
  const { record, effects, recorded, outlived, isStray } = state
  const { owner, ...known } = record ?? { owner: null }
  const rest = `${Object.values(known)} ${owner === null} ${effects} ${recorded} ${isStray}`
  return nameByProcess(state, { processes, ofRequest: (who) => `${owner === who} ${outlived.includes(who)}`, rest })
}

const always: Properties<GuardState> = {
  '1 it is recorded as done at most once': ({ recorded }) => isOneEach(recorded),
  '2 every redirect leads to one place, and its effect is recorded': ({ told, recorded }) =>
    isOneEach(told) && told.every((fact) => recorded.includes(fact)),
  '4 another body never runs silently': ({ effects }) => isOneBody(effects),
}

const atMostOnce: Properties<GuardState> = {
  '1 the effect happens at most once': ({ effects }) => isOneEach(effects),
}

const atLeastOnce: Properties<GuardState> = {
  '1 the effect happens again only where an owner was killed or outlived its lease': ({ isStray }) => !isStray,
}

const reachable: Properties<GuardState> = {
  '3 everybody can still be answered': isAllAnswered,
  '3b who keeps asking gets the effect, or is asked': ({ recorded, requests, token }) =>
    recorded.length > 0 || requests.some(({ at }) => at === 'asked') || token !== 'good',
}

function stageSteps(state: GuardState, who: number, rules: GuardRules): readonly Step<GuardState>[] {
  const { at, place } = state.requests[who] as Request<Stage>
  const tell = new Telling(state, who)
  switch (at) {
    case 'looking':
      return looks(state, who, rules)
    case 'waiting page':
      return waits(state, who, rules)
    case 'free':
      return [tell.step('claims it', claimed(state, who))]
    case 'claimed':
      return [
        tell.step('says that something outside begins', withRequest(state, who, { at: 'outside' })),
        tell.trouble('throws, or answers 4xx, and frees it', refused(released(state, who, rules), who)),
      ]
    case 'outside':
      return [
        acts(state, who, rules),
        tell.trouble('throws, and leaves it running', refused(disowned(state, who), who)),
      ]
    case 'effected':
      return completes(state, who, rules)
    case 'told early':
      return [
        tell.step('completes it', withRequest(completed(state, who, rules) ?? state, who, { at: 'done', place: 0 })),
      ]
    case 'kept':
      return [tell.step(`answers with a redirect to ${place}`, answered(state, who, { at: 'done', place }))]
    default:
      return []
  }
}

function refused(state: GuardState, who: number): GuardState {
  return answered(state, who, { at: 'refused' })
}

function looks(state: GuardState, who: number, rules: GuardRules): readonly Step<GuardState>[] {
  const tell = new Telling(state, who)
  const seen = look(state, who, rules)
  switch (seen.kind) {
    case 'free': {
      if (rules.flaw === 'check, then claim')
        return [tell.step('finds it free', withRequest(state, who, { at: 'free' }))]
      const mine = claimed(state, who)
      return [
        tell.step('claims it', mine),
        tell.trouble('claims it, and never hears of it: 503', refused(disowned(mine, who), who)),
      ]
    }
    case 'running':
      return [tell.step('has waited for long: to the waiting page', withRequest(state, who, { at: 'waiting page' }))]
    case 'unknown': {
      const left = rules.flaw === 'release without owner' ? released(state, who, rules) : state
      return [tell.step('is asked: nobody knows whether it was done', answered(left, who, { at: 'asked' }))]
    }
    case 'done':
      return [isTold(state, who, { seen, compares: rules.flaw !== 'repeat without comparing bodies' })]
  }
}

function waits(state: GuardState, who: number, { flaw }: GuardRules): readonly Step<GuardState>[] {
  const tell = new Telling(state, who)
  const seen = lookOn(state)
  switch (seen.kind) {
    case 'free':
      return [tell.step('is asked: nothing was done', answered(state, who, { at: 'asked' }))]
    case 'running':
      return []
    case 'unknown':
      return [tell.step('is asked: nobody knows whether it was done', answered(state, who, { at: 'asked' }))]
    case 'done':
      return [isTold(state, who, { seen, compares: flaw !== 'waiting page without comparing bodies' })]
  }
}

function isTold(
  state: GuardState,
  who: number,
  { seen, compares }: { readonly seen: Seen & { readonly kind: 'done' }; readonly compares: boolean },
): Step<GuardState> {
  const { body, place } = seen
  const tell = new Telling(state, who)
  if (compares && body !== state.requests[who]?.body) {
    return tell.step(`is asked: ${body} was done with this token`, answered(state, who, { at: 'asked' }))
  }
  return tell.step(`finds it done: a redirect to ${place}`, answered(state, who, { at: 'done', place }))
}

// Where it may happen again, all that counts is that it has; it comes to its place when it is completed.
function acts(state: GuardState, who: number, { onCrash }: GuardRules): Step<GuardState> {
  const { effects, outlived, record } = state
  const place = onCrash === 'rerun' ? 0 : newPlace(state)
  const next = withRequest(state, who, { at: 'effected', place })
  const { body } = next.requests[who] as Request<Stage>
  const isClaimed = record?.state === 'done' || record?.owner === who
  return new Telling(state, who).step('does the effect', {
    ...next,
    effects: withFact(effects, { body, place }),
    isStray: state.isStray || !(isClaimed || outlived.includes(who)),
  })
}

function newPlace(state: GuardState): number {
  return freshPlace(state, [...state.effects, ...state.recorded])
}

function completes(before: GuardState, who: number, rules: GuardRules): readonly Step<GuardState>[] {
  const place = before.requests[who]?.place || newPlace(before)
  const state = withRequest(before, who, { place })
  const tell = new Telling(state, who)
  const leaves = tell.trouble('throws, or has no store, and leaves it running', refused(disowned(state, who), who))
  if (rules.flaw === 'redirect before the completion') {
    const told = withRequest(answered(state, who, { at: 'done', place }), who, { at: 'told early', place })
    return [tell.step(`answers with a redirect to ${place}`, told), leaves]
  }
  const done = completed(state, who, rules)
  if (done === null) {
    return [
      tell.step('would complete it, and owns it no more', withRequest(state, who, { at: 'looking', place: 0 })),
      leaves,
    ]
  }
  return [
    tell.step(`completes it with a redirect to ${place}`, withRequest(done, who, { at: 'kept' })),
    tell.trouble('completes it, and never hears of it: 503', refused(done, who)),
    leaves,
  ]
}

function leaseSteps(state: GuardState): readonly Step<GuardState>[] {
  const { record } = state
  if (record === null || record.state === 'done' || record.isLeaseOver) return []
  return [{ does: 'the lease ends', to: leaseOver(state, record), isTrouble: false }]
}
