import type { CutFile } from './cut-file.ts'

/** A file as it was posted: the name of its field, and itself or what is known of one that was cut. */
export type FileEntry = readonly [name: string, file: File | CutFile]

/** Posted files by the name of their field, in the order sent. */
export type FilesByName = ReadonlyMap<string, readonly (File | CutFile)[]>

/** The files of each name. Empty ones without a name are left out: a file input sends one when nothing is chosen. */
export function filesByName(entries: Iterable<FileEntry>): FilesByName {
  const chosen = [...entries].filter(([, file]) => !isNoFile(file))
  const grouped = Map.groupBy(chosen, ([name]) => name)
  return new Map([...grouped].map(([name, group]) => [name, group.map(([, file]) => file)]))
}

/** Whether all of a file came. */
export function isWhole(file: File | CutFile): file is File {
  return file instanceof File
}

// WHATWG HTML §4.10.22.4
function isNoFile(file: File | CutFile): boolean {
  return isWhole(file) && file.name === '' && file.size === 0
}
