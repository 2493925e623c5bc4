import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { createClient } from 'redis'
import { redis } from '../../src/redis.ts'
import type { Store } from '../../src/store/store.ts'
import { type Connected, withIoRedis, withNodeRedis } from './redis-stage.ts'
import { type LossyLine, openLossyLine } from './servers/lossy-line.ts'
import { type RedisServer, skipRedis, startRedis } from './servers/redis-server.ts'
import {
  claim,
  completion,
  creation,
  ending,
  itemsOf,
  kept,
  known,
  make,
  newId,
  next,
  now,
  session,
  updating,
  withItem,
} from './stage.ts'
import { isUnavailable, rejectsInTime } from './unavailable.ts'

const clients = { 'node-redis': withNodeRedis, ioredis: withIoRedis }

for (const [name, connects] of Object.entries(clients)) {
  describe(`Redis in trouble, by ${name}`, { skip: skipRedis }, () => {
    let server: RedisServer
    let line: LossyLine
    let store: Store
    let lossy: Store
    const connected: Connected[] = []

    before(async () => {
      server = await startRedis({ appendonly: 'yes', appendfsync: 'no' })
      line = await openLossyLine(server.port)
      store = await storeOn(server.port)
      lossy = await storeOn(line.port)
    })
    after(async () => {
      server?.signal('SIGCONT')
      for (const { end } of connected) end()
      await line?.stop()
      await server?.stop()
    })
    beforeEach(() => send('FLUSHALL'))
    afterEach(() => send('CONFIG', 'SET', 'maxmemory', '0'))

    async function storeOn(port: number): Promise<Store> {
      const each = await connects(port)
      connected.push(each)
      const made = redis(each.client)
      await made.prepare()
      return made
    }

    async function send(...args: string[]): Promise<unknown> {
      const own = createClient({ socket: { host: '127.0.0.1', port: server.port } })
      await own.connect()
      const answer = await own.sendCommand(args)
      own.destroy()
      return answer
    }

    async function withRoomFor<Result>(does: () => Promise<Result>): Promise<Result> {
      await send('CONFIG', 'SET', 'maxmemory', '0')
      const result = await does()
      await send('CONFIG', 'SET', 'maxmemory', '1')
      return result
    }

    const everyCall = (row: { family: string; version: number }): [string, () => Promise<unknown>][] => [
      ['begin', () => kept(store, row.family)],
      ['begin of a submission', () => known(store, newId())],
      ['claim', () => claim(store, { key: newId(), owner: 'one' })],
      ['commit', () => store.commit(updating(session({ family: row.family, version: row.version + 1 })))],
      ['create', () => store.commit(creation(session({ user: 'ada' })))],
      ['revoke', () => store.revoke({ user: 'ada' }, now)],
      ['list', () => store.list('ada', now)],
      ['count', () => store.count(now)],
      ['sweep', () => store.sweep(10, now)],
      ['prepare', () => store.prepare()],
    ]

    it('that stands still is unavailable within two seconds, does nothing later, and works again by itself', async () => {
      const row = await make(store, { user: 'ada' })
      const calls = everyCall(row)
      server.signal('SIGSTOP')
      await Promise.all(calls.map(([call, does]) => rejectsInTime(does, call)))
      server.signal('SIGCONT')
      await pause(300)
      assert.deepEqual(await store.list('ada', now), [row])
      assert.equal(await store.count(now), 1)
      assert.deepEqual(await send('KEYS', '*once*'), [])
      assert.deepEqual(await store.commit(updating(next(row))), { kind: 'committed' })
    })

    it('that is not there is unavailable within two seconds, does nothing later, and works again by itself', async () => {
      const row = await make(store, { user: 'ada' })
      const calls = everyCall(row)
      await server.kill()
      await Promise.all(calls.map(([call, does]) => rejectsInTime(does, call)))
      await server.restart()
      await soon(async () => (await kept(store, row.family)) !== null)
      await pause(300)
      assert.deepEqual(await store.list('ada', now), [row])
      assert.deepEqual(await send('KEYS', '*once*'), [])
      assert.deepEqual(await store.commit(updating(next(row))), { kind: 'committed' })
    })

    for (const what of ['question', 'answer'] as const) {
      it(`whose connection is cut before the ${what} arrives does what it was asked, once`, async () => {
        const row = await make(store, { user: 'ada' })
        const once = { kind: 'complete', ...completion(newId()) } as const
        const claimed = newId()
        await lossy.commit({ family: newId(), nowSeconds: now, session: { kind: 'end' } }) // all scripts are known
        const losing = async (call: () => Promise<unknown>, meanwhile?: () => Promise<unknown>) => {
          const before = line.losses
          line.lose({ text: 'EVALSHA', what, ...(meanwhile !== undefined && { meanwhile }) })
          const result = await call()
          assert.equal(line.losses, before + 1)
          return result
        }
        const first = withItem(row, 'first')
        const second = withItem(first, 'second')
        const committed = { kind: 'committed' }
        assert.deepEqual(await losing(() => lossy.commit({ ...updating(first), once })), committed)
        const theirs = withItem(second, 'theirs')
        const meanwhile = async () => assert.deepEqual(await store.commit(updating(theirs)), committed)
        assert.deepEqual(await losing(() => lossy.commit(updating(second)), meanwhile), committed)
        const items = itemsOf(await kept(store, row.family))
        assert.deepEqual(items, what === 'answer' ? ['first', 'second', 'theirs'] : ['first', 'second'])
        assert.equal((await known(store, once.key))?.state, 'done')
        const claiming = async () => assert.equal((await claim(lossy, { key: claimed, owner: 'one' })).isMine, true)
        await losing(claiming)
        assert.equal(await losing(() => lossy.revoke({ user: 'ada' }, now)), 1)
        const made = session()
        const revoking = () => store.revoke({ family: made.family }, now)
        assert.deepEqual(await losing(() => lossy.commit(creation(made)), revoking), committed)
        assert.equal(await store.count(now), what === 'answer' ? 0 : 1) // what was ended does not come back
      })
    }

    it('that is killed under load and comes back with what it wrote has lost nothing and doubled nothing', async () => {
      const { family } = await make(store)
      const { told, refused } = await appendWhile(store, family, async () => {
        for (let round = 0; round < 2; round++) {
          await pause(300)
          await server.kill()
          await pause(100)
          await server.restart()
        }
        await pause(500)
      })
      const items = itemsOf(await kept(store, family))
      assert.ok(refused.every(isUnavailable), String(refused.find((error) => !isUnavailable(error))))
      assert.equal(new Set(items).size, items.length, 'nothing is there twice')
      const missing = told.filter((item) => !items.includes(item))
      assert.deepEqual(missing, [])
      assert.ok(told.length > 50, `${told.length} told`)
    })

    it('that is killed under load and comes back empty has no session any more, and works by itself', async () => {
      const row = await make(store, { user: 'ada' })
      await send('CONFIG', 'SET', 'appendonly', 'no')
      try {
        const outcomes = new Set<string>()
        const { refused } = await appendWhile(
          store,
          row.family,
          async () => {
            await pause(200)
            await server.kill()
            await server.forget()
            await server.restart()
            await pause(500)
          },
          (kind) => outcomes.add(kind),
        )
        assert.ok(refused.every(isUnavailable))
        assert.ok(outcomes.has('gone'))
        assert.equal(await kept(store, row.family), null)
        assert.deepEqual(await store.list('ada', now), [])
        assert.equal(await store.count(now), 0)
        const fresh = await make(store, { user: 'ada' })
        assert.deepEqual(await store.list('ada', now), [fresh])
      } finally {
        await send('CONFIG', 'SET', 'appendonly', 'yes')
      }
    })

    it('that is full changes nothing by half, ends sessions all the same, and works when there is room', async () => {
      const row = await make(store, { user: 'ada' })
      await send('CONFIG', 'SET', 'maxmemory', '1')
      const key = newId()
      const once = { kind: 'complete', ...completion(key) } as const
      const full = await rejectsInTime(() => store.commit({ ...updating(next(row)), once }), 'commit')
      assert.match(String(full.cause), /OOM/)
      await rejectsInTime(() => claim(store, { key, owner: 'one' }), 'claim')
      assert.deepEqual(await kept(store, row.family), row)
      assert.equal(await known(store, key), null)
      const [ended, revoked] = await withRoomFor(() => Promise.all([make(store), make(store, { user: 'bob' })]))
      assert.deepEqual(await store.commit(ending(ended)), { kind: 'committed' })
      assert.equal(await store.revoke({ user: 'bob' }, now), 1)
      assert.equal(await store.revoke({ user: 'bob' }, now), 0)
      assert.equal(await kept(store, revoked.family), null)
      assert.equal(await store.sweep(10, now + 10_000), 1)
      await send('CONFIG', 'SET', 'maxmemory', '0')
      await send('FLUSHALL')
      await store.commit(creation(row))
      assert.deepEqual(await store.commit({ ...updating(next(row)), once }), { kind: 'committed' })
    })

    it('that is a copy is unavailable to who writes, and to all when it has lost its original', async () => {
      const row = await make(store)
      await send('REPLICAOF', '127.0.0.1', '1')
      try {
        const readonly = await rejectsInTime(() => store.commit(updating(next(row))), 'commit')
        assert.match(String(readonly.cause), /READONLY/)
        assert.deepEqual(await kept(store, row.family), row)
        await send('CONFIG', 'SET', 'replica-serve-stale-data', 'no')
        assert.match(String((await rejectsInTime(() => kept(store, row.family), 'begin')).cause), /MASTERDOWN/)
      } finally {
        await send('CONFIG', 'SET', 'replica-serve-stale-data', 'yes')
        await send('REPLICAOF', 'NO', 'ONE')
      }
      assert.deepEqual(await store.commit(updating(next(row))), { kind: 'committed' })
    })

    it('by a client that was closed is unavailable at once', async () => {
      const each = await connects(server.port)
      const closed = redis(each.client)
      each.end()
      await pause(20)
      const begun = performance.now()
      await rejectsInTime(() => kept(closed, newId()), 'begin')
      assert.ok(performance.now() - begun < 500)
    })
  })
}

