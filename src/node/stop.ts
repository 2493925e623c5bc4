import type { Server } from 'node:http'

/** Stops a server: no new connections, the requests that run are finished, for at most `graceSeconds`. */
export function stopGracefully(
  server: Pick<Server, 'close' | 'closeIdleConnections' | 'closeAllConnections'>,
  graceSeconds: number,
): Promise<void> {
  return new Promise((resolve) => {
    // A kept-alive connection is idle again once its request is answered, and nothing else would close it.
    const idle = setInterval(() => server.closeIdleConnections(), 50)
    const patience = setTimeout(() => server.closeAllConnections(), graceSeconds * 1000)
    server.close(() => {
      clearInterval(idle)
      clearTimeout(patience)
      resolve()
    })
  })
}

/** Stops on SIGTERM or SIGINT and then exits 0; a second signal exits at once, with 1. */
export function stopOnSignals(stop: () => Promise<void>): void {
  let stopping = false
  const onSignal = () => {
    if (stopping) process.exit(1)
    stopping = true
    stop().then(() => process.exit(0))
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
}
