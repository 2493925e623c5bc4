import { errorEntry } from '../errors/table.ts'
import { html } from '../html/html.ts'
import { prefersJson } from '../http/accept.ts'
import { pageHeaders, refusal, viewerOf } from './failure.ts'
import { page } from './page.ts'
import { Reply } from './reply.ts'
import type { Opened } from './stations.ts'
import type { Lack } from './submission.ts'

/** The page for something that was not done and has no form to be shown again. */
export function lackPage(opened: Opened, { code, result }: Lack): Reply {
  const viewer = viewerOf(opened)
  if (result === null || prefersJson(viewer.request.headers.get('accept'))) return refusal(viewer, { code })
  const { status, sentence } = errorEntry(code)
  const content = html`<p><a href="${result}">See what came of it</a>, or go back, reload the page, and send it again.</p>`
  return new Reply(status, [...pageHeaders, 'cache-control', 'no-store'], String(page(sentence, content)))
}
