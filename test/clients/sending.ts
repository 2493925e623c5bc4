import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Meant } from './meant.ts'

/** One form that a client sends. */
export interface Sending {
  /** A name for it, which a capture has too. */
  readonly name: string
  /** What is to arrive, in order. Where the client loses something on the way, `loses` says what. */
  readonly entries: readonly Meant[]
  /** What the client cannot tell. */
  readonly loses?: string
  /** The code with which a server refuses it; the entries are then what was meant all the same. */
  readonly refused?: string
  /** Whether its files come in one multipart/mixed part, which no server opens: it is a field with all of it as text. */
  readonly isUnopened?: true
  /** Sends it and gives the status of the answer. */
  send(url: string): Promise<number>
}

/** A real client. */
export interface Client {
  /** Its name and version. */
  readonly version: string
  readonly sendings: readonly Sending[]
  /** Sends one file from the disk, however large, and gives the status of the answer. */
  sendFile(url: string, path: string): Promise<number>
  /** Ends it. */
  close(): Promise<void>
}

/**
 * Writes the files of entries to a folder, each in a folder of its own and under its own name, if a file can have that.
 * Gives their paths, in order.
 */
export async function layOut(folder: string, entries: readonly Meant[]): Promise<string[]> {
  const paths: string[] = []
  for (const entry of entries) {
    if ('value' in entry) continue
    const path = join(folder, String(paths.length), /^$|\//.test(entry.filename) ? 'content' : entry.filename)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, entry.bytes)
    paths.push(path)
  }
  return paths
}
