import type { Exchange } from './exchange.ts'

/**
 * Cuts the connection when a part of an answer waits to be sent and nothing moves for `sendIdleSeconds`. An app that is
 * slow to give the next part is waited for. Ends with the answer.
 */
export function watchSending({ outgoing, socket, manner }: Exchange): void {
  const idleMs = manner.timeouts.sendIdleSeconds * 1000
  const before = socket.timeout ?? 0
  // The timer of the socket starts anew with every byte that it gets rid of.
  outgoing.setTimeout(idleMs, () => {
    if (outgoing.writableLength > 0) socket.destroy()
    else outgoing.setTimeout(idleMs)
  })
  outgoing.prependOnceListener('finish', () => socket.setTimeout(before)) // before Node sets that of an idle connection
}
