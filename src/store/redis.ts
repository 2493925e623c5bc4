import { DewarError } from '../errors/dewar-error.ts'
import { refuseUnknown } from '../errors/refuse-options.ts'
import { newIncarnation } from './incarnation.ts'
import { Calls, type Part } from './redis-calls.ts'
import { lineOf, type RedisClient } from './redis-client.ts'
import { readOnce, readSession, timeToLive, userField } from './redis-rows.ts'
import { scripts } from './redis-scripts.ts'
import { checkServer, tellOf } from './redis-server.ts'
import type { Asked, Begun, Change, Outcome, Revocation, SessionRow, Store, TellingStore, Told } from './store.ts'
import { newWriteId } from './write-id.ts'

/** How a store in Redis names its keys. */
export interface RedisOptions {
  /** What they begin with, in braces. Default `dewar`. Two apps that share a database of a server need two. */
  readonly prefix?: string
}

/**
 * A store in Redis 6.2 or newer, or Valkey. Takes a client of the package `redis` (a client, a pool or a cluster) or of the
 * package `ioredis` (a `Redis` or a `Cluster`), connected; it stays open when the store is closed.
 *
 * It keeps what the server keeps. What is committed survives a crash as far as the server writes it to disk (`appendonly
 * yes`; up to a second is lost when the power fails unless `appendfsync always` is set too), and a failover as far as the
 * replica had it. Of a session and its submission always both are lost or neither.
 *
 * All keys begin with `{dewar}:`. On a cluster the braces put them on one node: so what belongs together changes in one
 * step there too, the list of a user's sessions included.
 */
export function redis(client: RedisClient, options: RedisOptions = {}): Store {
  refuseUnknown('redis', options, ['prefix'])
  const { prefix = 'dewar' } = options
  if (typeof prefix !== 'string' || !/^[^{}]+$/.test(prefix)) {
    throw new DewarError('app/option-invalid', `The prefix of keys in Redis is a name without braces, not "${prefix}".`)
  }
  return new RedisStore(new Calls(lineOf(client)), `{${prefix}}:`)
}

// How many sessions are ended in one go: a slice that disturbs nobody.
const revokedAtOnce = 1000

class RedisStore implements TellingStore {
  readonly name = 'redis'
  readonly #calls: Calls
  readonly #prefix: string
  readonly #all: string

  constructor(calls: Calls, prefix: string) {
    this.#calls = calls
    this.#prefix = prefix
    this.#all = `${prefix}sessions`
  }

