import type { IncomingMessage, ServerResponse } from 'node:http'
import { sendNodeResponse } from 'srvx/node'
import { type Reply, send } from '../app/reply.ts'

/**
 * Sends a reply. Texts and bytes go out in one write, head and all: by way of a web response the head and the body
 * are written apart, which costs more than the whole of the framework's own work. Streams are srvx's to send.
 */
export async function sendReply(reply: Reply, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const { status, headers, body } = reply
  outgoing.strictContentLength = true // a length that is not that of the body would shift the next answer
  if (body instanceof ReadableStream) {
    await sendNodeResponse(outgoing, send(reply, incoming.method ?? 'GET'))
    return
  }
  if (outgoing.destroyed) return
  const lengthKnown =
    status === 204 || status === 304 || (body === null && reply.header('content-length') !== undefined)
  if (!lengthKnown) reply.setHeader('content-length', String(lengthOf(body)))
  outgoing.writeHead(status, headers)
  if (body === null || incoming.method === 'HEAD') outgoing.end()
  else outgoing.end(body)
}

function lengthOf(body: string | Uint8Array | null): number {
  if (body === null) return 0
  return typeof body === 'string' ? Buffer.byteLength(body) : body.length
}
