import type { IncomingMessage, ServerResponse } from 'node:http'
import { sendNodeResponse } from 'srvx/node'
import { type Reply, send } from '../app/reply.ts'

/**
 * Sends a reply. Texts and bytes go out in one write, head and all, with the length they have; by way of a web response
 * head and body are written apart (docs/decisions/002-one-write.md). Streams are srvx's to send.
 */
export async function sendReply(reply: Reply, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const { status, headers, body } = reply
  if (body instanceof ReadableStream) {
    outgoing.strictContentLength = true // a length that is not that of the body would shift the next answer
    await sendNodeResponse(outgoing, send(reply, incoming.method ?? 'GET'))
    return
  }
  if (outgoing.destroyed) return
  const headOnly = incoming.method === 'HEAD'
  const saysNone = status === 204 || status === 304 || (headOnly && reply.header('content-length') !== undefined)
  if (!saysNone) reply.setHeader('content-length', String(lengthOf(body)))
  outgoing.writeHead(status, headers)
  if (body === null || headOnly) outgoing.end()
  else outgoing.end(body)
}

function lengthOf(body: string | Uint8Array | null): number {
  if (body === null) return 0
  return typeof body === 'string' ? Buffer.byteLength(body) : body.length
}
