import { DewarError } from '../errors/dewar-error.ts'
import { admit } from './admit.ts'
import { answer } from './answer.ts'
import { commit } from './commit.ts'
import { failureOf, viewerOf } from './failure.ts'
import { guard } from './guard.ts'
import type { House, Received } from './house.ts'
import { logError } from './log.ts'
import { open } from './open.ts'
import { prove } from './prove.ts'
import { readForm } from './read-form.ts'
import { recall } from './recall.ts'
import { Reply } from './reply.ts'
import { route } from './route.ts'
import { spellRedirect } from './spelled-redirect.ts'
import { type Answered, isAnswered, type Proven, type Submitted } from './stations.ts'
import type { Submission } from './submission.ts'
import { canDoWithout, openLate, unopened } from './unopened.ts'
import { passed } from './watching.ts'

/**
 * The way of a request. Each station takes what the one before it made and returns the next, or the reply with which
 * the request leaves. Read them in this order.
 *
 *     Received -> Routed -> Admitted -> Guarded -> Submitted -> Proven -> Opened -> Answered -> Committed
 *        |        404 405     403         any     400 408 413    403    503, first     any        500 503
 *        |                origin judged,               415             answer again
 *        |                no body byte read yet
 */
export function turn(house: House, received: Received): Promise<Reply> {
  const watcher = house.config.watching?.watcher ?? null
  return watcher === null ? go(house, received) : watcher.watch(received, (watched) => go(house, watched))
}

async function go(house: House, received: Received): Promise<Reply> {
  try {
    return spellRedirect(received, await walk(house, received))
  } catch (error) {
    received.trace?.fail(error)
    const viewer = viewerOf({ received, config: house.config })
    logError(viewer.env, error, viewer)
    return failureOf(viewer, error)
  }
}

// A page that is read waits for nothing on its way: what is there at once is not awaited, for that costs it a turn each time.
async function walk(house: House, received: Received): Promise<Reply> {
  const routed = passed(received, 'Routed', route(house, received))
  if (routed instanceof Reply) return routed

  const admitted = passed(received, 'Admitted', admit(routed))
  if (admitted instanceof Reply) return admitted

  const asked = guard(house, admitted)
  const guarded = passed(received, 'Guarded', asked instanceof Promise ? await asked : asked)
  if (isAnswered(guarded)) return committed(guarded)

  const reading = readForm(guarded)
  const submitted = passed(received, 'Submitted', reading instanceof Promise ? await reading : reading)
  if (submitted instanceof Reply) return submitted
  return submitted.temporary.goWith(() => finish(house, submitted))
}

async function finish(house: House, submitted: Submitted): Promise<Reply> {
  const { received } = submitted
  const proving = prove(submitted)
  const proven = passed(received, 'Proven', proving instanceof Promise ? await proving : proving)
  if (proven instanceof Reply) return proven

  const { submission, config } = proven
  if (submission === null && canDoWithout(house, proven)) {
    const answered = await openLate(await answer(house, passed(received, 'Opened', unopened(proven))))
    return committed(passed(received, 'Answered', answered))
  }
  if (submission === null) {
    const opening = open(proven)
    const opened = passed(received, 'Opened', opening instanceof Promise ? await opening : opening)
    return committed(passed(received, 'Answered', await answer(house, opened)))
  }
  // What is sent twice in this process is done one after the other: the second finds what the first has left.
  return config.turns.take(submission.key, () => finishOnce(house, proven))
}

// A submission that somebody else has done meanwhile is looked at again: then there is their answer.
async function finishOnce(house: House, proven: Proven): Promise<Reply> {
  for (let now = proven; ; ) {
    const opened = passed(now.received, 'Opened', await recall(await open(now)))
    if (opened instanceof Reply) return opened
    const answered = passed(now.received, 'Answered', await answer(house, opened))
    const reply = await commit(answered)
    if (reply !== 'lost') return reply
    if (answered.context.isOutside && now.submission !== null) now = begun(now, now.submission)
  }
}

function begun(proven: Proven, submission: Submission): Proven {
  return { ...proven, submission: { ...submission, isBegun: true } }
}

async function committed(answered: Answered): Promise<Reply> {
  const reply = await commit(answered)
  if (reply === 'lost') throw new DewarError('once/lost') // nothing was submitted here
  return reply
}