  prepare(): Promise<void> {
    return checkServer(this.#calls, this.#all)
  }

  async begin({ family, nowSeconds, once }: Asked): Promise<Begun> {
    const key = once?.key ?? ''
    const begun = ([name, row, ...known]: readonly Part[], isMine: boolean): Begun => {
      const session = readSession(row, nowSeconds)
      return { session, once: readOnce(key, known, nowSeconds), isMine, incarnation: String(name) }
    }
    const keys = [this.#session(family), this.#once(key)]
    const incarnation = `${this.#prefix}incarnation`
    if (once?.claim === undefined) {
      keys.push(incarnation)
      return begun(await this.#calls.read({ script: scripts.both, keys }, [newIncarnation()]), false)
    }
    const { owner, fingerprint, leaseUntilSeconds, expiresSeconds } = once.claim
    const values = [owner, fingerprint, `${leaseUntilSeconds}`, `${expiresSeconds}`]
    values.push(timeToLive(expiresSeconds, nowSeconds), newIncarnation())
    keys.push(this.#write(), incarnation)
    const [outcome, ...rest] = await this.#calls.write({ script: scripts.claim, keys }, nowSeconds, values)
    return begun(rest, outcome === 'mine')
  }

  async commit({ family, nowSeconds, session, once }: Change): Promise<Outcome> {
    if (session === undefined && once === undefined) return { kind: 'committed' }
    const user = session === undefined || session.kind === 'end' ? null : session.row.user
    const keys = [this.#session(family), this.#once(once?.key ?? ''), this.#write(), this.#all]
    keys.push(this.#user(user ?? ''), this.#user(''))
    const values = [family, ...sessionValues(session, nowSeconds), ...onceValues(once, nowSeconds)]
    const [outcome, ...rest] = await this.#calls.write({ script: scripts.commit, keys }, nowSeconds, values)
    return outcomeOf({ outcome, rest, key: once?.key ?? '', nowSeconds })
  }

  async list(user: string, nowSeconds: number): Promise<readonly SessionRow[]> {
    const keys = [this.#user(user), this.#session('')]
    const rows = await this.#calls.read({ script: scripts.list, keys }, [`${nowSeconds}`, userField(user)])
    return rows
      .flatMap((row) => readSession(row, nowSeconds) ?? [])
      .sort((one, other) => other.seenSeconds - one.seenSeconds)
  }

  async revoke(which: Revocation, nowSeconds: number): Promise<number> {
    const [kind, name, except = ''] =
      'family' in which ? ['family', which.family] : 'user' in which ? ['user', which.user, which.except] : ['all', '']
    for (let all = 0; ; ) {
      const keys = [this.#write(), this.#all, this.#session(''), this.#user('')]
      const values = [kind, name, except, `${revokedAtOnce}`]
      const [, ended, more] = await this.#calls.write({ script: scripts.revoke, keys }, nowSeconds, values)
      all += Number(ended)
      if (more !== 'again') return all
    }
  }

  async count(nowSeconds: number): Promise<number> {
    return Number(await this.#calls.command(this.#all, ['ZCOUNT', this.#all, `(${nowSeconds}`, '+inf']))
  }

  async sweep(most: number, nowSeconds: number): Promise<number> {
    const keys = [this.#all, this.#session(''), this.#user('')]
    const [removed] = await this.#calls.read({ script: scripts.sweep, keys }, [`${nowSeconds}`, `${most}`])
    return Number(removed)
  }

  tell(): Promise<Told> {
    return tellOf(this.#calls, this.#all)
  }

  async close(): Promise<void> {}

  #session(family: string): string {
    return `${this.#prefix}session:${family}`
  }

  #once(key: string): string {
    return `${this.#prefix}once:${key}`
  }

  #user(user: string): string {
    return `${this.#prefix}user:${user}`
  }

  #write(): string {
    return `${this.#prefix}write:${newWriteId()}`
  }
}

function sessionValues(session: Change['session'], nowSeconds: number): string[] {
  if (session === undefined || session.kind === 'end') return [session?.kind ?? '', '', '', '', '', '']
  const { kind, row } = session
  const { version, expiresSeconds, user } = row
  const fields = [`${version}`, `${expiresSeconds}`, userField(user), JSON.stringify(row)]
  return [kind, ...fields, timeToLive(expiresSeconds, nowSeconds)]
}

function onceValues(once: Change['once'], nowSeconds: number): string[] {
  if (once === undefined) return ['', '', '', '', '', '', '']
  if (once.kind === 'release') return [once.kind, '', '', '', '', '1', once.owner]
  const { kind, fingerprint, answer, expiresSeconds, owner } = once
  const ttl = timeToLive(expiresSeconds, nowSeconds)
  return [kind, fingerprint, answer, `${expiresSeconds}`, ttl, owner === undefined ? '0' : '1', owner ?? '']
}

function outcomeOf({
  outcome,
  rest,
  key,
  nowSeconds,
}: {
  readonly outcome: string
  readonly rest: readonly Part[]
  readonly key: string
  readonly nowSeconds: number
}): Outcome {
  switch (outcome) {
    case 'committed':
      return { kind: 'committed' }
    case 'lost':
      return { kind: 'lost', once: readOnce(key, rest, nowSeconds) }
    case 'conflict': {
      const session = readSession(rest[0], nowSeconds)
      if (session !== null) return { kind: 'conflict', session }
    }
  }
  return { kind: 'gone' }
}
