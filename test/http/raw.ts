import { connect } from 'node:net'

/** Sends bytes over a socket of its own and gives everything that comes back until the server closes, or two seconds pass. */
export function exchange(port: number, bytes: string | Uint8Array): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    let received = ''
    const timer = setTimeout(() => socket.destroy(), 2000)
    socket.setEncoding('latin1')
    socket.on('data', (text: string) => {
      received += text
    })
    socket.on('error', reject)
    socket.on('close', () => {
      clearTimeout(timer)
      resolve(received)
    })
    socket.write(bytes)
  })
}

/** The status of the first answer in what came back, or 0 if there is none. */
export function statusOf(received: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(received)?.[1] ?? 0)
}

/** A connection of its own, byte by byte. */
export interface Wire {
  /** Everything that came back until now, as Latin-1 text. */
  readonly received: string
  /** How many bytes came back. */
  readonly receivedBytes: number
  /** Resolves when the bytes are handed to the system; not while the other side does not read. */
  send(bytes: string | Uint8Array): Promise<void>
  /** Waits until what came back matches, for at most some milliseconds (5,000), and gives it. */
  until(pattern: RegExp, milliseconds?: number): Promise<string>
  /** Waits until the other side has closed the connection, for at most some milliseconds (5,000), and says how. */
  closed(milliseconds?: number): Promise<'closed' | 'reset'>
  /** Waits until the connection is no more, so that nothing can be sent either: at most some milliseconds (5,000). */
  gone(milliseconds?: number): Promise<void>
  /** Reads no more until `resume`. */
  pause(): void
  resume(): void
  /** Ends our half: nothing more will be sent. */
  end(): void
  /** Goes away as one does that ends its program. */
  leave(): void
  /** Goes away with a reset. */
  reset(): void
}

/** Opens a connection to this machine. */
export async function openWire(port: number): Promise<Wire> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  const parts: Buffer[] = []
  let receivedBytes = 0
  let ended: 'closed' | 'reset' | undefined
  let isGone = false
  const listeners = new Set<() => void>()
  const changed = (): void => {
    for (const listener of listeners) listener()
  }
  socket.on('data', (chunk) => {
    receivedBytes += chunk.length
    if (receivedBytes < 1_000_000) parts.push(chunk)
    changed()
  })
  const end = (how: 'closed' | 'reset'): void => {
    ended ??= how
    changed()
  }
  socket.on('end', () => end('closed'))
  socket.on('close', () => {
    isGone = true
    end('closed')
  })
  socket.on('error', () => end('reset'))
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  const text = (): string => Buffer.concat(parts).toString('latin1')
  const wait = <Value>(look: () => Value | null, milliseconds: number, what: string): Promise<Value> =>
    new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        clearTimeout(timer)
        listeners.delete(check)
        act()
      }
      const check = (): void => {
        const seen = look()
        if (seen !== null) settle(() => resolve(seen))
      }
      const timer = setTimeout(
        () => settle(() => reject(new Error(`${what}: not within ${milliseconds} ms. Came: ${text().slice(0, 500)}`))),
        milliseconds,
      )
      listeners.add(check)
      check()
    })
  return {
    get received() {
      return text()
    },
    get receivedBytes() {
      return receivedBytes
    },
    send: (bytes) => new Promise((resolve) => void socket.write(bytes, () => resolve())),
    until: (pattern, milliseconds = 5000) =>
      wait(() => (pattern.test(text()) ? text() : null), milliseconds, String(pattern)),
    closed: (milliseconds = 5000) => wait(() => ended ?? null, milliseconds, 'closed'),
    gone: async (milliseconds = 5000) => void (await wait(() => isGone || null, milliseconds, 'gone')),
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    end: () => void socket.end(),
    leave: () => void socket.destroy(),
    reset: () => void socket.resetAndDestroy(),
  }
}
