import type { Socket } from 'node:net'
import { type AnyDewar, prepare } from '../app/dewar.ts'
import { type Connected, createHttpServer } from './http-server.ts'
import { noteServed } from './served-apps.ts'
import { readTimeouts } from './timeouts.ts'
import { surviveUncaught } from './uncaught.ts'

/** A server that listens nowhere: somebody else does, and hands it the connections. */
export interface HandedServer {
  /** Serves a connection of which nothing was read yet. */
  take(connection: Socket): void
  /**
   * Finishes the requests that run, for at most `graceSeconds`, and closes what is idle. A connection that has not said
   * a word gets a moment to, as its request may be on its way. Is done when no connection is left.
   */
  stop(graceSeconds: number): Promise<void>
}

/** Serves an app on connections that are handed to it. Rejects as `serve` does. For the room above. */
export async function serveHanded(app: AnyDewar): Promise<HandedServer> {
  noteServed(app)
  let isStopping = false
  const trust = { kind: 'nobody' } as const
  const connected = createHttpServer(app, { trust, timeouts: readTimeouts(), isStopping: () => isStopping })
  await prepare(app)
  const { server } = connected
  server.emit('listening') // it looks after idle connections and late heads from then on
  const releaseUncaught = surviveUncaught()
  return {
    take(connection) {
      connection.setNoDelay(true) // as a server sets it that listens itself
      server.emit('connection', connection)
      connection.resume()
    },
    async stop(graceSeconds) {
      isStopping = true
      await untilNoneIsLeft(connected, graceSeconds)
      server.close()
      releaseUncaught()
    },
  }
}

/** How long a connection may be silent before it is closed unused, in milliseconds. */
const silentMs = 30

async function untilNoneIsLeft({ server, connections }: Connected, graceSeconds: number): Promise<void> {
  const begun = performance.now()
  while (connections.size > 0) {
    const passedMs = performance.now() - begun
    const isSending = [...connections].some((connection) => connection.writableLength > 0)
    if (!isSending) server.closeIdleConnections()
    for (const connection of connections) {
      if (passedMs >= graceSeconds * 1000 || (passedMs >= silentMs && connection.bytesRead === 0)) connection.destroy()
    }
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
