/** What the process of `dewar dev` tells the one that has the app. A connection comes with `connection`. */
export type Order =
  /** Be ready for an app that will need these modules. */
  | { readonly dewar: 'warm'; readonly modules: readonly string[] }
  /** Load the app, and serve it. */
  | { readonly dewar: 'load'; readonly file: string; readonly run: string }
  /** Serve nothing but the page that says why there is no app. */
  | { readonly dewar: 'show'; readonly sentence: string; readonly run: string }
  | { readonly dewar: 'connection'; readonly id: number }
  /** Something changed that the pages show, and the app need not be loaded again. */
  | { readonly dewar: 'refresh'; readonly run: string }
  | { readonly dewar: 'stop'; readonly graceSeconds: number }

/** What the process that has the app tells. */
export type Report =
  /** It begins to load the app; and it is done with that, however it went. */
  | { readonly dewar: 'loading' | 'loaded' }
  /** It takes connections: with the app, or with the page that says why there is none. */
  | { readonly dewar: 'serving'; readonly failure: string | null }
  /** The connection with this id is its own now. */
  | { readonly dewar: 'taken'; readonly id: number }
  | Seen
  | Pure
  | Ahead
  /** A module was looked for, and is not there. `path` is `null` for a package. */
  | { readonly dewar: 'missing'; readonly path: string | null }

/** A module of a package was loaded that says of itself that loading it does nothing else. */
export interface Pure {
  readonly dewar: 'pure'
  readonly url: string
}

/** A file was loaded before an app asks for it, as it was at that time. */
export interface Ahead {
  readonly dewar: 'ahead'
  readonly path: string
  readonly stamp: string
}

/** A file was loaded, as it was at that time. */
export interface Seen {
  readonly dewar: 'seen'
  readonly path: string
  readonly stamp: string
}

/** Whether a message between the two is one of these: an app may send messages of its own. */
export function isTold(message: unknown): message is Order | Report {
  return typeof message === 'object' && message !== null && 'dewar' in message && typeof message.dewar === 'string'
}
