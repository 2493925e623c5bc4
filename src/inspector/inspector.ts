import { type AnyDewar, enter, houseOf } from '../app/dewar.ts'
import { refusal, viewerOf } from '../app/failure.ts'
import { isFromHere } from '../app/from-here.ts'
import type { House, Received } from '../app/house.ts'
import type { Reply } from '../app/reply.ts'
import { statusPath } from '../app/status-page.ts'
import type { Watcher } from '../app/watching.ts'
import { History } from './history.ts'
import { createPages, noPages } from './pages.ts'
import { Recorder } from './recorder.ts'
import { RecordingWatcher } from './watch.ts'

/** Where `dewar dev` shows the inspector. */
const inspectorPath = '/_dewar'

/**
 * The inspector of an app, as an app of its own: `app.mount('/_dewar', inspector(app))`. It shows each request live on
 * its way through the loop, joined with the one that its redirect led to; what was posted, how it was judged, what
 * became of the session; and the routes and the sessions of the app. It remembers the last 300 requests, in this process.
 *
 * It answers in development alone, to requests from this machine alone; anybody else, and everybody in production, gets
 * 404 as if it were not there. Where the server does not tell an address (Bun, Deno, Workers) that is everybody too.
 */
export function inspector(app: AnyDewar): AnyDewar {
  const { config } = houseOf(app)
  const { watching } = config
  if (watching === null) return noPages()
  const known = watching.watcher instanceof RecordingWatcher ? watching.watcher : null // mounted twice
  const watcher = known ?? new RecordingWatcher(new History(), config)
  watching.watcher = watcher
  return guarded(createPages(app, watcher.history))
}

/**
 * A watcher that shows the inspector at `/_dewar` in front of an app, whatever middleware the app has. For `dewar dev`.
 */
export function inspectorInFront(app: AnyDewar): Watcher {
  const watcher = new RecordingWatcher(new History(), houseOf(app).config)
  const pages = guarded(createPages(app, watcher.history))
  return {
    watch(received, go) {
      const isForPages = isBelow(received.url.pathname) && isShown(received)
      return isForPages ? enter(pages, { ...received, base: inspectorPath }) : watcher.watch(received, go)
    },
  }
}

// The one gate, in front of all that the pages answer: also of 405 and of failures.
function guarded(pages: AnyDewar): AnyDewar {
  const house = houseOf(pages)
  const { watching } = house.config
  if (watching === null) throw new TypeError('The pages of the inspector are for development.')
  watching.watcher = {
    watch({ trace, ...received }, go) {
      if (trace instanceof Recorder) trace.isOfInspector = true
      return isShown(received) ? go(received) : Promise.resolve(notThere(house, received))
    },
  }
  return pages
}

function notThere({ config }: House, received: Received): Reply {
  return refusal(viewerOf({ received, config }), { status: 404 })
}

// Where no address is told, as on Bun, nobody knows.
function isShown(received: Received): boolean {
  return received.address() !== null && isFromHere(received)
}

function isBelow(path: string): boolean {
  return (path === inspectorPath || path.startsWith(`${inspectorPath}/`)) && path !== statusPath
}
