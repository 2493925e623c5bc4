import { decodeBase64url, encodeBase64url } from '../crypto/base64url.ts'
import type { Key } from '../crypto/keyring.ts'
import { errorEntry } from '../errors/table.ts'
import { type Html, html } from '../html/html.ts'
import { recordKeyFor, recordKeyOf } from '../once/record-key.ts'
import { judgeStanding } from '../once/standing.ts'
import { actionOf } from '../once/token.ts'
import type { Opening, Visitor } from '../session/keeper.ts'
import { pageHeaders } from './failure.ts'
import { isTheirs, readAnswer, targetOf, toKeptReply } from './kept-answer.ts'
import { page } from './page.ts'
import { Reply } from './reply.ts'
import type { Opened } from './stations.ts'
import type { Submission } from './submission.ts'

/** The path of the page that waits for a submission, in every app. */
export const statusPath = '/_dewar/submission'

/** Sends a person who has waited for long to the page that goes on waiting with them. */
export function toStatusPage({ received }: Opened, { key, proven, fingerprint, rules }: Submission): Reply {
  const query = new URLSearchParams({
    form: actionOf(received.url.pathname),
    id: encodeBase64url(proven.nonce),
    of: fingerprint,
    record: key,
    ...(rules.changed === 'accept' && { each: '' }),
  })
  return new Reply(303, ['location', `${received.base}${statusPath}?${query}`, ...ofThisVisitor], null)
}

/**
 * The page that waits for a submission: it asks again each second, and leads to where the submission led. What is not
 * there was not done. Who is not, or not any more, the one who sent it is told to check.
 */
export async function statusPage({ config, arrival, received, live }: Opened): Promise<Reply> {
  const { nowSeconds } = live
  const { searchParams } = received.url
  const form = searchParams.get('form') ?? ''
  const fingerprint = searchParams.get('of') ?? ''
  const visitor = config.keeper.visitorOf(arrival, nowSeconds)
  const record = searchParams.get('record') ?? ''
  const isTheirs = (key: Key): boolean => visitor !== null && recordKeyIn(searchParams, visitor, key) === record
  if (visitor === null || !config.keyring.keysFor('submission').some(isTheirs)) return unknown(form)
  const opening = await config.keeper.open(arrival, nowSeconds, { key: record })
  if (!opening.isAvailable) opening.state() // throws
  return told({ opening, config, visitor }, { form, fingerprint, nowSeconds })
}

// The key that only the family of its visitor gives again, by whichever secret its token was made with.
function recordKeyIn(asked: URLSearchParams, { family }: Visitor, key: Key): string {
  const nonce = decodeBase64url(asked.get('id') ?? '') ?? new Uint8Array()
  const record = recordKeyOf({ family, action: asked.get('form') ?? '' }, nonce, key)
  return asked.has('each') ? recordKeyFor(record, asked.get('of') ?? '', key) : record
}

interface Listening {
  readonly opening: Opening
  readonly config: Opened['config']
  readonly visitor: Visitor
}

function told(
  listening: Listening,
  { form, ...asked }: { readonly form: string; readonly fingerprint: string; readonly nowSeconds: number },
): Reply {
  const standing = judgeStanding(listening.opening.known, asked)
  switch (standing.kind) {
    case 'running':
      return waiting()
    case 'unknown':
      return unknown(form)
    case 'first':
      return notDone(form)
    case 'repeat': {
      const answer = readAnswer(standing.answer)
      if (!isTheirs(listening, answer)) return unknown(form)
      const target = targetOf(answer)
      if (target !== null) return new Reply(303, ['location', target, ...ofThisVisitor], null)
      return toKeptReply(answer) ?? plain('This was done', html`<p>It was done, once.</p>`)
    }
    case 'changed': {
      const answer = readAnswer(standing.answer)
      return isTheirs(listening, answer) ? changed(form, targetOf(answer)) : unknown(form)
    }
  }
}

const ofThisVisitor: readonly string[] = ['cache-control', 'private, no-cache']

const waitingText: Html = html`<p>What you sent is being done. It takes longer than usual.</p>
<p>You need not send it again: this page looks every second, and goes on when it is done.</p>`

function waiting(): Reply {
  const reply = plain('Still working', waitingText)
  reply.setHeader('refresh', '1')
  return reply
}

function unknown(form: string): Reply {
  const sentence = html`<p>${errorEntry('once/unknown').sentence}</p>`
  return plain('Please check', html`${sentence}${back(form)}`)
}

function notDone(form: string): Reply {
  return plain('This was not done', html`<p>You may send the form again.</p>${back(form)}`)
}

function changed(form: string, result: string | null): Reply {
  const first = result === null ? null : html` <a href="${result}">See what came of the first one</a>.`
  const sentence = html`<p>The form had been sent before, with something else written in it, and that was done.${first}</p>`
  return plain('This was not done', html`${sentence}${back(form)}`)
}

function back(form: string): Html {
  return /^\/(?![/\\])/.test(form) ? html`<p><a href="${form}">Back to the form</a></p>` : html``
}

function plain(title: string, content: Html): Reply {
  return new Reply(200, [...pageHeaders, ...ofThisVisitor], String(page(title, content)))
}
