import type { StoredFile } from './depot.ts'
import { safeNameOf } from './safe-name.ts'

/** What is known of a file besides its bytes. */
export interface FileFacts {
  /** The name that the client gave it. Text, never a path. */
  readonly name: string
  /** Its type, judged by its content. */
  readonly type: string
  /** SHA-256 of its bytes, as 64 hexadecimal digits. */
  readonly sha256: string
}

/**
 * A file that was posted. It is a web `File`: `name` is what the client called it, `size` its bytes, `type` what its
 * content says it is, and `stream()`, `bytes()` and `text()` read it. It lies in a temporary place and goes away with
 * the request: `moveTo` keeps it.
 */
export class UploadedFile extends File {
  /** A name that is safe in any folder, made from `name`. Another file may have the same: put an id of your own before it. */
  readonly safeName: string
  /** SHA-256 of the bytes, as 64 hexadecimal digits. */
  readonly sha256: string
  readonly #stored: StoredFile

  constructor(stored: StoredFile, { name, type, sha256 }: FileFacts) {
    super([stored.blob], name, { type })
    Object.defineProperty(this, 'type', { value: type }) // Bun adds a charset to the types of texts
    this.#stored = stored
    this.safeName = safeNameOf(name)
    this.sha256 = sha256
  }

  /**
   * Keeps the file at this path, on disk when it resolves. On the file system of `uploads.folder` no byte is copied.
   * Nothing is overwritten: throws `upload/target` if something is there already, if the folder is not, or where there
   * is no file system.
   */
  async moveTo(path: string): Promise<void> {
    await this.#stored.moveTo(path)
  }

  /** Where its bytes lie. For the rooms above. */
  static storedOf(file: UploadedFile): StoredFile {
    return file.#stored
  }
}
