import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Exchange } from './exchange.ts'

/**
 * Writes a stream as the client reads it; `begin` is called when its first part is there. When the client goes away the
 * stream is cancelled, and all is done.
 * Rejects when the stream fails, or gives more or other than can be written; then it is cancelled too.
 */
export async function sendStream(
  stream: ReadableStream<Uint8Array>,
  { outgoing, socket }: Pick<Exchange, 'outgoing' | 'socket'>,
  begin: () => void,
): Promise<void> {
  const reader = stream.getReader()
  const cancel = (reason: unknown): void => void reader.cancel(reason).catch(() => {}) // it is over either way
  const onGone = (): void => cancel(new DOMException('The client went away.', 'AbortError'))
  socket.once('close', onGone)
  try {
    let part = await reader.read()
    if (!socket.destroyed) begin()
    for (; !part.done && !socket.destroyed; part = await reader.read()) {
      if (!outgoing.write(part.value)) await drained(outgoing, socket)
    }
  } catch (error) {
    cancel(error)
    throw error
  } finally {
    socket.off('close', onGone)
  }
}

// An answer behind another one in line has no socket of its own yet: it is the connection that is asked whether it lives.
async function drained(outgoing: ServerResponse, socket: Socket): Promise<void> {
  if (socket.destroyed) return
  await new Promise<void>((resolve) => {
    const done = (): void => {
      outgoing.off('drain', done)
      socket.off('close', done)
      resolve()
    }
    outgoing.on('drain', done)
    socket.on('close', done)
  })
}
