import { createHash, randomBytes } from 'node:crypto'
import { openAsBlob } from 'node:fs'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DewarError } from '../errors/dewar-error.ts'
import type { Depot, Keeping, KeepingLimits, Receiving, StoredFile } from './depot.ts'
import { KeptFolder } from './kept-folder.ts'
import { isLeftBehind, partName } from './part-name.ts'
import { makePrivateFolder } from './private-folder.ts'
import { putAt } from './put-at.ts'
import { removeFrom } from './remove-from.ts'

/** Where files lie when an app does not say: a folder of this user alone in the system's temporary folder. */
export function defaultFolder(): string {
  return join(tmpdir(), `dewar-${process.getuid?.() ?? 'user'}`)
}

// Parts of this process that are still in use: a sweep leaves them alone.
const inUse = new Set<string>()

/** Keeps posted files in a folder: those under way in `.tmp`, those kept for a later request in `.kept`. */
export class DiskDepot implements Depot {
  readonly #parts: string
  readonly #kept: KeptFolder
  #ready: Promise<void> | null = null

  constructor(folder: string, limits: KeepingLimits) {
    this.#parts = join(folder, '.tmp')
    this.#kept = new KeptFolder(join(folder, '.kept'), limits)
  }

  async receive(): Promise<Receiving> {
    await this.#prepare()
    const path = join(this.#parts, partName(randomBytes(12).toString('hex')))
    inUse.add(path)
    try {
      return new DiskReceiving(await open(path, 'wx', 0o600), new DiskFile(path, this.#kept))
    } catch (cause) {
      inUse.delete(path)
      throw new DewarError('upload/not-stored', undefined, { cause })
    }
  }

  async recall(id: string): Promise<StoredFile | null> {
    const path = await this.#kept.find(id)
    if (path === null) return null
    const file = new DiskFile(path, this.#kept, id)
    await file.look()
    return file
  }

  async sweep(): Promise<void> {
    await this.#prepare()
    await removeFrom(this.#parts, (name, ageSeconds) => {
      return !inUse.has(join(this.#parts, name)) && isLeftBehind(name, ageSeconds)
    })
    await this.#kept.sweep()
  }

  #prepare(): Promise<void> {
    this.#ready ??= this.#makeFolders().catch((cause) => {
      this.#ready = null // the next file tries again
      throw new DewarError('upload/not-stored', undefined, { cause })
    })
    return this.#ready
  }

  async #makeFolders(): Promise<void> {
    await makePrivateFolder(this.#parts)
    await makePrivateFolder(this.#kept.path)
  }
}

// Few large writes cost less than many small ones.
const writeBytes = 128 * 1024

class DiskReceiving implements Receiving {
  readonly #handle: FileHandle
  readonly #file: DiskFile
  readonly #hash = createHash('sha256')
  #waiting: Uint8Array | null = null
  #waitingBytes = 0

  constructor(handle: FileHandle, file: DiskFile) {
    this.#handle = handle
    this.#file = file
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#hash.update(bytes)
    this.#waiting ??= Buffer.allocUnsafeSlow(writeBytes)
    for (let at = 0; at < bytes.length; ) {
      const taken = Math.min(bytes.length - at, writeBytes - this.#waitingBytes)
      this.#waiting.set(bytes.subarray(at, at + taken), this.#waitingBytes)
      this.#waitingBytes += taken
      at += taken
      if (this.#waitingBytes === writeBytes) await this.#flush()
    }
  }

  async finish(): Promise<{ stored: StoredFile; sha256: string }> {
    await this.#flush()
    await this.#handle.close()
    await this.#file.look()
    return { stored: this.#file, sha256: this.#hash.digest('hex') }
  }

  async discard(): Promise<void> {
    await this.#handle.close()
    await this.#file.discard()
  }

  async #flush(): Promise<void> {
    const bytes = this.#waiting?.subarray(0, this.#waitingBytes) ?? new Uint8Array()
    this.#waitingBytes = 0
    try {
      for (let at = 0; at < bytes.length; ) at += (await this.#handle.write(bytes, at)).bytesWritten
    } catch (cause) {
      throw new DewarError('upload/not-stored', undefined, { cause })
    }
  }
}

class DiskFile implements StoredFile {
  readonly #path: string
  readonly #kept: KeptFolder
  readonly #id: string | null
  #blob: Blob | null = null

  constructor(path: string, kept: KeptFolder, id: string | null = null) {
    this.#path = path
    this.#kept = kept
    this.#id = id
  }

  get blob(): Blob {
    if (this.#blob === null) throw new TypeError('The file is not there yet.')
    return this.#blob
  }

  async look(): Promise<void> {
    this.#blob = await openAsBlob(this.#path)
  }

  moveTo(path: string): Promise<void> {
    return putAt(this.#path, path)
  }

  async keep(keeping: Keeping): Promise<string | null> {
    return this.#id ?? (await this.#kept.take(this.#path, this.blob.size, keeping))
  }

  async discard(): Promise<void> {
    await rm(this.#path, { force: true })
    inUse.delete(this.#path)
  }
}
