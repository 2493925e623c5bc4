import { createServer, type Server as HttpServer } from 'node:http'
import type { Socket } from 'node:net'
import type { AnyDewar } from '../app/dewar.ts'
import { onClientError, onConnect } from './client-error.ts'
import { headLimits } from './framing.ts'
import { type HandlerSettings, handlersOf } from './handle.ts'
import type { Timeouts } from './timeouts.ts'

/** A server of Node, and the connections that it has. */
export interface Connected {
  readonly server: HttpServer
  readonly connections: ReadonlySet<Socket>
}

/** A server for an app that listens nowhere yet. */
export function createHttpServer(
  app: AnyDewar,
  settings: HandlerSettings & { readonly timeouts: Timeouts },
): Connected {
  const { onRequest, onCheckContinue, onCheckExpectation } = handlersOf(app, settings)
  const { timeouts } = settings
  const connections = new Set<Socket>()
  const server = createServer(
    {
      insecureHTTPParser: false,
      // Both have limits of their own (`judgeFraming`), and Node counts them together.
      maxHeaderSize: headLimits.targetBytes + headLimits.headerBytes + 1024,
      requireHostHeader: false, // told with the other things that a head may lack
      headersTimeout: Math.ceil(timeouts.headersSeconds * 1000),
      requestTimeout: 0, // bodies are judged by their pace: a large one over a slow line is honest
      keepAliveTimeout: Math.ceil(timeouts.keepAliveSeconds * 1000),
      connectionsCheckingInterval: 1000,
    },
    onRequest,
  )
  server.on('checkContinue', onCheckContinue)
  server.on('checkExpectation', onCheckExpectation)
  server.on('connect', (request, socket) => onConnect(request, socket as Socket)) // it serves TCP alone
  server.on('clientError', (error, socket) => onClientError(error, socket as Socket, timeouts))
  server.on('connection', (socket) => {
    connections.add(socket)
    socket.setMaxListeners(0) // every request in line may wait for its end
    socket.once('close', () => connections.delete(socket))
  })
  return { server, connections }
}
