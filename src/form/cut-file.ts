/** A file that was posted and is larger than its field or the app takes: its bytes were let go while they came. */
export interface CutFile {
  readonly kind: 'cut'
  /** The name that the client gave it. */
  readonly name: string
  /** The limit that it broke, in bytes. */
  readonly maxBytes: number
}
