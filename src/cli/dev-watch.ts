import { existsSync, type FSWatcher, statSync, watch } from 'node:fs'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { stampOf } from './dev-stamp.ts'
import { foldersBelow, isHidden, isShown, isWithin } from './dev-tree.ts'

/** What has changed, as paths. */
export interface Changed {
  /** Files that the app has loaded. */
  readonly loaded: readonly string[]
  /** Source files that it has not: they may be what an app needs that cannot be loaded. */
  readonly others: readonly string[]
  /** Files that a page may show. */
  readonly shown: readonly string[]
  /** When the first of it was seen, by `performance.now()`. */
  readonly sinceMs: number
}

/** How long nothing more has to change before it is told, in milliseconds: who saves, writes in several steps. */
const quietMs = 30
/** Longest time that it is waited for that. */
const mostQuietMs = 300
/** How long a file may be away that is being replaced. */
const awayMs = 200
/** A new file is nothing that a page shows until it has been there for so long: an app may have just written it. */
const newMs = 2000

/** Who hears of it. */
export interface Hearer {
  changed(changed: Changed): void
  /** A folder cannot be watched: its path, and why. It is told of the first one alone. */
  unwatched(folder: string, why: unknown): void
}

/** Watches the files of an app by their folders. */
export class DevWatch {
  readonly #hearer: Hearer
  readonly #root: string
  readonly #folders = new Map<string, FSWatcher>()
  /** What the app has loaded or looked for, with the stamp that it found. */
  #loaded = new Map<string, string>()
  /** Files that a page may show, and since when they have been there. */
  readonly #shown = new Map<string, number>()
  #touched = new Set<string>()
  #sinceMs = 0
  #hasSaid = false
  #timer: NodeJS.Timeout | undefined

  /** `root` is the folder below which pages find their files. */
  constructor(root: string, hearer: Hearer) {
    this.#root = root
    this.#hearer = hearer
    for (const folder of foldersBelow(root)) {
      this.#watchFolder(folder.path)
      for (const name of folder.files) if (isShown(name)) this.#shown.set(join(folder.path, name), 0)
    }
  }

  /** Watches a file that the app has loaded, as it was then; or one that it has looked for, as nothing. */
  add(path: string, stamp: string): void {
    this.#loaded.set(path, stamp)
    this.#watchFolder(nearestFolder(dirname(path)))
    if (stampOf(path) !== stamp) this.#touch(path)
  }

  /** Forgets what was loaded before, but for these. */
  keepOnly(paths: Iterable<string>): void {
    const before = this.#loaded
    this.#loaded = new Map()
    for (const path of paths) this.#loaded.set(path, before.get(path) ?? stampOf(path))
  }

  close(): void {
    clearTimeout(this.#timer)
    for (const watcher of this.#folders.values()) watcher.close()
    this.#folders.clear()
  }

  #watchFolder(folder: string): void {
    if (this.#folders.has(folder)) return
    try {
      const watcher = watch(folder, (event, name) => {
        if (name !== null) this.#notice(join(folder, name), event)
        else for (const path of this.#loaded.keys()) if (dirname(path) === folder) this.#touch(path)
      })
      watcher.on('error', () => this.#unwatch(folder))
      this.#folders.set(folder, watcher)
    } catch (error) {
      if (!isGone(error)) this.#sayUnwatched(folder, error)
    }
  }

  #sayUnwatched(folder: string, why: unknown): void {
    if (!this.#hasSaid) this.#hearer.unwatched(folder, why)
    this.#hasSaid = true
  }

  #unwatch(folder: string): void {
    this.#folders.get(folder)?.close()
    this.#folders.delete(folder)
  }

  // Of what an app writes while it runs, as a database, most is none of these.
  #notice(path: string, event: 'rename' | 'change'): void {
    const isKnown = this.#loaded.has(path) || this.#folders.has(path) || isShown(basename(path)) || isSource(path)
    if (isKnown || (event === 'rename' && isNewFolder(path))) this.#touch(path)
  }

  #touch(path: string): void {
    const now = performance.now()
    if (this.#touched.size === 0) this.#sinceMs = now
    this.#touched.add(path)
    this.#waitFor(Math.min(quietMs, Math.max(0, this.#sinceMs + mostQuietMs - now)))
  }

  #waitFor(milliseconds: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#judge(), milliseconds)
  }

  #judge(): void {
    const isAway = [...this.#touched].some((path) => this.#loaded.get(path) && !existsSync(path))
    if (isAway && performance.now() - this.#sinceMs < awayMs) {
      this.#waitFor(quietMs)
      return
    }
    const touched = [...this.#touched]
    this.#touched = new Set()
    for (const path of touched) this.#lookAtFolder(path)
    const loaded = touched.filter((path) => this.#hasChanged(path))
    const rest = touched.filter((path) => !this.#loaded.has(path))
    const shown = rest.filter((path) => this.#isShownAnew(path))
    const others = rest.filter((path) => isSource(path) && !shown.includes(path))
    if (loaded.length + others.length + shown.length === 0) return
    this.#hearer.changed({ loaded, others, shown, sinceMs: this.#sinceMs })
  }

  #hasChanged(path: string): boolean {
    const before = this.#loaded.get(path)
    if (before === undefined) return false
    const now = stampOf(path)
    this.#loaded.set(path, now)
    return now !== before
  }

  /** A folder that comes, or comes back, is watched; what it holds counts as touched. */
  #lookAtFolder(path: string): void {
    const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
    if (this.#folders.has(path)) this.#unwatch(path)
    if (!isFolder) return
    const isWanted = isWithin(path, this.#root) && !isHidden(basename(path))
    const loaded = [...this.#loaded.keys()].filter((file) => isWithin(file, path))
    if (!isWanted && loaded.length === 0) return
    for (const folder of isWanted ? foldersBelow(path) : [{ path }]) this.#watchFolder(folder.path)
    for (const file of loaded) if (stampOf(file) !== this.#loaded.get(file)) this.#touch(file)
  }

  #isShownAnew(path: string): boolean {
    if (!isShown(basename(path)) || !isWithin(path, this.#root) || !existsSync(path)) return false
    const since = this.#shown.get(path)
    if (since === undefined) this.#shown.set(path, performance.now())
    return since !== undefined && performance.now() - since > (since === 0 ? 0 : newMs)
  }
}

// What may not be read, an app cannot load either.
function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^(?:ENOENT|ENOTDIR|EACCES|EPERM)$/.test(String(error.code))
}

function isNewFolder(path: string): boolean {
  return !isHidden(basename(path)) && statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

function isSource(path: string): boolean {
  return /^\.(?:[cm]?[jt]s|[jt]sx|json)$/.test(extname(path))
}

function nearestFolder(folder: string): string {
  if (existsSync(folder) || resolve(folder, '..') === folder) return folder
  return nearestFolder(dirname(folder))
}
