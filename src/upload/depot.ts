/** Where files that are posted lie until a handler takes them. */
export interface Depot {
  /** Makes a place for one file that comes in. Rejects with `upload/not-stored`. */
  receive(): Promise<Receiving>
  /** Brings back a file that was kept; `null` if it is not there any more. */
  recall(id: string): Promise<StoredFile | null>
  /** Removes what crashed processes left, and what was kept for longer than it was to be. */
  sweep(): Promise<void>
}

/** A file that comes in. */
export interface Receiving {
  /** Takes the next bytes, and is done when there is room for more. Rejects with `upload/not-stored`. */
  write(bytes: Uint8Array): Promise<void>
  /** All bytes are there. */
  finish(): Promise<Received>
  /** Forgets the file. */
  discard(): Promise<void>
}

/** A file that came in. */
export interface Received {
  readonly stored: StoredFile
  /** SHA-256 of its bytes, as 64 hexadecimal digits. */
  readonly sha256: string
}

/** The bytes of a file that lie in a depot. */
export interface StoredFile {
  /** The bytes, unread. */
  readonly blob: Blob
  /** Puts the file at a path as well. Throws `upload/target`. */
  moveTo(path: string): Promise<void>
  /** Keeps the file for a later request; `null` if there is no room for it. */
  keep(keeping: Keeping): Promise<string | null>
  /** Removes the file from the depot. What was moved or kept stays. */
  discard(): Promise<void>
}

/** For whom a file is kept, and how long. */
export interface Keeping {
  /** Whose it is, as 1 to 64 letters and digits. */
  readonly owner: string
  /** When it may be swept, in seconds since 1970. */
  readonly expiresSeconds: number
}

/** How much a depot keeps for later requests. */
export interface KeepingLimits {
  /** Most bytes for one owner. */
  readonly keptBytesPerSession: number
  /** Most bytes for all. */
  readonly keptBytes: number
}
