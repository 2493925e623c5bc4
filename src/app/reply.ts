import { FastResponse } from 'srvx'

/** Text, bytes or a stream that an answer consists of. */
export type ReplyBody = string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | null

/** An answer before it is sent: headers may still be added. */
export class Reply {
  status: number
  /** Names in lower case; a name may stand several times. */
  readonly headers: [name: string, value: string][]
  body: ReplyBody

  constructor(status: number, headers: readonly (readonly [string, string])[], body: ReplyBody) {
    this.status = status
    this.headers = headers.map(([name, value]) => [name, value])
    this.body = body
  }

  /** The first value of a header, or `undefined`. */
  header(name: string): string | undefined {
    return this.headers.find((header) => header[0] === name)?.[1]
  }

  /** Replaces a header. */
  setHeader(name: string, value: string): void {
    const others = this.headers.filter((header) => header[0] !== name)
    this.headers.splice(0, this.headers.length, ...others, [name, value])
  }
}

/** The web response of a reply. On Node it is srvx's, which costs less to send. */
export function toResponse({ status, headers, body }: Reply): Response {
  return new FastResponse(body, { status, headers })
}

/** What leaves: the response of a reply, without its body if only the head was asked for.  RFC 9110 §9.3.2 */
export function send(reply: Reply, method: string): Response {
  if (method !== 'HEAD' || reply.body === null) return toResponse(reply)
  if (typeof reply.body === 'string')
    reply.setHeader('content-length', String(new TextEncoder().encode(reply.body).length))
  if (reply.body instanceof ReadableStream) reply.body.cancel().catch(() => {}) // nobody reads it
  return toResponse(new Reply(reply.status, reply.headers, null))
}

/** A web response as a reply. Its body is not read. */
export function fromResponse(response: Response): Reply {
  return new Reply(response.status, [...response.headers], response.body)
}
