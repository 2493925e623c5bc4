import { createHash } from 'node:crypto'

/** A field of a form as the person meant it. */
export interface MeantField {
  readonly name: string
  readonly value: string
}

/** A file of a form as the person meant it. */
export interface MeantFile {
  readonly name: string
  readonly filename: string
  /** The type that the client says; `null` if it says none. */
  readonly type: string | null
  readonly bytes: Uint8Array
}

/** One entry of a form. */
export type Meant = MeantField | MeantFile

/** A file as it stands in the index of the captures, and as an app tells of it. */
export interface FileFacts extends Omit<MeantFile, 'bytes'> {
  readonly size: number
  /** SHA-256 of the bytes, in hexadecimal digits. */
  readonly sha256: string
}

/** A field. */
export function field(name: string, value: string): MeantField {
  return { name, value }
}

/** A file. Without a type the client says none. */
export function file(name: string, filename: string, bytes: Uint8Array, type: string | null = null): MeantFile {
  return { name, filename, type, bytes }
}

/** Entries with what can be said of their bytes in place of them. */
export function factsOf(entries: readonly Meant[]): (MeantField | FileFacts)[] {
  return entries.map((entry) => {
    if ('value' in entry) return entry
    const { name, filename, type, bytes } = entry
    return { name, filename, type, size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
  })
}

/** The entry as it arrives from a client that doubles the backslashes in names. */
export function withBackslashesDoubled(entry: Meant): Meant {
  const name = doubled(entry.name)
  return 'value' in entry ? { ...entry, name } : { ...entry, name, filename: doubled(entry.filename) }
}

function doubled(text: string): string {
  return text.replaceAll('\\', '\\\\')
}
