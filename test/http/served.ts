import { once } from 'node:events'
import { createServer, type Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after } from 'node:test'
import { Dewar } from '../../src/index.ts'
import { type NodeHandlerOptions, type ServeOptions, type Server, serve, toNodeHandler } from '../../src/node.ts'

/** An app for production, with a secret. */
export function newApp(): Dewar {
  return new Dewar({ secret: 'x8Vn2QeP4mZt7KcR1yWd9LbJ5hGs3fUa', env: 'production' })
}

const running: Server[] = []

// So that a test that fails before it stops its server does not keep its file waiting.
after(() => Promise.all(running.map((server) => server.stop())))

/** Serves an app on a free port, without a word. */
export async function served(app: Dewar, options: ServeOptions = {}): Promise<Server> {
  const server = await serve(app, { port: 0, quiet: true, stopOnSignals: false, graceSeconds: 2, ...options })
  running.push(server)
  return server
}

/** The same behind a server of somebody else. */
export async function hosted(app: Dewar, options: NodeHandlerOptions = {}): Promise<Server> {
  const server: HttpServer = createServer(toNodeHandler(app, options)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const stop = async (): Promise<void> => {
    server.close()
    server.closeAllConnections()
  }
  const hosting = { url: `http://127.0.0.1:${port}`, port, stop }
  running.push(hosting)
  return hosting
}

/** What was written to the log while something was done. */
export async function loggedBy(work: () => Promise<unknown>): Promise<string[]> {
  const { error } = console
  const lines: string[] = []
  console.error = (line: string) => lines.push(line)
  try {
    await work()
  } finally {
    console.error = error
  }
  return lines
}
