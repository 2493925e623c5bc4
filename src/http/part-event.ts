import type { ErrorCode } from '../errors/table.ts'

/** What the headers of a part of a multipart body say. */
export interface PartHead {
  /** The name of the field. */
  readonly name: string
  /** The name of the file as the client sent it, or `null` for a field that is no file. Text, never a path. */
  readonly filename: string | null
  /** The Content-Type of the part as it was sent, or `null`. */
  readonly type: string | null
}

/** What a multipart body says, in order. The bytes of a part come in as many pieces as they arrive in. */
export type PartEvent =
  | { readonly kind: 'part'; readonly head: PartHead }
  | { readonly kind: 'data'; readonly bytes: Uint8Array }
  | { readonly kind: 'end' }
  | PartRefused

/** The body breaks the rules or a limit. Nothing comes after it. */
export interface PartRefused {
  readonly kind: 'refused'
  readonly code: ErrorCode
  readonly detail: string
}
