import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'

/** The shop in a process that can be killed. */
export interface ShopProcess {
  readonly port: number
  /** How many orders it has begun to work on. */
  begun(): number
  /** Kills it as a crash does, and waits until it is gone. */
  kill(): Promise<void>
}

/** Starts the shop on a file, on this port or a free one, and waits until it listens. */
export async function startShop(path: string, port = 0): Promise<ShopProcess> {
  const program = join(import.meta.dirname, 'once-served.ts')
  const child: ChildProcess = spawn(process.execPath, ['--conditions=dewar-source', program], {
    env: { ...process.env, SHOP_FILE: path, PORT: String(port), HOST: '127.0.0.1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  assert.ok(child.stdout)
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const listening = (): RegExpExecArray | null => /listening on http:\/\/127\.0\.0\.1:(\d+)\n/.exec(said)
  while (listening() === null) await Promise.race([once(child.stdout, 'data'), exited.then(() => assert.fail(said))])
  return {
    port: Number(listening()?.[1]),
    begun: () => said.split('an order begins').length - 1,
    async kill() {
      child.kill('SIGKILL')
      await exited
      child.stdout?.destroy()
    },
  }
}

/** A port that stays open while the process behind it is killed and started again, as systemd or a proxy holds it. */
export interface HeldPort {
  readonly port: number
  /** Connections go here from now on, and those that came meanwhile. */
  lead(port: number): void
  /** New connections wait from now on. Those that are open are reset when the process behind them goes. */
  hold(): void
  close(): void
}

/** Opens one on a free port. */
export async function holdPort(): Promise<HeldPort> {
  const open = new Set<Socket>()
  let target: number | null = null
  let waiting: Socket[] = []
  const join = (socket: Socket, port: number): void => {
    const behind = connect(port, '127.0.0.1')
    socket.pipe(behind).pipe(socket)
    socket.on('error', () => {}).on('close', () => behind.destroy())
    behind.on('error', () => {}).on('close', () => socket.resetAndDestroy())
  }
  const server: Server = createServer((socket) => {
    open.add(socket.on('close', () => open.delete(socket)))
    if (target === null) waiting.push(socket)
    else join(socket, target)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  assert.ok(typeof address === 'object' && address !== null)
  return {
    port: address.port,
    lead(port) {
      target = port
      for (const socket of waiting) join(socket, port)
      waiting = []
    },
    hold() {
      target = null
    },
    close() {
      server.close()
      for (const socket of open) socket.destroy()
    },
  }
}
