import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import * as z from 'zod'
import { Dewar, form, html, memory, redirect, type Store, shape } from '../../src/index.ts'
import { postgres } from '../../src/postgres.ts'
import { type NodeRedisOptions, redis } from '../../src/redis.ts'
import { sqlite } from '../../src/sqlite.ts'
import { withIoRedis, withNodeRedis } from './redis-stage.ts'
import { skipPostgres, startPostgres } from './servers/postgres-server.ts'
import { skipRedis, startRedis } from './servers/redis-server.ts'

/** A store whose use is counted, where it leaves the process if it does. */
interface Counted {
  readonly store: Store
  /** Counts one. Set by whoever counts. */
  count(): void
  close(): Promise<unknown>
}

const costs: readonly [what: string, request: RequestInit & { path: string }, status: number, trips: number][] = [
  ['a page without a cookie', { path: '/session' }, 200, 0],
  ['a page with a cookie that is none of Dewar’s', { path: '/session', headers: { cookie: 'session=x' } }, 200, 0],
  ['a page that reads the session', { path: '/session', headers: { cookie: 'ours' } }, 200, 1],
  ['a page whose handler takes nothing, without a cookie', { path: '/public' }, 200, 0],
  ['a page whose handler takes nothing, with a cookie', { path: '/public', headers: { cookie: 'ours' } }, 200, 0],
  ['a page of another handler within', { path: '/mounted/x', headers: { cookie: 'ours' } }, 200, 0],
  ['a redirect whose handler takes nothing: messages may wait', { path: '/old', headers: { cookie: 'ours' } }, 303, 1],
  ['the same without a cookie', { path: '/old' }, 303, 0],
  // What other handlers will touch is not known before they run, and there they cannot wait: so the session is fetched.
  ['a page that never touches the session', { path: '/path', headers: { cookie: 'ours' } }, 200, 1],
  ['a first write', post('/push'), 303, 1],
  ['a write', post('/push', { cookie: 'ours' }), 303, 2],
  ['a login', post('/login', { cookie: 'ours' }), 303, 2],
  ['a POST from elsewhere', post('/push', { cookie: 'ours', 'sec-fetch-site': 'cross-site' }), 403, 0],
  // Nothing says where it comes from, so its token is proven against the session.
  ['a POST without an origin or a token', { ...post('/push'), headers: { cookie: 'ours' } }, 403, 1],
  ['a POST to what takes none', post('/public', { cookie: 'ours' }), 405, 0],
  ['a logout', post('/logout', { cookie: 'ours' }), 303, 2],
  ['a page with a form that is submitted once, without a cookie', { path: '/order' }, 200, 0],
  ['the same page again', { path: '/order', headers: { cookie: 'ours' } }, 200, 1],
]

function post(path: string, headers: Record<string, string> = {}): RequestInit & { path: string } {
  return { path, method: 'POST', headers: { 'sec-fetch-site': 'same-origin', ...headers } }
}

function countTrips(name: string, { skip, open }: { skip?: string | false; open(): Promise<Counted> }): void {
  describe(`the round trips of an app on ${name}`, { skip: skip ?? false }, () => {
    let counted: Counted
    let app: ReturnType<typeof appOn>
    let ours: string
    let trips = 0

    const ask = async ({ path, ...init }: RequestInit & { path: string }): Promise<Response> => {
      const headers = new Headers(init.headers)
      if (headers.get('cookie') === 'ours') headers.set('cookie', ours)
      const answer = await app.fetch(new Request(`http://localhost${path}`, { ...init, headers }))
      ours = answer.headers.getSetCookie()[0]?.split(';')[0] ?? ours
      return answer
    }

    before(async () => {
      counted = await open()
      await counted.store.prepare()
      counted.store.sweep = async () => 0 // once a minute, and nobody waits for it
      app = appOn(counted.store)
      await ask(post('/push')) // the server learns the script
      counted.count = () => {
        trips += 1
      }
    })
    after(() => counted?.close())

    for (const [what, request, status, expected] of costs) {
      it(`${what}: ${expected}`, async () => {
        trips = 0
        const answer = await ask(request)
        assert.equal(answer.status, status, await answer.text())
        assert.equal(trips, expected)
      })
    }
  })
}

function appOn(store: Store) {
  const app = new Dewar({ session: shape<{ items: number[] }>(), store, secret, env: 'production' })
  app.get('/public', () => 'public')
  app.get('/old', () => redirect('/session'))
  app.get('/path', ({ url }) => url.pathname)
  app.mount('/mounted', () => new Response('mounted'))
  app.get('/session', ({ session }) => ({ user: session.user, ...session.all() }))
  app.post('/push', ({ session }) => {
    session.push('items', 1)
    return redirect('/session')
  })
  app.form('/order', form(z.object({ sku: z.string() })), {
    view: ({ form }) => html`${form}`,
    submit: () => redirect('/session'),
  })
  app.post('/login', ({ session }) => {
    session.login('ann')
    return redirect('/session')
  })
  app.post('/logout', ({ session }) => {
    session.logout()
    return redirect('/session')
  })
  return app
}

const secret = 'x8Vn2QeP4mZt7KcR1yWd9LbJ5hGs3fUa'

// What stays in the process is counted by the calls of the store.
function countCalls(store: Store, close: () => Promise<unknown>): Counted {
  const counted: Counted = { store, count: () => {}, close }
  for (const method of ['begin', 'commit', 'list', 'revoke', 'count'] as const) {
    const call = store[method].bind(store) as (...given: unknown[]) => unknown
    Object.assign(store, {
      [method]: (...given: unknown[]) => {
        counted.count()
        return call(...given)
      },
    })
  }
  return counted
}

countTrips('memory', {
  async open() {
    const store = memory()
    return countCalls(store, () => store.close())
  },
})

countTrips('SQLite', {
  async open() {
    const folder = mkdtempSync(join(tmpdir(), 'dewar-trips-'))
    const store = sqlite(join(folder, 'app.db'))
    return countCalls(store, () => store.close().then(() => rmSync(folder, { recursive: true })))
  },
})

countTrips('PostgreSQL', {
  skip: skipPostgres,
  async open() {
    const server = await startPostgres()
    const pool = server.pool('public')
    const counted: Counted = {
      store: postgres(pool),
      count: () => {},
      close: () => pool.end().then(() => server.stop()),
    }
    pool.on('connect', (client) => {
      const query = client.query.bind(client) as (...given: unknown[]) => unknown
      Object.assign(client, {
        query: (...given: unknown[]) => {
          counted.count()
          return query(...given)
        },
      })
    })
    return counted
  },
})

countTrips('Redis by node-redis', {
  skip: skipRedis,
  async open() {
    const server = await startRedis()
    const { client, end } = await withNodeRedis(server.port)
    assert.ok('sendCommand' in client && !('slots' in client))
    const send = client.sendCommand.bind(client)
    const store = redis(
      Object.assign(client, {
        sendCommand(args: string[], options?: NodeRedisOptions) {
          counted.count()
          return send(args, options)
        },
      }),
    )
    const counted: Counted = { store, count: () => {}, close: async () => server.stop().finally(end) }
    return counted
  },
})

countTrips('Redis by ioredis', {
  skip: skipRedis,
  async open() {
    const server = await startRedis()
    const { client, end } = await withIoRedis(server.port)
    assert.ok('call' in client)
    const call = client.call.bind(client)
    const store = redis(
      Object.assign(client, {
        call(command: string, args: string[]) {
          counted.count()
          return call(command, args)
        },
      }),
    )
    const counted: Counted = { store, count: () => {}, close: async () => server.stop().finally(end) }
    return counted
  },
})
