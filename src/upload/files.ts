import { HttpError } from '../errors/http-error.ts'
import type { UploadedFile } from './uploaded-file.ts'

/** A file under the name of its field. */
export type UploadedEntry = readonly [name: string, file: UploadedFile]

/** The files that were posted, in the order sent. Read-only. They go away with the request: `moveTo` keeps one. */
export class Files {
  readonly #entries: readonly UploadedEntry[]

  constructor(entries: readonly UploadedEntry[]) {
    this.#entries = entries
  }

  /** The first file of this name, or `null`. */
  get(name: string): UploadedFile | null {
    return this.#entries.find((entry) => entry[0] === name)?.[1] ?? null
  }

  /** All files of this name, in the order sent. */
  getAll(name: string): UploadedFile[] {
    return this.#entries.filter((entry) => entry[0] === name).map((entry) => entry[1])
  }

  /** Whether there is at least one file of this name. */
  has(name: string): boolean {
    return this.#entries.some((entry) => entry[0] === name)
  }

  /** The first file of this name. Without one the request is answered 400, with a page that names the field. */
  require(name: string): UploadedFile {
    const file = this.get(name)
    if (file === null) throw new HttpError(400, `The file “${name}” is missing.`)
    return file
  }

  /** Names and files in the order sent. */
  [Symbol.iterator](): Iterator<UploadedEntry> {
    return this.#entries[Symbol.iterator]()
  }
}

/** No files at all. */
export const noFiles: Files = new Files([])
