import { closeSync, mkdirSync, openSync, readdirSync, rmdirSync, statSync, unlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { lineOf, Refused } from './failure.ts'

/** A file that is to be. */
export interface WrittenFile {
  /** Where in its folder, with `/`. */
  readonly path: string
  readonly content: string
  /** Who may do what with it, as `chmod` takes it. Default: what the process gives to all of its files. */
  readonly mode?: number
}

/**
 * Writes files into a folder that is not there yet, or has nothing in it but `.git`: all of them or none, and over nothing.
 * Throws `Refused` for any other folder, and when something cannot be written, after what was made is removed again.
 */
export function writeFolder(folder: string, files: readonly WrittenFile[]): void {
  const isThere = isEmptyFolder(folder)
  const made: Made[] = []
  try {
    for (const path of foldersOf(files)) if (path !== '.' || !isThere) makeFolder(join(folder, path), made)
    for (const file of files) writeFile(join(folder, file.path), file, made)
  } catch (error) {
    for (const { remove } of made.reverse()) attempt(remove)
    throw new Refused(`${folder} could not be made: ${lineOf(error)}.`, { cause: error })
  }
}

/** Something that was not there before, and the way to be rid of it. */
interface Made {
  readonly remove: () => void
}

/** Throws `Refused` for what is no folder, and for a folder with something in it. */
function isEmptyFolder(folder: string): boolean {
  const found = statSync(folder, { throwIfNoEntry: false })
  if (found === undefined) return false
  if (!found.isDirectory()) throw new Refused(`There is a file ${folder} already. Choose another name.`)
  if (readdirSync(folder).every((entry) => entry === '.git')) return true
  throw new Refused(`There is a folder ${folder} already, and it is not empty. Choose another name.`)
}

/** `.` and the folders below that files lie in, outer ones first. */
function foldersOf(files: readonly WrittenFile[]): ReadonlySet<string> {
  const parents = (path: string): readonly string[] => {
    const parent = dirname(path)
    return parent === '.' ? [parent] : [...parents(parent), parent]
  }
  return new Set(files.flatMap(({ path }) => parents(path)))
}

function makeFolder(path: string, made: Made[]): void {
  mkdirSync(path)
  made.push({ remove: () => rmdirSync(path) })
}

function writeFile(path: string, { content, mode }: WrittenFile, made: Made[]): void {
  const descriptor = openSync(path, 'wx', mode) // fails for a file that is there
  made.push({ remove: () => unlinkSync(path) })
  try {
    writeFileSync(descriptor, content)
  } finally {
    closeSync(descriptor)
  }
}

// What cannot be removed, for somebody else has put something into it, stays.
function attempt(remove: () => void): void {
  try {
    remove()
  } catch {}
}
