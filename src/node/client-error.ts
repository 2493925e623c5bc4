import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { DewarError } from '../errors/dewar-error.ts'
import { arrivalOf } from './arrival.ts'
import { endWithThisAnswer, isEnding, unfinishedOn } from './connection.ts'
import { headLimits } from './framing.ts'
import { type PlainReason, plainMessage } from './plain-answer.ts'
import type { ExchangeTimeouts } from './timeouts.ts'

/** What Node says about bytes that are no request. */
export interface ClientError extends Error {
  readonly code?: string
  /** What it was reading. */
  readonly rawPacket?: Uint8Array
}

/**
 * Answers bytes that are no request, or a request that does not come to its end, and closes the connection. Within a
 * body reading fails, and the app answers; behind a request that is being answered the answer is waited for.
 */
export function onClientError(error: ClientError, socket: Socket, timeouts: ExchangeTimeouts): void {
  if (isEnding(socket)) return // the answer that ends it is on its way, or the rest is being thrown away
  endWithThisAnswer(socket)
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const outgoing = unfinishedOn(socket)
  if (outgoing === null) {
    endWith(socket, plainMessage(reasonOf(error)), timeouts)
    return
  }
  const cutShort = new DewarError('form/body-cut-short', undefined, { cause: error })
  if (!outgoing.req.complete) arrivalOf(outgoing.req)?.fail(cutShort)
  outgoing.once('finish', () => socket.destroySoon()) // where its head has left and said nothing of closing
}

/** Refuses CONNECT. Node has let go of the connection already.  RFC 9110 §9.3.6 */
export function onConnect(_request: IncomingMessage, socket: Socket): void {
  socket.on('error', () => {})
  if (unfinishedOn(socket) !== null) socket.destroy()
  else socket.end(plainMessage('tunnel'), () => socket.destroy())
}

function reasonOf({ code, rawPacket }: ClientError): PlainReason {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'head-too-slow'
  if (code !== 'HPE_HEADER_OVERFLOW') return 'malformed'
  return isOneLongLine(rawPacket) ? 'target-too-long' : 'head-too-large'
}

// As far as it can be seen: the beginning of a head whose first line is longer than an address may be.
function isOneLongLine(packet: Uint8Array | undefined): boolean {
  if (packet === undefined || packet.length <= headLimits.targetBytes) return false
  const text = Buffer.from(packet.subarray(0, headLimits.targetBytes)).toString('latin1')
  return /^[A-Z]+ [^\r\n]*$/.test(text)
}

// What the client still sends is thrown away for a while: closed at once, the connection would be reset, and the
// client would never see the answer.
function endWith(socket: Socket, message: string, { lingerSeconds, lingerIdleSeconds }: ExchangeTimeouts): void {
  const total = setTimeout(() => socket.destroy(), lingerSeconds * 1000)
  socket.once('close', () => clearTimeout(total))
  socket.setTimeout(lingerIdleSeconds * 1000, () => socket.destroy())
  socket.end(message)
  socket.resume()
}
