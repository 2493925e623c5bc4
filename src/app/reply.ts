import { FastResponse } from 'srvx'

/** Text, bytes or a stream that an answer consists of. */
export type ReplyBody = string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | null

/** An answer before it is sent: headers may still be added. */
export class Reply {
  readonly status: number
  /** Names and values in turn, as Node writes them. Names are in lower case; a name may stand several times. */
  readonly headers: string[]
  readonly body: ReplyBody

  /** `headers` are names and values in turn; they are copied. */
  constructor(status: number, headers: readonly string[], body: ReplyBody) {
    this.status = status
    this.headers = headers.slice()
    this.body = body
  }

  /** The first value of a header, or `undefined`. */
  header(name: string): string | undefined {
    for (let at = 0; at < this.headers.length; at += 2) if (this.headers[at] === name) return this.headers[at + 1]
    return undefined
  }

  /** All values of a header, in order. */
  values(name: string): readonly string[] {
    return this.headers.filter((_, at) => at % 2 === 1 && this.headers[at - 1] === name)
  }

  /** Replaces a header, or adds it. */
  setHeader(name: string, value: string): void {
    for (let at = this.headers.length - 2; at >= 0; at -= 2) if (this.headers[at] === name) this.headers.splice(at, 2)
    this.headers.push(name, value)
  }
}

/** The web response of a reply. */
export function toResponse({ status, headers, body }: Reply): Response {
  const pairs: [string, string][] = []
  for (let at = 0; at < headers.length; at += 2) pairs.push([headers[at] ?? '', headers[at + 1] ?? ''])
  return new FastResponse(body, { status, headers: pairs })
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
  // What `fetch` gives is decoded, whatever its headers still say; only such a response has a URL.  Fetch §4.6
  const stale = response.url === '' ? hopByHop : [...hopByHop, 'content-encoding', 'content-length']
  const headers = [...response.headers].filter(([name]) => !stale.includes(name))
  return new Reply(response.status, headers.flat(), response.body)
}

// What concerns one connection alone.  RFC 9110 §7.6.1
const hopByHop: readonly string[] = ['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade']
