import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { Cluster, Redis } from 'ioredis'
import { createClient, createClientPool, createCluster, createSentinel } from 'redis'
import { type NodeRedisOptions, type RedisClient, redis } from '../../src/redis.ts'
import { type RedisServer, skipRedis, startRedis } from './servers/redis-server.ts'
import { claim, completion, creation, kept, known, make, newId, next, now, session, updating } from './stage.ts'
import { refuses } from './unavailable.ts'

describe('Redis at start', { skip: skipRedis }, () => {
  let server: RedisServer
  let client: Awaited<ReturnType<typeof connected>>

  before(async () => {
    server = await startRedis()
    client = await connected(server.port)
  })
  after(async () => {
    client?.destroy()
    await server?.stop()
  })

  it('is refused when it removes keys of a full memory, whether it has a limit or not', async () => {
    for (const policy of ['allkeys-lru', 'volatile-ttl', 'allkeys-random', 'volatile-lfu']) {
      for (const limit of ['0', '100mb']) {
        await client.configSet({ 'maxmemory-policy': policy, maxmemory: limit })
        await refuses(redis(client).prepare(), new RegExp(`is ${policy}.*Set "maxmemory-policy noeviction"`))
      }
    }
    await client.configSet({ 'maxmemory-policy': 'noeviction' })
    await redis(client).prepare()
    await client.configSet({ maxmemory: '0' })
    await redis(client).prepare()
  })

  it('is asked by another way when the first is not permitted, and refused when none is', async () => {
    const users = {
      noconfig: '+@all -config',
      noinfo: '+@all -info',
      neither: '+@all -config -info',
      noscripts: '+@all -@scripting',
    }
    for (const [name, rules] of Object.entries(users)) {
      await client.sendCommand(['ACL', 'SETUSER', name, 'on', 'nopass', '~{dewar}:*', ...rules.split(' ')])
    }
    const as = async (name: string, check: (user: RedisClient) => Promise<void>) => {
      for (const connects of [asNodeRedis, asIoRedis]) {
        const user = await connects(server.port, name)
        await check(user.client).finally(user.end)
      }
    }
    await as('noconfig', async (user) => {
      const store = redis(user)
      await store.prepare()
      const row = await make(store, { user: 'ada' })
      assert.deepEqual(await store.list('ada', now), [row])
      assert.equal(await store.revoke({ all: true }, now), 1)
    })
    await as('noinfo', (user) => redis(user).prepare())
    await client.configSet({ 'maxmemory-policy': 'allkeys-lru' })
    await as('noinfo', (user) => refuses(redis(user).prepare(), /is allkeys-lru/))
    await client.configSet({ 'maxmemory-policy': 'noeviction' })
    await as('neither', (user) => refuses(redis(user).prepare(), /does not tell its maxmemory-policy/))
    await as('noscripts', (user) => refuses(redis(user).prepare(), /does not run the scripts of the store/))
  })

  it('is refused when it is older than 6.2', async () => {
    const old = (version: string) =>
      redis({ status: 'ready', call: async () => `redis_version:${version}\r\nmaxmemory_policy:noeviction\r\n` })
    await refuses(old('6.0.16').prepare(), /Redis 6\.0\.16 is too old: the store needs 6\.2 or newer/)
    await refuses(old('5.0.14').prepare(), /too old/)
    for (const version of ['6.2.0', '7.0.15', '8.4.1']) await old(version).prepare()
  })

  it('asks for a client, and says so', () => {
    const sentinel = createSentinel({ name: 'x', sentinelRootNodes: [{ host: '127.0.0.1', port: 1 }] })
    for (const given of [undefined, null, 'redis://localhost', {}, new Map(), sentinel]) {
      assert.throws(() => redis(given as never), {
        code: 'app/option-invalid',
        message:
          /takes a client .* not (undefined|null|a string|this object|a sentinel client: one of ioredis would do)\./,
      })
    }
    for (const prefix of ['', '{a}']) assert.throws(() => redis(client, { prefix }), { code: 'app/option-invalid' })
  })

  it('takes a pool of clients, and a client that connects when it is first asked', async () => {
    const pool = await createClientPool({ socket: { host: '127.0.0.1', port: server.port } }).connect()
    assert.ok(pool)
    const lazy = new Redis({ host: '127.0.0.1', port: server.port, lazyConnect: true })
    for (const each of [pool, lazy]) {
      const store = redis(each)
      await store.prepare()
      const row = await make(store)
      assert.deepEqual(await kept(store, row.family), row)
    }
    pool.destroy()
    lazy.disconnect()
  })

  it('keeps two apps apart by the prefix, and takes settings of clients that change answers', async () => {
    const buffers = client.withTypeMapping({ 36: Buffer })
    const other = redis(buffers as never, { prefix: 'other' })
    const store = redis(client)
    const row = await make(other, { user: 'ada' })
    assert.deepEqual(await kept(other, row.family), row)
    assert.equal(await kept(store, row.family), null)
    assert.deepEqual(await store.list('ada', now), [])
    const asked = { family: row.family, nowSeconds: now }
    assert.notEqual((await other.begin(asked)).incarnation, (await store.begin(asked)).incarnation)
    const prefixing = new Redis({ host: '127.0.0.1', port: server.port, keyPrefix: 'app:', stringNumbers: true })
    const third = redis(prefixing)
    await third.prepare()
    const mine = await make(third, { user: 'ada' })
    assert.deepEqual(await third.list('ada', now), [mine])
    assert.equal(await third.count(now), 1)
    assert.equal(await third.revoke({ user: 'ada' }, now), 1)
    assert.equal(await client.exists(`app:{dewar}:session:${mine.family}`), 0)
    prefixing.disconnect()
  })

  it('lets go of every key by itself when its time is over', async () => {
    await client.flushAll()
    const store = redis(client)
    const row = await make(store, { user: 'ada', expiresSeconds: now + 100 })
    await make(store, { user: 'ada', expiresSeconds: now + 1000 })
    const key = newId()
    await claim(store, { key, owner: 'one' })
    await store.commit({ ...updating(next(row)), once: { kind: 'complete', ...completion(key, { owner: 'one' }) } })
    const seconds = async (name: string) => Math.ceil((await client.pTTL(`{dewar}:${name}`)) / 1000)
    assert.equal(await seconds(`session:${row.family}`), 160)
    assert.equal(await seconds('user:ada'), 1060)
    assert.equal(await seconds(`once:${key}`), 3660)
    assert.equal(await seconds('sessions'), -0)
    assert.equal(await client.pTTL('{dewar}:incarnation'), -1) // it is there, without an end
    for (const name of await client.keys('*write*')) assert.ok((await client.pTTL(name)) <= 5000)
    assert.equal(await store.sweep(10, now + 2000), 2)
    assert.equal(await client.exists(['{dewar}:sessions', '{dewar}:user:ada']), 0)
  })

  it('is asked once a call', async () => {
    let asked = 0
    const ioredis = new Redis({ host: '127.0.0.1', port: server.port })
    const counting: readonly RedisClient[] = [
      {
        isOpen: true,
        sendCommand: (args: string[], options?: NodeRedisOptions) => {
          asked += 1
          return client.sendCommand(args, options)
        },
        on: () => {},
        listenerCount: () => 1,
      },
      {
        status: 'ready',
        call: (command, args) => {
          asked += 1
          return ioredis.call(command, args)
        },
      },
    ]
    for (const each of counting) {
      const store = redis(each)
      await store.prepare()
      const everything = async () => {
        const costs: number[] = []
        const asking = async (call: Promise<unknown>): Promise<void> => {
          const before = asked
          await call
          costs.push(asked - before)
        }
        const row = session({ user: 'ada' })
        const once = { kind: 'complete', ...completion(newId()) } as const
        await asking(store.commit(creation(row)))
        await asking(kept(store, row.family))
        await asking(known(store, newId()))
        await asking(claim(store, { key: newId(), owner: 'one' }))
        await asking(store.commit({ ...updating(next(row)), once }))
        await asking(store.commit({ ...updating(next(row)), once }))
        await asking(store.commit(updating(row)))
        await asking(store.list('ada', now))
        await asking(store.count(now))
        await asking(store.revoke({ user: 'ada' }, now))
        await asking(store.sweep(10, now))
        return costs
      }
      await everything() // the server meets each script, the store the server's clock
      assert.deepEqual(
        await everything(),
        Array.from({ length: 11 }, () => 1),
      )
      const fresh = redis(each) // which learns the server's clock from its first answer
      const before = asked
      await make(fresh)
      assert.equal(asked - before, 2)
      await make(fresh)
      await fresh.commit({ family: newId(), nowSeconds: now })
      assert.equal(asked - before, 3)
    }
    ioredis.disconnect()
  })
})

