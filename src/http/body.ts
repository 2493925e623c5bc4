import { DewarError } from '../errors/dewar-error.ts'

/** The bytes of a request's body, wherever they come from. They can be read once, in one way or the other. */
export interface Body {
  /** Whether there is a body at all, be it of no bytes. */
  readonly present: boolean
  /**
   * All bytes, unless there are more than `limitBytes`: then reading stops and the rest stays unread.
   * Rejects with `form/body-cut-short` when the client goes away before the end, with `request/too-slow` when the server
   * has waited for it too long (Node), and when somebody has read the body before.
   */
  bytes(limitBytes: number): Promise<BodyBytes>
  /**
   * The bytes as they come. What is not asked for yet is not fetched: one chunk or one full buffer of the platform waits
   * at most. A chunk is lent: its bytes may be gone when the next one is asked for. Leaving the loop early leaves the rest
   * unread, and the connection as it is.
   * Rejects as `bytes` does.
   */
  chunks(): AsyncIterable<Uint8Array>
}

/** What reading a body came to. */
export type BodyBytes = { readonly kind: 'read'; readonly bytes: Uint8Array } | { readonly kind: 'too-large' }

/** The body of a web request. */
export function bodyOf(request: Request): Body {
  return {
    present: request.body !== null,
    bytes: (limitBytes) => collect(request, limitBytes),
    chunks: () => chunksOf(request),
  }
}

async function collect(request: Request, limitBytes: number): Promise<BodyBytes> {
  // What says its own length is believed at once: a client that sends less is cut short, one that sends more is not read.
  if (Number(request.headers.get('content-length')) > limitBytes) return { kind: 'too-large' }
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of chunksOf(request)) {
    length += part.length
    if (length > limitBytes) return { kind: 'too-large' }
    parts.push(part)
  }
  return { kind: 'read', bytes: oneOf(parts, length) }
}

async function* chunksOf(request: Request): AsyncGenerator<Uint8Array, void> {
  if (request.body === null) return
  if (request.bodyUsed) throw new TypeError('The body was read already.') // the stream itself would only be empty
  const reader = request.body.getReader()
  try {
    for (let part = await next(reader); !part.done; part = await next(reader)) yield part.value
  } finally {
    reader.releaseLock() // and not cancel: on a socket that might end the connection before the answer
  }
}

function next(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<ReadableStreamReadResult<Uint8Array>> {
  return reader.read().catch((cause: unknown) => {
    throw cause instanceof DewarError ? cause : new DewarError('form/body-cut-short', undefined, { cause })
  })
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
