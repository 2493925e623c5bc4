import type { Server } from 'node:http'
import { Server as NetServer, type Socket } from 'node:net'

/** Stops a server: no new connections, the requests that run are finished, for at most `graceSeconds`. */
export function stopGracefully(server: Server, connections: ReadonlySet<Socket>, graceSeconds: number): Promise<void> {
  return new Promise((resolve) => {
    const closeIdle = (): void => {
      // To Node a connection is idle when its answer is written, also while the client has still to read it.
      const isSending = [...connections].some((socket) => socket.writableLength > 0)
      if (!isSending) server.closeIdleConnections()
    }
    // A kept-alive connection is idle again once its request is answered, and nothing else would close it.
    const idle = setInterval(closeIdle, 50)
    const patience = setTimeout(() => server.closeAllConnections(), graceSeconds * 1000)
    // Not the method of Node's HTTP server, which closes what it takes for idle. Bun's is no server of net.
    const { close } = server instanceof NetServer ? NetServer.prototype : server
    close.call(server, () => {
      clearInterval(idle)
      clearTimeout(patience)
      server.close() // ends the timer that looks for late heads
      resolve()
    })
    closeIdle()
  })
}