describe('Redis as a cluster', { skip: skipRedis }, () => {
  const servers: RedisServer[] = []
  const ends: (() => void)[] = []

  before(async () => {
    const settings = { 'cluster-enabled': 'yes', 'cluster-announce-ip': '127.0.0.1' }
    servers.push(await startRedis(settings), await startRedis(settings))
    const [first, second] = await Promise.all(servers.map(({ port }) => connected(port)))
    assert.ok(first && second)
    await first.sendCommand(['CLUSTER', 'ADDSLOTSRANGE', '0', '8191'])
    await second.sendCommand(['CLUSTER', 'ADDSLOTSRANGE', '8192', '16383'])
    await first.sendCommand(['CLUSTER', 'MEET', '127.0.0.1', String(servers[1]?.port)])
    for (const each of [first, second]) {
      while (!String(await each.sendCommand(['CLUSTER', 'INFO'])).includes('cluster_state:ok')) {
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      each.destroy()
    }
  })
  after(async () => {
    for (const end of ends) end()
    for (const server of servers) await server.stop()
  })

  it('keeps what a store promises on one of its nodes, by both kinds of clients', async () => {
    const nodes = servers.map(({ port }) => ({ host: '127.0.0.1', port }))
    const one = await createCluster({ rootNodes: nodes.map((socket) => ({ socket })) }).connect()
    const other = new Cluster(nodes)
    ends.push(
      () => one.destroy(),
      () => other.disconnect(),
    )
    for (const each of [one, other]) {
      const store = redis(each)
      await store.prepare()
      const rows = [await make(store, { user: 'ada' }), await make(store, { user: 'ada' }), await make(store)]
      const [row] = rows
      assert.ok(row)
      const key = newId()
      assert.equal((await claim(store, { key, owner: 'one' })).isMine, true)
      const once = { kind: 'complete', ...completion(key, { owner: 'one' }) } as const
      assert.deepEqual(await store.commit({ ...updating(next(row)), once }), { kind: 'committed' })
      assert.deepEqual(await kept(store, row.family), next(row))
      assert.equal((await known(store, key))?.state, 'done')
      assert.equal((await store.list('ada', now)).length, 2)
      assert.equal(await store.count(now), 3)
      assert.equal(await store.revoke({ user: 'ada', except: row.family }, now), 1)
      assert.equal(await store.revoke({ all: true }, now), 2)
      assert.equal(await store.sweep(10, now), 0)
    }
  })

  it('is refused to a client that knows only the node that has not the keys', async () => {
    const outcomes = await Promise.all(
      servers.map(async ({ port }) => {
        const plain = await connected(port)
        ends.push(() => plain.destroy())
        return redis(plain)
          .prepare()
          .then(
            () => 'ready',
            ({ code, message }) => `${code} ${message}`,
          )
      }),
    )
    assert.equal(outcomes.filter((outcome) => outcome === 'ready').length, 1)
    assert.match(
      outcomes.find((outcome) => outcome !== 'ready') ?? '',
      /^store\/refused .* give redis\(\) a cluster client/,
    )
  })
})

async function connected(port: number) {
  return createClient({ socket: { host: '127.0.0.1', port } }).connect()
}

async function asNodeRedis(port: number, username: string) {
  const client = await createClient({ socket: { host: '127.0.0.1', port }, username, password: 'x' }).connect()
  return { client, end: () => client.destroy() }
}

async function asIoRedis(port: number, username: string) {
  const client = new Redis({ host: '127.0.0.1', port, username, password: 'x', enableReadyCheck: false })
  await new Promise((resolve) => client.once('ready', resolve))
  return { client, end: () => client.disconnect() }
}
