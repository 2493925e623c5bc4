import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** What is to be lost, once, on the way to a server or back. */
export interface Loss {
  /** What a client sends when it happens: the first piece that has this text in it. */
  readonly text: string
  /** `question`: the server never sees it. `answer`: the server does it, and nobody hears. Then the connection is cut. */
  readonly what: 'question' | 'answer'
  /** What happens after the server has answered, before the connection is cut. */
  meanwhile?(): Promise<unknown>
}

/** A line to a server that can lose what goes over it. */
export interface LossyLine {
  readonly port: number
  /** Loses something the next time it is sent. */
  lose(loss: Loss): void
  /** How often something was lost. */
  readonly losses: number
  /** How many pieces the clients have sent that had this text in them. */
  sent(text: string): number
  stop(): Promise<void>
}

/** Opens a line to a server on this machine. */
export async function openLossyLine(serverPort: number): Promise<LossyLine> {
  const sockets = new Set<Socket>()
  const pieces: string[] = []
  let next: Loss | null = null
  let losses = 0
  const server = createServer((client) => {
    const upstream = connect(serverPort, '127.0.0.1')
    let losing: Loss | null = null
    const cut = (): void => {
      client.destroy()
      upstream.destroy()
    }
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.setNoDelay(true).on('error', cut)
      socket.on('close', () => sockets.delete(socket) && cut())
    }
    client.on('data', (piece) => {
      pieces.push(piece.toString('latin1'))
      if (next !== null && piece.includes(next.text)) {
        losing = next
        next = null
        losses += 1
        if (losing.what === 'question') return cut()
      }
      upstream.write(piece)
    })
    upstream.on('data', (piece) => {
      if (losing === null) client.write(piece)
      else Promise.resolve(losing.meanwhile?.()).then(cut, cut)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port, // it listens on TCP
    lose(loss) {
      next = loss
    },
    get losses() {
      return losses
    },
    sent: (text) => pieces.filter((piece) => piece.includes(text)).length,
    async stop() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}
