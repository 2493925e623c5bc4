import { DewarError } from '../errors/dewar-error.ts'

/**
 * What the store needs of a client of the package `redis` (node-redis): a client or a pool of clients, connected. It
 * connects again by itself.
 */
export interface NodeRedisClient {
  /** False when it was never connected or was closed. */
  readonly isOpen: boolean
  /** False while it is connecting again. A pool does not tell. */
  readonly isReady?: boolean
  /** The signal takes back a command that was not sent yet; with an empty type mapping text comes as strings. */
  sendCommand(args: string[], options?: NodeRedisOptions): Promise<unknown>
  on(event: 'error', listener: (error: Error) => void): unknown
  listenerCount(event: 'error'): number
}

/** What the store needs of a cluster client of the package `redis`, connected. */
export interface NodeRedisCluster {
  readonly isOpen: boolean
  /** What tells it from a client. */
  readonly slots: unknown
  /** The key says which node to ask. */
  sendCommand(
    firstKey: string | undefined,
    isReadonly: boolean | undefined,
    args: string[],
    options?: NodeRedisOptions,
  ): Promise<unknown>
  on(event: 'error', listener: (error: Error) => void): unknown
  listenerCount(event: 'error'): number
}

/** What goes with a command to a client of the package `redis`. */
export interface NodeRedisOptions {
  abortSignal?: AbortSignal
  typeMapping?: Record<never, never>
}

/** What the store needs of a client of the package `ioredis`: a `Redis` or a `Cluster`. It connects again by itself. */
export interface IoRedisClient {
  /** `ready` when commands go out at once, `wait` before the first one, `end` when it was closed. */
  readonly status: string
  call(command: string, args: string[]): Promise<unknown>
}

/** A client that the store can be given. */
export type RedisClient = NodeRedisClient | NodeRedisCluster | IoRedisClient

/** A client, whichever it is. */
export interface RedisLine {
  /** Whether a command would go out at once, will when the connection is back, or never. */
  state(): 'ready' | 'coming' | 'closed'
  /** Sends a command; on a cluster to the node that has the key. The signal takes it back where the client can do that. */
  send(command: { readonly key: string; readonly args: string[]; readonly signal: AbortSignal }): Promise<unknown>
}

/** Finds out by its shape what a client is. Throws `app/option-invalid` for what is none. */
export function lineOf(client: RedisClient): RedisLine {
  if (isObject(client)) {
    if (isIoRedis(client)) return ioRedisLine(client)
    if (isNodeRedisCluster(client)) return nodeRedisClusterLine(client)
    if (isNodeRedis(client)) return nodeRedisLine(client)
  }
  const detail = 'redis() takes a client of the package redis (a client, a pool or a cluster) or of the package ioredis'
  throw new DewarError('app/option-invalid', `${detail}, not ${nameOf(client)}.`)
}

function nodeRedisLine(client: NodeRedisClient): RedisLine {
  listen(client)
  return {
    state: () => (!client.isOpen ? 'closed' : client.isReady === false ? 'coming' : 'ready'),
    send: ({ args, signal }) => client.sendCommand(args, { abortSignal: signal, typeMapping: {} }),
  }
}

function nodeRedisClusterLine(client: NodeRedisCluster): RedisLine {
  listen(client)
  return {
    state: () => (client.isOpen ? 'ready' : 'closed'),
    send: ({ key, args, signal }) => client.sendCommand(key, false, args, { abortSignal: signal, typeMapping: {} }),
  }
}

function ioRedisLine(client: IoRedisClient): RedisLine {
  return {
    state() {
      if (client.status === 'end') return 'closed'
      return client.status === 'ready' || client.status === 'wait' ? 'ready' : 'coming'
    },
    send: ({ args: [command = '', ...rest] }) => client.call(command, rest),
  }
}

// It tells of every connection that is lost; nobody listening would end the process. ioredis prints it in that case.
function listen(client: NodeRedisClient | NodeRedisCluster): void {
  if (client.listenerCount('error') === 0) client.on('error', () => {})
}

function isObject(client: unknown): client is object {
  return typeof client === 'object' && client !== null
}

function isIoRedis(client: object): client is IoRedisClient {
  return 'call' in client && typeof client.call === 'function' && 'status' in client
}

function isNodeRedisCluster(client: object): client is NodeRedisCluster {
  return 'slots' in client && isLikeNodeRedis(client)
}

// A sentinel client takes other arguments, and can be told by what only it has.
function isNodeRedis(client: object): client is NodeRedisClient {
  return isLikeNodeRedis(client) && !('acquire' in client)
}

function isLikeNodeRedis(client: object): boolean {
  return 'sendCommand' in client && typeof client.sendCommand === 'function' && 'isOpen' in client && 'on' in client
}

function nameOf(client: unknown): string {
  if (!isObject(client)) return typeof client === 'string' ? 'a string' : String(client)
  return 'acquire' in client ? 'a sentinel client: one of ioredis would do' : 'this object'
}
