import type { Entry } from '../http/urlencoded.ts'
import { type FileEntry, filesByName, isWhole } from './file-entry.ts'
import type { Form } from './form.ts'

/** A file that was sent earlier and is kept for the next try. */
export interface KeptFile {
  /** The name that the client gave it. */
  readonly name: string
  /** In bytes. */
  readonly size: number
  /** What the form sends back for it: opaque to the form. */
  readonly token: string
}

/** The files that are kept, by the name of the control that shows them. */
export type Kept = ReadonlyMap<string, readonly KeptFile[]>

/** Before the name of a file field: the hidden inputs that hold the tokens of its kept files. */
export const keptPrefix = '_kept.'

/** Before the name of a file field: the boxes that let go of a kept file, by its token. */
export const removePrefix = '_remove.'

/**
 * The tokens of the files that a posted form wants to keep, each once, by the name of their field as it was posted.
 * A token whose box to remove it is ticked is left out. What the tokens say is for the caller to prove.
 */
export function keptTokens(entries: Iterable<Entry>): ReadonlyMap<string, readonly string[]> {
  const posted = [...entries]
  const removed = tokensByName(posted, removePrefix)
  const kept = new Map<string, readonly string[]>()
  for (const [name, tokens] of tokensByName(posted, keptPrefix)) {
    const left = [...tokens].filter((token) => removed.get(name)?.has(token) !== true)
    if (left.length > 0) kept.set(name, left)
  }
  return kept
}

/** Files of one submission: those sent with it, and those kept from an earlier one. */
export interface FileSources {
  readonly sent: Iterable<FileEntry>
  readonly kept: Iterable<readonly [name: string, file: File]>
}

/**
 * The files of a submission for `Form.read`: in a field of several files those kept come before those sent, in a field
 * of one file the one sent replaces the one kept. A file that was cut replaces nothing.
 */
export function withKept(form: Form, { sent, kept }: FileSources): readonly FileEntry[] {
  const posted = [...sent]
  const byName = filesByName(posted)
  const isReplaced = (name: string): boolean =>
    form.fileField(name)?.kind === 'file' && byName.get(name)?.some(isWhole) === true
  return [...[...kept].filter(([name]) => !isReplaced(name)), ...posted]
}

function tokensByName(entries: readonly Entry[], prefix: string): ReadonlyMap<string, ReadonlySet<string>> {
  const tokens = new Map<string, Set<string>>()
  for (const [name, token] of entries) {
    if (!name.startsWith(prefix) || token === '') continue
    const field = name.slice(prefix.length)
    tokens.set(field, (tokens.get(field) ?? new Set()).add(token))
  }
  return tokens
}
