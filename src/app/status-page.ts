import { decodeBase64url, encodeBase64url } from '../crypto/base64url.ts'
import { html } from '../html/html.ts'
import { recordKeyOf } from '../once/record-key.ts'
import { judgeStanding } from '../once/standing.ts'
import { actionOf } from '../once/token.ts'
import { pageHeaders } from './failure.ts'
import { readAnswer, targetOf, toKeptReply } from './kept-answer.ts'
import { page } from './page.ts'
import { Reply } from './reply.ts'
import type { Opened } from './stations.ts'
import type { Submission } from './submission.ts'

/** The path of the page that waits for a submission, in every app. */
export const statusPath = '/_dewar/submission'

/** Sends a person who has waited for long to the page that goes on waiting with them. */
export function toStatusPage({ received }: Opened, { proven }: Submission): Reply {
  const query = new URLSearchParams({
    form: actionOf(received.url.pathname),
    id: encodeBase64url(proven.nonce),
    key: String(proven.keyAt),
  })
  return new Reply(
    303,
    ['location', `${received.base}${statusPath}?${query}`, 'cache-control', 'private, no-cache'],
    null,
  )
}

/**
 * The page that waits for a submission: it asks again each second, and leads to where the submission led. What is not
 * there, or somebody else's, was not done.
 */
export async function statusPage({ config, arrival, received, live }: Opened): Promise<Reply> {
  const { nowSeconds } = live
  const visitor = config.keeper.visitorOf(arrival, nowSeconds)
  const { searchParams } = received.url
  const form = searchParams.get('form') ?? ''
  const nonce = decodeBase64url(searchParams.get('id') ?? '')
  const key = config.keyring.keysFor('submission')[Number(searchParams.get('key'))]
  if (visitor === null || nonce === null || key === undefined) return notDone(form)
  const once = { key: recordKeyOf({ family: visitor.family, action: form }, nonce, key) }
  const { known } = await config.keeper.open(arrival, nowSeconds, once)
  const standing = judgeStanding(known, { fingerprint: known.once?.fingerprint ?? '', nowSeconds })
  switch (standing.kind) {
    case 'running':
      return waiting()
    case 'unknown':
      return unknown(form)
    case 'first':
      return notDone(form)
    case 'repeat':
    case 'changed': {
      const answer = readAnswer(standing.answer)
      const target = targetOf(answer)
      if (target !== null) return new Reply(303, ['location', target, ...ofThisVisitor], null)
      return toKeptReply(answer) ?? plain('This was done', html`<p>It was done, once.</p>`)
    }
  }
}

const ofThisVisitor: readonly string[] = ['cache-control', 'private, no-cache']

function waiting(): Reply {
  const reply = plain('Still working', html`<p>This page looks again by itself. Nothing is done twice.</p>`)
  reply.setHeader('refresh', '1')
  return reply
}

function unknown(form: string): Reply {
  const sentence = html`<p>We could not confirm whether it was done. Please check before you send it again.</p>`
  return plain('Please check', html`${sentence}${back(form)}`)
}

function notDone(form: string): Reply {
  return plain('This was not done', html`<p>Nothing was done. You may send the form again.</p>${back(form)}`)
}

function back(form: string) {
  return /^\/(?![/\\])/.test(form) ? html`<p><a href="${form}">Back to the form</a></p>` : html``
}

function plain(title: string, content: ReturnType<typeof html>): Reply {
  return new Reply(200, [...pageHeaders, ...ofThisVisitor], String(page(title, content)))
}
