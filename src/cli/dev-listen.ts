import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { explained } from './order.ts'

/** Where to listen. */
export interface Where {
  readonly port: number
  readonly host: string
}

/** Where somebody listens. */
export interface Listening {
  readonly port: number
  /** The address itself, where the name of a host may have been given. */
  readonly address: string
}

/** How many ports are tried behind one that is in use. */
const mostFurther = 20

/**
 * Listens on a port, or on the next free one behind it. Nothing is read from the connections. Rejects with `Refused` if
 * none of them can be had.
 */
export async function listenNear(where: Where, take: (connection: Socket) => void): Promise<Listening> {
  const server = createServer({ pauseOnConnect: true, noDelay: true }, (connection) => {
    connection.on('error', () => {}) // its client has gone
    take(connection)
  })
  for (let further = 0; ; further++) {
    try {
      return await listen(server, { ...where, port: where.port + further })
    } catch (error) {
      const isInUse = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
      if (!isInUse || further === mostFurther || where.port + further >= 65_535) throw explained(error)
    }
  }
}

function listen(server: Server, where: Where): Promise<Listening> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(where, () => {
      server.off('error', reject)
      server.on('error', () => {}) // a connection that cannot be accepted is gone for its client too
      resolve(server.address() as AddressInfo) // a server that listens on a port has an address with a port
    })
  })
}
