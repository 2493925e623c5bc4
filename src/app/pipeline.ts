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
import { Reply } from './reply.ts'
import { route } from './route.ts'
import { spellRedirect } from './spelled-redirect.ts'
import type { Submitted } from './stations.ts'

/**
 * The way of a request. Each station takes what the one before it made and returns the next, or the reply with which
 * the request leaves. Read them in this order.
 *
 *     Received -> Routed -> Admitted -> Guarded -> Submitted -> Proven -> Opened -> Answered -> Committed
 *        |        404 405     403         any     400 408 413    403                  any          500
 *        |                origin judged,               415
 *        |                no body byte read yet
 */
export async function turn(house: House, received: Received): Promise<Reply> {
  try {
    return spellRedirect(received, await walk(house, received))
  } catch (error) {
    const viewer = viewerOf({ received, config: house.config })
    logError(viewer.env, error, viewer)
    return failureOf(viewer, error)
  }
}

async function walk(house: House, received: Received): Promise<Reply> {
  const routed = route(house, received)
  if (routed instanceof Reply) return routed

  const admitted = admit(routed)
  if (admitted instanceof Reply) return admitted

  const guarded = await guard(house, admitted)
  if ('reply' in guarded) return commit(guarded)

  const submitted = await readForm(guarded)
  if (submitted instanceof Reply) return submitted
  return submitted.temporary.goWith(() => finish(house, submitted))
}

async function finish(house: House, submitted: Submitted): Promise<Reply> {
  const proven = await prove(submitted)
  if (proven instanceof Reply) return proven

  const opened = await open(proven)
  const answered = await answer(house, opened)
  return commit(answered)
}
