import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { Pool } from 'pg'
import { createClient } from 'redis'
import { type LossyLine, openLossyLine } from '../store/servers/lossy-line.ts'
import { type PostgresServer, skipPostgres, startPostgres } from '../store/servers/postgres-server.ts'
import { type RedisServer, skipRedis, startRedis } from '../store/servers/redis-server.ts'
import { cookieFrom, get, itemsOf, jsonOf, post, sessionOf, signIn, userOf } from './asking.ts'
import { assertAway, assertNothingButPublic, assertPublic, assertSignedInSoon } from './away.ts'
import { type Crew, startCrew } from './crew.ts'
import { postgresAddress, redisAddress } from './keepers.ts'
import { appendWhile, assertKept } from './load.ts'

/** What is the same for all servers: the app, and how the server is troubled. */
interface Stage {
  readonly crew: Crew
  /** Between the last process of the app and the server. */
  readonly line: LossyLine
  readonly server: Pick<RedisServer & PostgresServer, 'signal' | 'kill' | 'restart'>
  /** What is in every commit that goes to the server. */
  readonly commitText: string
}

describe('the app on PostgreSQL', { skip: skipPostgres }, () => {
  const stage = {} as Stage & { server: PostgresServer; own: Pool } // filled before the first test

  before(async () => {
    const server = await startPostgres()
    const line = await openLossyLine(server.port)
    const crew = await startCrew(postgresAddress(server.port), postgresAddress(line.port))
    Object.assign(stage, { server, line, crew, own: server.pool('public'), commitText: 'dewar-1-commit' })
  })
  after(async () => {
    stage.server?.signal('SIGCONT')
    await stage.crew?.stop()
    await stage.line?.stop()
    await stage.own?.end()
    await stage.server?.stop()
  })

  examineServer(stage)

  it('has an append done once whose connection the server ends in the middle of COMMIT', async () => {
    const { own, crew } = stage
    await own.query(`
      CREATE SEQUENCE commits;
      CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN IF nextval('commits') = 1 THEN PERFORM pg_sleep(5); END IF; RETURN NULL; END $$;`)
    const cookie = await signIn(crew.one, 'ann')
    await own.query(`CREATE CONSTRAINT TRIGGER slowly AFTER UPDATE ON dewar_sessions INITIALLY DEFERRED
      FOR EACH ROW EXECUTE FUNCTION slowly()`)
    try {
      const appending = post(`${crew.one}/append`, { item: 'a' }, cookie)
      const ending = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'`
      while ((await own.query(ending)).rowCount === 0) await pause(10)
      assert.equal((await appending).status, 303)
      assert.deepEqual(await itemsOf(crew.other, cookie), ['a'])
    } finally {
      await own.query('DROP FUNCTION slowly CASCADE')
    }
  })
})

describe('the app on Redis', { skip: skipRedis }, () => {
  const stage = {} as Stage & { server: RedisServer } // filled before the first test

  before(async () => {
    const server = await startRedis({ appendonly: 'yes', appendfsync: 'no' })
    const line = await openLossyLine(server.port)
    const crew = await startCrew(redisAddress(server.port), redisAddress(line.port))
    Object.assign(stage, { server, line, crew, commitText: 'EVALSHA' })
  })
  after(async () => {
    stage.server?.signal('SIGCONT')
    await stage.crew?.stop()
    await stage.line?.stop()
    await stage.server?.stop()
  })
  const send = async (...args: string[]): Promise<void> => {
    const own = await createClient({ url: stage.server.url }).connect()
    await own.sendCommand(args)
    own.destroy()
  }

  examineServer(stage)

  it('reads and ends sessions while it is full, refuses to write, and writes when there is room', async () => {
    const { one, other } = stage.crew
    const [cookie, ended] = [await signIn(one, 'ann'), await signIn(one, 'bob')]
    await cookieFrom(`${one}/append`, { item: 'before' }, cookie)
    await send('CONFIG', 'SET', 'maxmemory', '1')
    try {
      for (const origin of [one, other]) {
        assertAway(await post(`${origin}/append`, { item: 'never' }, cookie), '/append')
        assertAway(await post(`${origin}/login`, { user: 'eve', password: 'x' }), '/login')
        assert.equal(await userOf(origin, cookie), 'ann')
        await assertPublic(origin, cookie)
      }
      assert.equal((await post(`${one}/logout`, {}, ended)).status, 303)
      assert.equal(await userOf(other, ended), null)
    } finally {
      await send('CONFIG', 'SET', 'maxmemory', '0')
    }
    await cookieFrom(`${other}/append`, { item: 'after' }, cookie)
    assert.deepEqual(await itemsOf(one, cookie), ['before', 'after'])
    await stage.crew.assertSame()
  })

  it('has nobody signed in when it comes back empty, and signs in who comes', async () => {
    const { crew, server } = stage
    const cookie = await signIn(crew.one, 'ann')
    await cookieFrom(`${crew.one}/append`, { item: 'gone' }, cookie)
    await server.kill()
    await server.forget()
    try {
      await assertNothingButPublic(crew.one, cookie)
    } finally {
      await server.restart()
    }
    for (const origin of crew.origins) {
      while ((await get(`${origin}/me`, cookie)).status === 503) await pause(50)
      assert.deepEqual(await jsonOf(`${origin}/me`, cookie), { user: null, id: null })
      const again = await signIn(origin, 'ann', cookie)
      assert.notEqual(again.split('.')[0], cookie.split('.')[0]) // a session of its own
      await cookieFrom(`${origin}/append`, { item: 'new' }, again)
      assert.deepEqual(await itemsOf(crew.one, again), ['new'])
    }
    await crew.assertSame()
  })
})

