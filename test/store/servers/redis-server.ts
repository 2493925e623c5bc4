import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { skipWithout } from '../../browser/needs.ts'
import { freePort } from './free-port.ts'
import { ServerProcess } from './process.ts'

const path = '/usr/bin/redis-server'

/** For the `skip` of a test that needs Redis. */
export const skipRedis: string | false = skipWithout(path)

/** A Redis of its own, in a folder that goes away with it. */
export interface RedisServer {
  readonly port: number
  readonly url: string
  signal(signal: NodeJS.Signals): void
  /** Ends it at once, as a crash does. */
  kill(): Promise<void>
  /** Removes what it has written to disk, while it does not run. */
  forget(): Promise<void>
  /** Starts it again on the same port: with what it has written to disk, if it was to write anything. */
  restart(): Promise<void>
  stop(): Promise<void>
}

/** Starts a server with these settings. It keeps nothing on disk unless they say so. */
export async function startRedis(settings: Record<string, string> = {}): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'dewar-redis-'))
  const port = await freePort()
  const all = { save: '', bind: '127.0.0.1', ...settings, port: `${port}`, dir: folder }
  const args = Object.entries(all).flatMap(([name, value]) => [`--${name}`, value])
  let server: ServerProcess
  const start = async (): Promise<void> => {
    server = new ServerProcess([path, ...args])
    await server.until(() => answers(port))
  }
  const stop = async (): Promise<void> => {
    await server.end('SIGKILL')
    await rm(folder, { recursive: true })
  }
  try {
    await start()
  } catch (error) {
    await stop()
    throw error
  }
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    signal: (signal) => server.signal(signal),
    kill: () => server.end('SIGKILL'),
    forget: async () => {
      for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true })
    },
    restart: start,
    stop,
  }
}

// Sends a PING as text: any answer but that it is still loading will do.
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'))
    socket.setEncoding('utf8').on('data', (answer: string) => {
      socket.destroy()
      resolve(!answer.startsWith('-LOADING'))
    })
    socket.on('error', () => resolve(false)).setTimeout(1000, () => socket.destroy())
    socket.on('close', () => resolve(false))
  })
}
