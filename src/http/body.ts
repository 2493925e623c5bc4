/** The bytes of a request's body, wherever they come from. They can be read once. */
export interface Body {
  /** Whether there is a body at all, be it of no bytes. */
  readonly present: boolean
  /**
   * All bytes, unless there are more than `limitBytes`: then reading stops.
   * Rejects when the client goes away before the end.
   */
  bytes(limitBytes: number): Promise<BodyBytes>
}

/** What reading a body came to. */
export type BodyBytes = { readonly kind: 'read'; readonly bytes: Uint8Array } | { readonly kind: 'too-large' }

/** The body of a web request. */
export function bodyOf(request: Request): Body {
  return { present: request.body !== null, bytes: (limitBytes) => collect(request.body, limitBytes) }
}

async function collect(stream: ReadableStream<Uint8Array> | null, limitBytes: number): Promise<BodyBytes> {
  if (stream === null) return { kind: 'read', bytes: new Uint8Array() }
  const reader = stream.getReader()
  const chunks: Uint8Array[] = []
  let length = 0
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    length += part.value.length
    if (length > limitBytes) {
      reader.cancel().catch(() => {}) // the answer is 413 already; how the client takes it changes nothing
      return { kind: 'too-large' }
    }
    chunks.push(part.value)
  }
  return { kind: 'read', bytes: oneOf(chunks, length) }
}

/** Chunks of a body as one run of `length` bytes. */
export function oneOf(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const [first] = chunks
  if (chunks.length === 1 && first !== undefined) return first
  const bytes = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}
