import { DewarError } from '../errors/dewar-error.ts'
import { type Calls, partsOf, replyCode } from './redis-calls.ts'
import { scripts } from './redis-scripts.ts'
import type { Told } from './store.ts'

/**
 * Checks the server. Rejects with `store/refused` if it is older than 6.2, removes keys when its memory is full, is one
 * node of a cluster asked by a client that knows no clusters, or does not let the client run scripts.
 */
export async function checkServer(calls: Calls, key: string): Promise<void> {
  const info = await infoOf(calls, key)
  const version = field(info, 'redis_version')
  if (version !== null && isOlder(version)) throw refused(`Redis ${version} is too old: the store needs 6.2 or newer.`)
  const policy = field(info, 'maxmemory_policy') ?? (await configured(calls, key, 'maxmemory-policy'))
  if (policy === null) {
    throw refused('The server does not tell its maxmemory-policy: let the user of the client run INFO.')
  }
  if (policy !== 'noeviction') {
    const detail = `The server removes keys when its memory is full: its maxmemory-policy is ${policy}, so sessions and`
    throw refused(`${detail} submissions would be forgotten. Set "maxmemory-policy noeviction" in its configuration.`)
  }
}

/** What the server is set to, as far as it lets the client know, and its time. */
export async function tellOf(calls: Calls, key: string): Promise<Told> {
  const info = await infoOf(calls, key)
  const enabled = field(info, 'aof_enabled')
  const known: Readonly<Record<string, string | null>> = {
    'maxmemory-policy': field(info, 'maxmemory_policy') ?? (await configured(calls, key, 'maxmemory-policy')),
    appendonly: enabled === null ? await configured(calls, key, 'appendonly') : enabled === '1' ? 'yes' : 'no',
    appendfsync: await configured(calls, key, 'appendfsync'),
  }
  const told = Object.entries(known).flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]))
  const [seconds, microseconds] = partsOf(await calls.command(key, ['TIME']))
  return { settings: Object.fromEntries(told), serverMs: Number(seconds) * 1000 + Number(microseconds) / 1000 }
}

// Asked by a script, which is sent to the node that has the keys, and shows that scripts may be run.
async function infoOf(calls: Calls, key: string): Promise<string> {
  try {
    const [info] = await calls.read({ script: scripts.info, keys: [key] }, [])
    return String(info)
  } catch (error) {
    const cause = error instanceof Error ? error.cause : null
    if (!(cause instanceof Error)) throw error
    switch (replyCode(cause)) {
      case 'MOVED':
        throw refused('The server is one node of a cluster: give redis() a cluster client.', cause)
      case 'NOPERM':
      case 'ERR':
        throw refused(`The server does not run the scripts of the store: ${cause.message}.`, cause)
    }
    throw error
  }
}

async function configured(calls: Calls, key: string, setting: string): Promise<string | null> {
  try {
    const answer = await calls.command(key, ['CONFIG', 'GET', setting])
    const values = Array.isArray(answer) ? answer : Object.values(answer ?? {}) // RESP3 has a map
    return String(values.at(-1) ?? '') || null
  } catch (error) {
    if (error instanceof Error && replyCode(error.cause) !== null) return null // it may not be asked
    throw error
  }
}

function isOlder(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major < 6 || (major === 6 && minor < 2)
}

// INFO has one line a field, `name:value`.  redis.io, INFO
function field(info: string, name: string): string | null {
  return new RegExp(`^${name}:(.*?)\r?$`, 'm').exec(info)?.[1] ?? null
}

function refused(detail: string, cause?: Error): DewarError {
  return new DewarError('store/refused', detail, cause === undefined ? {} : { cause })
}
