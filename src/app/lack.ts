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
  const content = html`<p>${sentence} If you want both, go back, reload the page, and send it again.</p>
<p><a href="${result}">See what came of it</a></p>`
  return new Reply(status, [...pageHeaders, 'cache-control', 'no-store'], String(page('This was not done', content)))
}
