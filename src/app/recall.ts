import type { ErrorCode } from '../errors/table.ts'
import { html } from '../html/html.ts'
import { judgeStanding, type Standing } from '../once/standing.ts'
import { isOfEpoch, isOfIncarnation } from '../once/token.ts'
import { pageHeaders, refusal, viewerOf } from './failure.ts'
import { isOver, isTheirs, type KeptAnswer, readAnswer, targetOf, toKeptReply } from './kept-answer.ts'
import { logLesson } from './log.ts'
import { open } from './open.ts'
import { page } from './page.ts'
import { Reply } from './reply.ts'
import type { Opened } from './stations.ts'
import { toStatusPage } from './status-page.ts'
import type { Submission } from './submission.ts'

/** How long a submission waits for the same one that somebody else is at, in milliseconds, before its person is told so. */
const mostWaitMs = 10_000

/**
 * Lets the first submission of a form go on. One that was done before leaves with the first answer; one that was done
 * with something else written in it, or that nobody knows the end of, goes on to be shown again.
 */
export async function recall(opened: Opened): Promise<Opened | Reply> {
  let now = opened
  let waitedMs = 0
  for (let waitMs = 25; ; waitMs = Math.min(waitMs * 2, 200)) {
    const { submission } = now
    if (submission === null) return now
    const standing = standingOf(now, submission)
    if (standing.kind !== 'running') return settle(now, submission, standing)
    if (waitedMs >= mostWaitMs) return toStatusPage(now, submission)
    await new Promise((resolve) => setTimeout(resolve, waitMs))
    waitedMs += waitMs
    now = await open(now)
  }
}

function standingOf({ opening, live }: Opened, { fingerprint }: Submission): Standing {
  return judgeStanding(opening.known, { fingerprint, nowSeconds: live.nowSeconds })
}

function settle(
  opened: Opened,
  submission: Submission,
  standing: Exclude<Standing, { kind: 'running' }>,
): Opened | Reply {
  opened.received.trace?.judge(opened, standing)
  switch (standing.kind) {
    case 'first':
      if (submission.isBegun && submission.rules.onCrash !== 'rerun') return unknownEnd(opened)
      return isOfNow(opened, submission) ? opened : { ...opened, lack: { code: whyVoid(submission), result: null } }
    case 'unknown':
      return unknownEnd(opened)
    case 'repeat':
      return answerAgain(opened, submission, readAnswer(standing.answer))
    case 'changed':
      return settleChanged(opened, submission, readAnswer(standing.answer))
  }
}

// A login, or the end of the session, ends the forms shown before it. So does a store that has come back empty: what was
// sent with them before is forgotten there.
function isOfNow({ opening, live, config }: Opened, { proven }: Submission): boolean {
  if (!isOfIncarnation(proven, opening.known.incarnation)) return false
  const { state } = live
  if (state !== null) return isOfEpoch(proven, state.epoch)
  return config.store === null ? false : opening.greeted !== null && isOfEpoch(proven, 0)
}

function settleChanged(opened: Opened, submission: Submission, first: KeptAnswer): Opened | Reply {
  if (!isTheirs({ ...opened, visitor: submission.visitor }, first)) return unknownEnd(opened)
  switch (submission.rules.changed) {
    case 'replay':
    case 'accept': // each text has a record of its own
      return answerAgain(opened, submission, first)
    case 'reject':
      return refusal(viewerOf(opened), { code: 'once/changed' })
    case 'confirm':
      return { ...opened, lack: { code: 'once/changed', result: targetOf(first) } }
  }
}

/** The first answer, once more, with the session cookie as it is now. */
function answerAgain(opened: Opened, submission: Submission, first: KeptAnswer): Opened | Reply {
  if (!isTheirs({ ...opened, visitor: submission.visitor }, first)) return unknownEnd(opened)
  if (!isOfNow(opened, submission) && isOver({ visitor: submission.visitor, state: opened.live.state }, first))
    return { ...opened, lack: { code: 'once/token-expired', result: null } }
  if (opened.config.lessons !== null)
    logLesson(opened.received, 'came again. It was not done again: the first answer was given.')
  const reply = toKeptReply(first) ?? doneBefore()
  const sent = opened.config.keeper.again(opened, { ...first, key: submission.key }, opened.live.nowSeconds)
  if (sent.kind !== 'keep') reply.headers.push('set-cookie', sent.setCookie)
  if (!reply.header('cache-control')?.includes('no-store')) reply.setHeader('cache-control', 'private, no-cache')
  return reply
}

// Where it may have been done nobody says that it was not: also where it was done by somebody, who may be this visitor,
// before their session was ended.
function unknownEnd(opened: Opened): Opened {
  return { ...opened, lack: { code: 'once/unknown', result: null } }
}

// With `rerun` the claim may have been taken over from somebody who had done it already: nobody knows.
function whyVoid({ rules }: Submission): ErrorCode {
  return rules.mode === 'guard' && rules.onCrash === 'rerun' ? 'once/unknown' : 'once/token-expired'
}

function doneBefore(): Reply {
  const content = html`<p>It was done when it was sent the first time, and it was not done again.</p>`
  return new Reply(200, pageHeaders, String(page('This was done already', content)))
}
