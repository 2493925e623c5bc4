import { statSync } from 'node:fs'

/** A text that is another one when a file has changed; empty if there is none. */
export function stampOf(path: string): string {
  const facts = statSync(path, { throwIfNoEntry: false })
  return facts?.isFile() ? `${facts.mtimeMs} ${facts.size} ${facts.ino}` : ''
}
