import { type Dirent, readdirSync } from 'node:fs'
import { extname, join, sep } from 'node:path'

/** A folder, and the names of the files in it. */
export interface Folder {
  readonly path: string
  readonly files: readonly string[]
}

/** Most folders that are looked at: who names a file in a folder with everything in it, need not wait for that. */
const mostFolders = 1000

/** A folder and those below it in which an author keeps what pages show, nearest first. */
export function foldersBelow(root: string): readonly Folder[] {
  const folders: Folder[] = []
  const paths = [root]
  for (let path = paths.shift(); path !== undefined && folders.length < mostFolders; path = paths.shift()) {
    const entries = entriesOf(path)
    folders.push({ path, files: entries.filter((entry) => entry.isFile()).map(({ name }) => name) })
    for (const entry of entries) if (entry.isDirectory() && !isHidden(entry.name)) paths.push(join(path, entry.name))
  }
  return folders
}

/** Whether a path is a folder, or leads to something below it. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`)
}

/** Whether nothing in a folder of this name concerns pages: others wrote it, or the app itself does while it runs. */
export function isHidden(name: string): boolean {
  return name.startsWith('.') || written.has(name.toLowerCase())
}

const written: ReadonlySet<string> = new Set(['node_modules', 'uploads', 'upload', 'data', 'storage', 'tmp', 'temp'])

/** Whether a page shows a file of this name as it lies there. */
export function isShown(name: string): boolean {
  return /^\.(?:css|html?|svg|m?js|png|jpe?g|webp)$/.test(extname(name).toLowerCase())
}

function entriesOf(path: string): readonly Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true })
  } catch {
    return [] // it may not be read, or is gone
  }
}
