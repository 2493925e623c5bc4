import { randomBytes } from 'node:crypto'
import { access, copyFile, link, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Keeping, KeepingLimits } from './depot.ts'

/** What the name of a kept file says: `expires-owner-size-random`. The name is its id. */
interface Kept extends Keeping {
  readonly id: string
  readonly size: number
}

/**
 * Files that are kept for a later request. All that has to be known of them is in their names, so that several
 * processes may share the folder, and restart.
 */
export class KeptFolder {
  readonly path: string
  readonly #limits: KeepingLimits

  constructor(path: string, limits: KeepingLimits) {
    this.path = path
    this.#limits = limits
  }

  /** Where a kept file lies; `null` if it is gone. */
  async find(id: string): Promise<string | null> {
    if (readName(id) === null) return null
    const path = join(this.path, id)
    return access(path).then(
      () => path,
      () => null,
    )
  }

  /**
   * Takes a file in under a new id. An owner who keeps too much loses what is oldest; `null` if the file alone is too
   * much, or if all owners together keep too much.
   */
  async take(from: string, size: number, keeping: Keeping): Promise<string | null> {
    const { keptBytes, keptBytesPerSession } = this.#limits
    if (size > keptBytesPerSession) return null
    await this.sweep()
    const own = (await this.#list()).filter(({ owner }) => owner === keeping.owner)
    for (const [index, { id }] of own.entries()) {
      if (sumOf(own.slice(index)) + size <= keptBytesPerSession) break
      await rm(join(this.path, id), { force: true })
    }
    if (sumOf(await this.#list()) + size > keptBytes) return null
    const id = `${keeping.expiresSeconds}-${keeping.owner}-${size}-${randomBytes(16).toString('hex')}`
    await link(from, join(this.path, id)).catch(() => copyFile(from, join(this.path, id))) // a file system without links
    return id
  }

  /** Removes what was kept long enough. */
  async sweep(): Promise<void> {
    const nowSeconds = Date.now() / 1000
    for (const { id, expiresSeconds } of await this.#list()) {
      if (expiresSeconds <= nowSeconds) await rm(join(this.path, id), { force: true })
    }
  }

  async #list(): Promise<readonly Kept[]> {
    const found = (await readdir(this.path)).map(readName).filter((kept) => kept !== null)
    return found.sort((one, other) => one.expiresSeconds - other.expiresSeconds) // the oldest first
  }
}

function readName(id: string): Kept | null {
  const [, expires, owner = '', size] = /^(\d{1,12})-([0-9a-z]{1,64})-(\d{1,16})-[0-9a-f]{32}$/i.exec(id) ?? []
  if (expires === undefined) return null
  return { id, owner, size: Number(size), expiresSeconds: Number(expires) }
}

function sumOf(files: readonly Kept[]): number {
  return files.reduce((sum, { size }) => sum + size, 0)
}
