import { connect } from 'node:net'

/** What came back over one connection. */
export interface Outcome {
  /** The statuses of all answers, in order. */
  readonly statuses: readonly number[]
  /** Everything, one character a byte. */
  readonly text: string
  /** Whether the server closed the connection. */
  readonly closed: boolean
}

/** How a client behaves besides what it sends. */
export interface Manners {
  /** Closes its side once everything is sent. Default false. */
  readonly leaves?: boolean
  /** Longest silence, in milliseconds, after which nothing more is waited for. Default 1500. */
  readonly quietMs?: number
}

/**
 * Sends bytes, one character a byte, over a connection of their own, and gives everything that comes back until the
 * server closes it or falls silent. A reset counts as closing: what came before it is kept.
 */
export function exchange(
  port: number,
  bytes: string,
  { leaves = false, quietMs = 1500 }: Manners = {},
): Promise<Outcome> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    let text = ''
    let closed = false
    const silence = setTimeout(() => socket.destroy(), quietMs)
    socket.setEncoding('latin1')
    socket.on('data', (piece: string) => {
      text += piece
      silence.refresh()
    })
    const onClosed = (): void => {
      closed = true
      socket.destroy()
    }
    socket.on('end', onClosed).on('error', onClosed)
    socket.on('close', () => {
      clearTimeout(silence)
      const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => Number(match[1]))
      resolve({ statuses, text, closed })
    })
    if (leaves) socket.end(bytes, 'latin1')
    else socket.write(bytes, 'latin1')
  })
}
