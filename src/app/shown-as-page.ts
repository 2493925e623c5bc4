import type { Reply } from './reply.ts'

/**
 * Whether a browser shows an answer as a page of its own, text and JSON too, which can then be reloaded. A script that asks
 * for a piece of a page shows it itself.  Fetch Metadata §2.2
 */
export function isShownAsPage({ headers }: Request, reply: Reply): boolean {
  const mode = headers.get('sec-fetch-mode')
  const type = reply.header('content-type') ?? ''
  if (mode === 'navigate') return /^(?:text\/(?:html|plain)|application\/json)\b/.test(type)
  return mode === null && /^text\/html\b/.test(type) // who does not say it may be a script: a page alone is sure
}