function examineServer(stage: Stage): void {
  for (const what of ['question', 'answer'] as const) {
    it(`has an append done once whose connection is cut before the ${what} arrives`, async () => {
      const { crew, line, commitText } = stage
      const cookie = await signIn(crew.other, 'ann')
      for (const item of ['a', 'b']) {
        const before = line.losses
        line.lose({ text: commitText, what })
        assert.equal((await post(`${crew.other}/append`, { item }, cookie)).status, 303)
        assert.equal(line.losses, before + 1)
      }
      assert.deepEqual(await itemsOf(crew.one, cookie), ['a', 'b'])
    })
  }

  it('loses and doubles nothing when connections are cut again and again under load', async () => {
    const { crew, line, commitText } = stage
    const cookie = await signIn(crew.one, 'ann')
    const before = line.losses
    const load = await appendWhile(crew.origins, cookie, async () => {
      for (let cut = 0; cut < 20; cut++) {
        line.lose({ text: commitText, what: cut % 2 === 0 ? 'question' : 'answer' })
        await pause(100)
      }
    })
    assert.ok(line.losses > before + 10)
    for (const answer of load.refused) assertAway(answer, '/append')
    await assertKept(crew.origins, cookie, load)
    await crew.assertSame()
  })

  it('answers 503 in time while the server stands still, and has lost nothing and nobody when it goes on', async () => {
    const { crew, server } = stage
    const cookie = await signIn(crew.one, 'ann')
    const load = await appendWhile(crew.origins, cookie, async () => {
      await pause(400)
      server.signal('SIGSTOP')
      try {
        await Promise.all(crew.origins.map((origin) => assertNothingButPublic(origin, cookie)))
      } finally {
        server.signal('SIGCONT')
      }
      await Promise.all(crew.origins.map((origin) => assertSignedInSoon(origin, cookie, 'ann')))
      await pause(300)
    })
    assert.ok(load.refused.length > 0)
    for (const answer of load.refused) assertAway(answer, '/append')
    await assertKept(crew.origins, cookie, load)
    await crew.assertSame()
  })

  it('tells in time all who write one session when the server stops before their turn', async () => {
    const { crew, server } = stage
    const cookie = await signIn(crew.one, 'ann')
    const writing = Promise.all([1, 2, 3, 4, 5].map((n) => get(`${crew.one}/slow?ms=600&k=${n}`, cookie)))
    await pause(300) // all have been opened
    server.signal('SIGSTOP')
    const answers = await writing.finally(() => server.signal('SIGCONT'))
    for (const answer of answers) assertAway({ ...answer, milliseconds: answer.milliseconds - 600 }, '/slow')
    await assertSignedInSoon(crew.one, cookie, 'ann')
    assert.deepEqual(await sessionOf(crew.one, cookie), {})
  })

  it('answers 503 in time while the server is dead, and has lost nothing and nobody when it is there again', async () => {
    const { crew, server } = stage
    const cookie = await signIn(crew.one, 'ann')
    const load = await appendWhile(crew.origins, cookie, async () => {
      await pause(400)
      await server.kill()
      try {
        await Promise.all(crew.origins.map((origin) => assertNothingButPublic(origin, cookie)))
        await pause(2000) // longer than a write that was under way looks for its server
      } finally {
        await server.restart()
      }
      await Promise.all(crew.origins.map((origin) => assertSignedInSoon(origin, cookie, 'ann')))
      await pause(300)
    })
    assert.ok(load.refused.length > 0)
    for (const answer of load.refused) assertAway(answer, '/append')
    await assertKept(crew.origins, cookie, load)
    await crew.assertSame()
  })
}