/** Appends items from 6 sides to one session until something is over. Gives what was told to be done, and what was not. */
async function appendWhile(
  store: Store,
  family: string,
  something: () => Promise<void>,
  saw: (outcome: string) => void = () => {},
): Promise<{ told: readonly string[]; refused: readonly unknown[] }> {
  const told: string[] = []
  const refused: unknown[] = []
  let isOver = false
  const appending = async (writer: number): Promise<void> => {
    for (let turn = 0; !isOver; turn++) {
      const item = `${writer}-${turn}`
      try {
        let row = await kept(store, family)
        for (let isDone = false; !isDone && row !== null; ) {
          const outcome = await store.commit(updating(withItem(row, item)))
          saw(outcome.kind)
          isDone = outcome.kind !== 'conflict'
          if (outcome.kind === 'committed') told.push(item)
          if (outcome.kind === 'conflict') row = outcome.session
          await pause(Math.random() * 10)
        }
        if (row === null) await pause(20)
      } catch (error) {
        refused.push(error)
      }
    }
  }
  const writers = Array.from({ length: 6 }, (_, writer) => appending(writer))
  try {
    await something()
  } finally {
    isOver = true
  }
  await Promise.all(writers)
  return { told, refused }
}

async function soon(isTrue: () => Promise<boolean>): Promise<void> {
  for (const untilMs = performance.now() + 5000; performance.now() < untilMs; await pause(50)) {
    if (await isTrue().catch(() => false)) return
  }
  assert.fail('It did not come true.')
}
