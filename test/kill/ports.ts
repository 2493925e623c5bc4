import { once } from 'node:events'
import { createServer } from 'node:net'
import type { Dice } from './dice.ts'

/**
 * Ports that stay free while nobody listens on them: below those that the system gives to connections, of which one could
 * else take the place of a process that was killed, or be connected with itself.  ip(7), ip_local_port_range
 */
export async function quietPorts(count: number, dice: Dice): Promise<readonly number[]> {
  const ports = new Set<number>()
  while (ports.size < count) {
    const port = dice.between(20_000, 32_000)
    if (await isFree(port)) ports.add(port)
  }
  return [...ports]
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch {
    return false
  }
  server.close()
  await once(server, 'close')
  return true
}
