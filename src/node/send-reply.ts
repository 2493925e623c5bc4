import type { OutgoingHttpHeader } from 'node:http'
import type { Reply } from '../app/reply.ts'
import { endWithThisAnswer, isEnding, unfinishedOn } from './connection.ts'
import type { Exchange } from './exchange.ts'
import { linger } from './linger.ts'
import { sendStream } from './send-stream.ts'
import { watchSending } from './watch-sending.ts'

/**
 * Sends a reply. Texts and bytes go out in one write, head and all, with the length they have; by way of a web response
 * head and body are written apart (docs/decisions/002-one-write.md). A body that was not read to its end is thrown away
 * afterwards (`linger`). Rejects when a stream fails: before its first byte nothing is sent, not even the head; in the
 * middle the answer is unfinished, the connection open.
 */
export async function sendReply(reply: Reply, exchange: Exchange): Promise<void> {
  const { incoming, outgoing, socket } = exchange
  const { status, headers, body } = reply
  const isBodiless = incoming.method === 'HEAD' || status === 204 || status === 304
  const isGone = outgoing.destroyed || socket.destroyed
  if (body instanceof ReadableStream && (isBodiless || isGone)) body.cancel().catch(() => {}) // nobody reads it
  if (isGone) return
  if (endsConnection(exchange)) reply.setHeader('connection', 'close')
  if (body instanceof ReadableStream && !isBodiless) {
    await sendStream(body, exchange, () => {
      outgoing.strictContentLength = true // a length that is not that of the body would shift the next answer
      outgoing.writeHead(status, withLengthAsNumber(headers))
      watchSending(exchange)
    })
    if (socket.destroyed) return
    leaveRest(exchange)
    outgoing.end()
    return
  }
  if (saysLength(reply, isBodiless)) reply.setHeader('content-length', String(lengthOf(body)))
  outgoing.writeHead(status, headers)
  leaveRest(exchange)
  if (isBodiless || body === null) outgoing.end()
  else outgoing.end(body)
  if (socket.writableLength > 0) watchSending(exchange)
}

// Node 22 compares it with the bytes that were written as it is given, and a text is equal to no number.
function withLengthAsNumber(headers: readonly string[]): OutgoingHttpHeader[] {
  const isLength = (at: number): boolean => at % 2 === 1 && headers[at - 1]?.toLowerCase() === 'content-length'
  return headers.map((text, at) => (isLength(at) && /^\d+$/.test(text) ? Number(text) : text))
}

// An answer says that it is the last one only if no other is in line behind it.
function endsConnection({ arrival, outgoing, socket, manner }: Exchange): boolean {
  if (arrival !== null && arrival.left === 'much') {
    endWithThisAnswer(socket)
    return true
  }
  return (isEnding(socket) || manner.isStopping()) && unfinishedOn(socket) === outgoing
}

function leaveRest({ arrival, outgoing, manner }: Exchange): void {
  if (arrival !== null && arrival.left !== 'nothing') linger(arrival, outgoing, manner.timeouts)
}

function saysLength(reply: Reply, isBodiless: boolean): boolean {
  if (!isBodiless) return true
  if (reply.status === 204 || reply.status === 304 || reply.body instanceof ReadableStream) return false
  return reply.header('content-length') === undefined
}

function lengthOf(body: Reply['body']): number {
  if (typeof body === 'string') return Buffer.byteLength(body)
  return body instanceof Uint8Array ? body.length : 0
}
