import type { OnceEnd } from '../session/keeper.ts'
import { writeAnswer } from './kept-answer.ts'
import type { Answered } from './stations.ts'
import type { Submission } from './submission.ts'

/** The submission as it is done, with its answer and what was done to the session. */
export function completionOf(
  submission: Submission,
  { reply, live }: Pick<Answered, 'reply' | 'live'>,
): OnceEnd & { readonly kind: 'complete' } {
  const { key, fingerprint, expiresSeconds, owner, visitor } = submission
  const signsIn = live.log.some(({ kind }) => kind === 'login')
  return {
    kind: 'complete',
    key,
    fingerprint,
    expiresSeconds,
    owner,
    answer: (sent) => writeAnswer(reply, { ...sent, code: visitor.code, signsIn }),
  }
}

/**
 * What becomes of a submission with its answer: done, with 2xx and 3xx of its handler; free again for another try, where
 * that threw or answered 4xx or 5xx, whatever `onError` or a middleware makes of it, unless it has said that something
 * outside has begun, or is still at it.
 */
export function onceEndOf({ submission, lack, reply, context, opening, live }: Answered): OnceEnd | undefined {
  if (submission === null) return undefined
  if (lack === null && reply.status < 400 && context.isDone) return completionOf(submission, { reply, live })
  const { key, owner, isBegun } = submission
  const isFree = opening.known.isMine && !context.isOutside && !isBegun && !context.isRunning
  return owner === undefined || !isFree ? undefined : { kind: 'release', key, owner }
}
