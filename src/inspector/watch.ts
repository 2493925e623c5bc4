import { AsyncLocalStorage } from 'node:async_hooks'
import type { Received } from '../app/house.ts'
import { logNotice } from '../app/log.ts'
import type { Config } from '../app/options.ts'
import type { Reply } from '../app/reply.ts'
import { tell } from '../app/tell.ts'
import { seeStores, type Watcher } from '../app/watching.ts'
import { type History, placeOf } from './history.ts'
import { Recorder } from './recorder.ts'

/** A watcher that takes down what an app answers. */
export class RecordingWatcher implements Watcher {
  readonly history: History
  readonly #config: Config

  constructor(history: History, config: Config) {
    this.history = history
    this.#config = config
    seeStores(ask)
  }

  async watch(received: Received, go: (received: Received) => Promise<Reply>): Promise<Reply> {
    if (received.trace !== undefined) return go(received) // the app around this one takes it down
    const { request, url } = received
    const sender = { address: received.address() ?? '', userAgent: request.headers.get('user-agent') ?? '' }
    const recorder = new Recorder(received, this.#config)
    const reply = await current.run(recorder, () => go({ ...received, trace: recorder }))
    if (recorder.isOfInspector || isPartOfPage(request, reply)) return reply
    const from = { sender, asked: isAhead(request) ? null : placeOf(url), to: targetOf(reply, url) }
    try {
      this.history.add(recorder.finish(reply), from)
    } catch (error) {
      logNotice(`The inspector could not take down a request: ${tell(error)}`) // its visitor is answered all the same
    }
    return reply
  }
}

// Says which request a question to a store belongs to, wherever in the app it is asked.
const current = new AsyncLocalStorage<Recorder>()

function ask<Answer>(call: string, answer: () => Answer): Answer {
  const recorder = current.getStore()
  if (recorder === undefined) return answer()
  const begun = performance.now()
  const note = (failed: boolean): void => recorder.tripped({ call, ms: performance.now() - begun, failed })
  let given: Answer
  try {
    given = answer()
  } catch (error) {
    note(true)
    throw error
  }
  if (given instanceof Promise) {
    given.then(
      () => note(false),
      () => note(true),
    )
  } else note(false)
  return given
}

// What a page loads beside itself. A browser says so; what fails is shown all the same.  Fetch Metadata §2.1
function isPartOfPage({ headers }: Request, reply: Reply): boolean {
  return (
    reply.status < 400 &&
    reply.header('set-cookie') === undefined &&
    partsOfPages.has(headers.get('sec-fetch-dest') ?? '')
  )
}

const partsOfPages: ReadonlySet<string> = new Set([
  'style',
  'script',
  'image',
  'font',
  'audio',
  'video',
  'track',
  'manifest',
])

// A page that is fetched ahead is not one that somebody was led to.
function isAhead({ headers }: Request): boolean {
  return /prefetch|prerender/.test(headers.get('sec-purpose') ?? headers.get('purpose') ?? '')
}

function targetOf(reply: Reply, url: URL): string | null {
  const location = reply.header('location')
  return location !== undefined && URL.canParse(location, url.href) ? placeOf(new URL(location, url.href)) : null
}
