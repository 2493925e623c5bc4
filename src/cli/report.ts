/** What a worker tells the process that started it. */
export type Report =
  | ({ readonly kind: 'listening' } & Listening)
  /** It will serve nothing, and ends. */
  | { readonly kind: 'failed'; readonly sentence: string }

/** A worker that takes requests. */
export interface Listening {
  readonly url: string
  /** What its stores hold, by name: workers that share them say the same. `null` if they were away. */
  readonly stores: string | null
}

/** Whether a message between processes is a report: an app may send messages of its own. */
export function isReport(message: unknown): message is Report {
  if (typeof message !== 'object' || message === null || !('kind' in message)) return false
  if (message.kind === 'failed') return 'sentence' in message && typeof message.sentence === 'string'
  if (message.kind !== 'listening' || !('url' in message && 'stores' in message)) return false
  return typeof message.url === 'string' && (message.stores === null || typeof message.stores === 'string')
}
