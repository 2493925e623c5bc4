import { errorBehind } from '../app/failure.ts'
import { isFromHere } from '../app/from-here.ts'
import type { Received } from '../app/house.ts'
import { Reply } from '../app/reply.ts'
import type { Watcher } from '../app/watching.ts'
import { prefersJson } from '../http/accept.ts'
import { DevEvents } from './dev-events.ts'
import { withScript } from './dev-insert.ts'
import { requestLine } from './dev-log.ts'
import { errorPage } from './dev-page.ts'
import { reloadPath, reloadScript, scriptPath } from './dev-script.ts'

/** What stands before an app in development. */
export interface Front {
  readonly watcher: Watcher
  /** Tells open pages that they show something old. */
  refresh(run: string): void
  /** Ends the streams that would hold the process. */
  end(): void
}

/** How a front is made. */
export interface FrontOptions {
  /** The name of what is served: another one after each change. */
  readonly run: string
  /** Where the log of requests goes. */
  readonly terminal: Pick<NodeJS.WriteStream, 'write'>
}

/**
 * Puts the help of `dewar dev` around another watcher: pages that load themselves again when the app has changed, pages
 * for errors that show the source, and a log of requests. But for the log, it is there for this machine alone.
 */
export function frontAround(inner: Watcher, { run, terminal }: FrontOptions): Front {
  const events = new DevEvents(run)
  const answer = async (received: Received, go: Go): Promise<Reply> => {
    const began = performance.now()
    const reply = events.endable(await inner.watch(received, go))
    const tookMs = performance.now() - began
    const shown = isFromHere(received) ? await dressed(received, reply, events.run) : reply
    if (!received.url.pathname.startsWith('/_dewar/') && received.url.pathname !== '/_dewar') {
      terminal.write(`${requestLine({ received, reply: shown, tookMs })}\n`)
    }
    return shown
  }
  const watcher: Watcher = {
    async watch(received, go) {
      return (isFromHere(received) ? answerOwn(received, events) : null) ?? answer(received, go)
    },
  }
  return { watcher, refresh: (to) => events.refresh(to), end: () => events.end() }
}

type Go = (received: Received) => Promise<Reply>

function answerOwn({ request, url }: Received, events: DevEvents): Reply | null {
  if (request.method !== 'GET' && request.method !== 'HEAD') return null
  switch (url.pathname) {
    case reloadPath:
      return events.open()
    case scriptPath:
      return new Reply(200, scriptHeaders, reloadScript)
    default:
      return null
  }
}

const scriptHeaders: readonly string[] = [
  ...['content-type', 'text/javascript; charset=utf-8'],
  ...['x-content-type-options', 'nosniff'],
  ...['cache-control', 'no-cache'],
]

// What was changed long ago a browser takes from its cache for a while, and a style sheet that was saved just now stays
// the old one. RFC 9111 §4.2.2
function askedEachTime(reply: Reply): Reply {
  const isGuessed = reply.header('last-modified') !== undefined && reply.header('cache-control') === undefined
  if (isGuessed) reply.setHeader('cache-control', 'no-cache')
  return reply
}

async function dressed(received: Received, reply: Reply, run: string): Promise<Reply> {
  const error = errorBehind(reply)
  const wantsPage = /text\/html/i.test(received.request.headers.get('accept') ?? '')
  const isTold = error !== undefined && reply.status === 500 && wantsPage
  const page = isTold && !prefersJson(received.request.headers.get('accept')) ? await errorPage(error) : null
  const shown = page === null ? reply : new Reply(reply.status, reply.headers, page)
  return withScript(received, askedEachTime(shown), run)
}
