import { readFileSync } from 'node:fs'
import type { FileFacts, MeantField } from './meant.ts'

/** What a real client sent once, and what it meant by it. */
export interface Capture {
  readonly name: string
  readonly client: string
  readonly contentType: string
  readonly body: Buffer
  /** In order. What the client lost is as it arrives; a capture that is refused has what was meant. */
  readonly entries: readonly (MeantField | FileFacts)[]
  readonly loses?: string
  /** The code with which it is refused. */
  readonly refused?: string
  readonly isUnopened?: true
}

const folder = new URL('../vectors/multipart/', import.meta.url)
const index: Omit<Capture, 'body'>[] = JSON.parse(readFileSync(new URL('index.json', folder), 'utf8'))

/** Every capture there is. */
export const captures: readonly Capture[] = index.map((capture) => {
  return { ...capture, body: readFileSync(new URL(`${capture.name}.bin`, folder)) }
})
