import { Redis } from 'ioredis'
import { createClient } from 'redis'
import { type RedisClient, redis } from '../../src/redis.ts'
import type { Store } from '../../src/store/store.ts'
import type { Stage } from './contract.ts'
import type { RedisServer } from './servers/redis-server.ts'
import { now } from './stage.ts'

/** A client that is connected, and its end. */
export interface Connected {
  readonly client: RedisClient
  end(): void
}

/** Connects with the package `redis`. */
export async function withNodeRedis(port: number): Promise<Connected> {
  const client = createClient({ socket: { host: '127.0.0.1', port, reconnectStrategy: 50 } })
  const store = { client, end: () => client.destroy() }
  redis(client) // listens to its errors
  await client.connect()
  return store
}

/** Connects with the package `ioredis`. */
export async function withIoRedis(port: number): Promise<Connected> {
  const client = new Redis({ host: '127.0.0.1', port, retryStrategy: () => 50 })
  client.on('error', () => {})
  await new Promise((resolve) => client.once('ready', resolve))
  return { client, end: () => client.disconnect() }
}

/** Opens stages one after the other, on the same connections. */
export class RedisStages {
  readonly #server: RedisServer
  readonly #connected: readonly Connected[]
  readonly #stores: readonly Store[]

  private constructor(server: RedisServer, connected: readonly Connected[]) {
    this.#server = server
    this.#connected = connected
    this.#stores = connected.map(({ client }) => redis(client))
  }

  static async create(server: RedisServer, connects: (port: number) => Promise<Connected>): Promise<RedisStages> {
    const stages = new RedisStages(server, [await connects(server.port), await connects(server.port)])
    for (const store of stages.#stores) await store.prepare()
    return stages
  }

  async open(): Promise<Stage> {
    const own = createClient({ socket: { host: '127.0.0.1', port: this.#server.port, reconnectStrategy: 50 } })
    own.on('error', () => {}) // its connection dies when the server is restarted
    await own.connect()
    await own.flushAll()
    const [store, other] = this.#stores
    if (store === undefined || other === undefined) throw new Error('There are no stores.')
    await store.begin({ family: '', nowSeconds: now }) // an app has asked before: the first one writes the incarnation
    return {
      store,
      other: async () => other,
      dump: () => dumpOf((args) => own.sendCommand(args)),
      restart: async () => {
        await own.sendCommand(['SAVE'])
        await this.#server.kill()
        await this.#server.restart()
        return store
      },
      lose: async () => {
        await own.flushAll()
        return store
      },
      close: async () => own.destroy(),
      expiresByItself: true,
    }
  }

  end(): void {
    for (const { end } of this.#connected) end()
  }
}

async function dumpOf(send: (args: string[]) => Promise<unknown>): Promise<string> {
  const all = []
  for (const key of ((await send(['KEYS', '*'])) as string[]).sort()) {
    switch (await send(['TYPE', key])) {
      case 'hash':
        all.push([key, await send(['HGETALL', key])])
        break
      case 'zset':
        all.push([key, await send(['ZRANGE', key, '0', '-1', 'WITHSCORES'])])
        break
      default:
        all.push([key, await send(['GET', key])])
    }
  }
  return JSON.stringify(all)
}
