import type { ServerResponse } from 'node:http'
import type { Arrival } from './arrival.ts'
import type { ExchangeTimeouts } from './timeouts.ts'

/**
 * Throws away the rest of a body that nobody will read, from the moment its answer is written. A connection that is
 * closed while the client still sends is reset, and the client never sees the answer: so it is closed when the rest has
 * come, or after some seconds. Nothing is kept of the rest, and a connection that said nothing of closing is used again.
 * RFC 9112 §9.6
 */
export function linger(
  arrival: Arrival,
  outgoing: ServerResponse,
  { lingerSeconds, lingerIdleSeconds }: Pick<ExchangeTimeouts, 'lingerSeconds' | 'lingerIdleSeconds'>,
): void {
  const { socket } = arrival
  if (socket.destroyed || socket.readableEnded) return // nothing more can come
  let closesAfter = false
  let seenBytes = socket.bytesRead
  // Node closes by this method when the last answer is written. Our half may end at once: who notices need not send on.
  socket.destroySoon = () => {
    closesAfter = true
    socket.end()
  }
  const settle = (hasAllCome: boolean): void => {
    clearTimeout(total)
    clearInterval(idle)
    socket.off('end', giveUp).off('close', giveUp)
    Reflect.deleteProperty(socket, 'destroySoon')
    if (closesAfter) socket.destroySoon()
    else if (!hasAllCome) closeAfter(outgoing, () => socket.destroySoon())
  }
  const giveUp = (): void => settle(false)
  const total = setTimeout(giveUp, lingerSeconds * 1000)
  const idle = setInterval(() => {
    if (socket.bytesRead === seenBytes) giveUp()
    seenBytes = socket.bytesRead
  }, lingerIdleSeconds * 1000)
  socket.once('end', giveUp).once('close', giveUp)
  arrival.discard(() => settle(true))
}

function closeAfter(outgoing: ServerResponse, close: () => void): void {
  if (outgoing.writableFinished) close()
  else outgoing.once('finish', close)
}
