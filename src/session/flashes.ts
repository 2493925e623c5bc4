import type { LiveSession } from './live-session.ts'
import type { Flash, FlashMessage } from './state.ts'

/** What a request may do with the messages that wait in its session. */
export interface FlashReader {
  /** The path and query of this page. */
  readonly page: string
  /** A prefetch or a HEAD may have the messages and takes none: nobody has seen them yet. */
  readonly unseen: boolean
}

/** The messages for this page, oldest first. They are taken when the answer is kept, so a page that fails takes none. */
export function takeFlashes(live: LiveSession, { page, unseen }: FlashReader): readonly FlashMessage[] {
  const shown = live.state?.flashes.filter((flash) => isFor(flash, page)) ?? []
  if (shown.length > 0 && !unseen) live.do({ kind: 'take', ids: shown.map(({ id }) => id) })
  return shown.map(({ message, category }) => Object.freeze({ message, category }))
}

/**
 * After a redirect: messages of this request without a page, and those that waited for the page that redirects,
 * go to the page it leads to. `target` gives its path and query, or `null` if it is not one of this app.
 */
export function forwardFlashes(live: LiveSession, page: string, target: () => string | null): void {
  if (live.state === null || live.state.flashes.length === 0) return
  const added = live.log.flatMap((operation) => (operation.kind === 'flash' ? [operation.flash.id] : []))
  const moving = live.state.flashes.filter(
    (flash) => flash.page === page || (flash.page === null && added.includes(flash.id)),
  )
  if (moving.length === 0) return
  live.do({ kind: 'readdress', ids: moving.map(({ id }) => id), page: target() })
}

function isFor(flash: Flash, page: string): boolean {
  return flash.page === null || flash.page === page
}
