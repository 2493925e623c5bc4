import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as z from 'zod'
import { Dewar, HttpError, html, redirect, type Session, shape } from '../../src/index.ts'
import { quietly } from './quietly.ts'

const secret = 'x8Vn2QeP4mZt7KcR1yWd9LbJ5hGs3fUa'
const base = { secret, env: 'production' } as const
const visitor = shape<{ name: string; visits: number }>()
const ask = (app: Dewar<object>, path: string, init?: RequestInit) =>
  app.fetch(new Request(`http://localhost${path}`, init))
const cookieOf = (answer: Response) => answer.headers.getSetCookie().at(-1)?.split(';')[0] ?? ''

describe('an app in an app', () => {
  test('ends its session once: a logout below is not undone above, however old the session is', async () => {
    let now = Date.UTC(2026, 0, 1)
    const clock = { now: () => now }
    const child = new Dewar({ ...base, session: visitor, clock })
    child.get('/login', ({ session }) => {
      session.login('ann')
      return 'in'
    })
    child.post('/logout', ({ session }) => {
      session.logout()
      return redirect('/me')
    })
    const parent = new Dewar({ ...base, session: visitor, clock })
    parent.mount('/app', child)
    const cookie = cookieOf(await ask(parent, '/app/login'))
    now += 2 * 24 * 60 * 60 * 1000
    const answer = await ask(parent, '/app/logout', { method: 'POST', headers: { cookie, origin: 'http://localhost' } })
    assert.deepEqual(answer.headers.getSetCookie(), ['session=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax'])
  })

  test('is told, when both change the session, that only one may', async () => {
    const child = new Dewar({ ...base, session: visitor })
    child.get('/', ({ session }) => {
      session.set('visits', 1)
      return 'x'
    })
    const parent = new Dewar({ ...base, env: 'development', session: visitor })
    parent.use(({ session }, next) => {
      session.set('name', 'Ada')
      return next()
    })
    parent.mount('/app', child)
    const answer = await quietly(() => ask(parent, '/app'))
    assert.equal(answer.status, 500)
    assert.match(await answer.text(), /app\/mount-session/)
  })

  test('takes its own form’s token from a client that says no origin', async () => {
    const child = new Dewar({ ...base, session: visitor })
    child.get('/enter', ({ session }) => {
      session.set('name', 'Ada')
      return 'in'
    })
    child.get('/form', ({ hidden }) => html`${hidden('/act')}`)
    child.post('/act', () => 'done')
    const parent = new Dewar({ ...base, session: visitor })
    parent.mount('/app', child)
    const cookie = cookieOf(await ask(parent, '/app/enter'))
    const token =
      /value="([\w-]{48})"/.exec(await (await ask(parent, '/app/form', { headers: { cookie } })).text())?.[1] ?? ''
    const act = (own: string) =>
      ask(parent, '/app/act', { method: 'POST', headers: { cookie }, body: new URLSearchParams({ _token: own }) })
    assert.equal((await act(token)).status, 200)
    assert.equal((await act('')).status, 403)
  })

  test('guards its paths below a prefix of any letters, and a prefix that is a pattern is refused', async () => {
    const child = new Dewar(base)
    child.use('/admin', () => {
      throw new HttpError(403)
    })
    child.get('/admin', () => 'secret')
    child.get('/go', () => redirect('/there'))
    const parent = new Dewar(base)
    parent.mount('/bücher', child)
    parent.mount('/café', (request) => new Response(new URL(request.url).pathname))
    assert.equal((await ask(parent, '/bücher/admin')).status, 403)
    assert.equal((await ask(parent, '/bücher/go')).headers.get('location'), '/b%C3%BCcher/there')
    assert.equal(await (await ask(parent, '/café/x')).text(), '/x')
    for (const prefix of ['/v(1|2)', '/a/../b', '/a//b', '/:id', '/a*']) {
      assert.throws(() => parent.mount(prefix, child), /plain path/, prefix)
    }
  })
})

describe('what is thrown', () => {
  test('below a middleware that does not wait ends no process, and undoes what was done', async () => {
    const app = new Dewar({ ...base, session: visitor })
    const unhandled: unknown[] = []
    const onUnhandled = (reason: unknown) => unhandled.push(reason)
    process.on('unhandledRejection', onUnhandled)
    app.use('/early', (_context, next) => {
      next()
      return 'early'
    })
    app.use('/caught', async (_context, next) => {
      try {
        return await next()
      } catch {
        return 'sorry'
      }
    })
    app.get('/early', async () => {
      await null
      throw new Error('late')
    })
    app.get('/caught', ({ session, cookies }) => {
      session.set('name', 'Eve')
      cookies.set('a', '1')
      throw new Error('x')
    })
    assert.equal(await (await ask(app, '/early')).text(), 'early')
    const caught = await ask(app, '/caught')
    assert.equal(await caught.text(), 'sorry')
    assert.deepEqual(caught.headers.getSetCookie(), [])
    await new Promise((resolve) => setTimeout(resolve, 10))
    process.off('unhandledRejection', onUnhandled)
    assert.deepEqual(unhandled, [])
  })

  test('may be something that throws itself when it is looked at', async () => {
    const nasty = {
      toString() {
        throw new Error('again')
      },
    }
    const broken = Object.defineProperty(new Error('x'), 'stack', {
      get() {
        throw new Error('again')
      },
    })
    for (const env of ['development', 'production'] as const) {
      for (const thrown of [nasty, broken, Object.create(null), Symbol('x')]) {
        const app = new Dewar({ ...base, env })
        app.get('/', () => {
          throw thrown
        })
        assert.equal((await quietly(() => ask(app, '/'))).status, 500)
      }
    }
  })

  test('is answered by onError, which may leave a message: that is kept, what failed is not', async () => {
    const app = new Dewar({ ...base, session: visitor })
    app.get('/', ({ session }) => {
      session.set('name', 'Eve')
      throw new HttpError(401)
    })
    app.get('/login', ({ flashes, session }) => [flashes.map(({ message }) => message), session.has('name')])
    app.onError(() => redirect('/login', { flash: 'Please sign in' }))
    const answer = await ask(app, '/')
    assert.equal(answer.headers.get('location'), '/login')
    const there = await ask(app, '/login', { headers: { cookie: cookieOf(answer) } })
    assert.deepEqual(await there.json(), [['Please sign in'], false])
  })
})

describe('a response', () => {
  test('that a middleware has read or cloned still leaves whole', async () => {
    const app = new Dewar(base)
    app.use('/text', async (_context, next) => {
      const answer = await next()
      await answer.text()
      return answer
    })
    app.use('/clone', async (_context, next) => {
      const answer = await next()
      await answer.clone().text()
      return answer
    })
    app.get('/text', () => 'hello')
    app.get('/clone', () => new Response('hello'))
    assert.equal(await (await ask(app, '/text')).text(), 'hello')
    assert.equal(await (await ask(app, '/clone')).text(), 'hello')
  })

  test('that cannot be sent any more is a 500 before anything is kept', async () => {
    const app = new Dewar({ ...base, session: visitor })
    const shared = new Response('once')
    app.get('/', ({ session }) => {
      session.set('name', 'Ada')
      return shared
    })
    app.get('/error', () => Response.error())
    assert.equal(await (await ask(app, '/')).text(), 'once')
    const again = await quietly(() => ask(app, '/'))
    assert.equal(again.status, 500)
    assert.deepEqual(again.headers.getSetCookie(), [])
    assert.equal((await quietly(() => ask(app, '/error'))).status, 500)
  })

  test('that sets a cookie is for one visitor alone: no ETag, and private', async () => {
    const app = new Dewar(base)
    app.use(async (_context, next) => {
      const answer = await next()
      answer.headers.append('set-cookie', 'a=1')
      return answer
    })
    app.get('/', () => html`<p>hi</p>`)
    const answer = await ask(app, '/')
    assert.equal(answer.headers.get('etag'), null)
    assert.equal(answer.headers.get('cache-control'), 'private, no-cache')
  })

  test('that reads the session while it streams is too late', async () => {
    const app = new Dewar({ ...base, session: visitor })
    let late: unknown
    app.get('/', ({ session, cookies }) => {
      const body = new ReadableStream(
        {
          pull(controller) {
            try {
              session.get('name')
            } catch (error) {
              late = error
            }
            assert.throws(() => cookies.set('a', '1'), /app\/answer-left/)
            controller.close()
          },
        },
        { highWaterMark: 0 },
      )
      return new Response(body)
    })
    await (await ask(app, '/')).text()
    assert.match(String(late), /app\/answer-left/)
  })
})

describe('a session', () => {
  test('of a schema that throws on old data still serves its visitor, and can be ended', async () => {
    const before = new Dewar({ ...base, session: visitor })
    before.get('/', ({ session }) => {
      session.set('name', 'old')
      return 'x'
    })
    const cookie = cookieOf(await ask(before, '/'))
    const throwing = {
      '~standard': {
        version: 1,
        vendor: 'test',
        validate: (value: unknown) => {
          if ('name' in (value as object)) throw new Error('x')
          return { value: {} }
        },
      },
    } as const
    const after = new Dewar({ ...base, session: throwing })
    after.get('/', ({ session }) => String(session.size))
    after.get('/forget', ({ session }) => {
      session.clear()
      return 'gone'
    })
    assert.equal(await (await ask(after, '/', { headers: { cookie } })).text(), '0')
    assert.match((await ask(after, '/forget', { headers: { cookie } })).headers.getSetCookie()[0] ?? '', /Max-Age=0/)
  })

  test('of an asynchronous schema stops the start', () => {
    const session = z.object({ name: z.string().refine(async () => true) })
    const asynchronous = {
      '~standard': {
        version: 1,
        vendor: 'test',
        validate: (value: unknown) => session['~standard'].validate({ name: 'x', ...(value as object) }),
      },
    } as const
    assert.throws(() => new Dewar({ ...base, session: asynchronous }), /session\/schema-async/)
  })

  test('refuses what its schema refuses when it is kept, not at the next request', async () => {
    const app = new Dewar({ secret, env: 'development', session: z.object({ visits: z.number().max(5) }) })
    app.get('/', ({ session }) => {
      session.set('visits', 99)
      return 'x'
    })
    const answer = await quietly(() => ask(app, '/'))
    assert.equal(answer.status, 500)
    assert.match(await answer.text(), /The session schema refuses visits/)
  })

  test('cannot be changed through prototypes either', async () => {
    const app = new Dewar({ ...base, session: shape<{ roles: Map<string, string>; since: Date }>() })
    let work: (session: Session<{ roles: Map<string, string>; since: Date }>) => unknown = (session) => {
      session.set('roles', new Map([['role', 'guest']]))
      session.set('since', new Date(0))
    }
    app.get('/', ({ session }) => ({ result: work(session) ?? null }))
    const cookie = cookieOf(await ask(app, '/'))
    work = (session) => {
      Map.prototype.set.call(session.get('roles'), 'role', 'admin')
      Date.prototype.setTime.call(session.get('since'), 1e12)
    }
    await ask(app, '/', { headers: { cookie } })
    work = (session) => [session.get('roles')?.get('role'), session.get('since')?.getTime()]
    assert.deepEqual(await (await ask(app, '/', { headers: { cookie } })).json(), { result: ['guest', 0] })
  })

  test('lives its whole lifetime from a login on', async () => {
    let now = Date.UTC(2026, 0, 1)
    const app = new Dewar({
      ...base,
      session: visitor,
      lifetime: { idleSeconds: 80 * 86_400, absoluteSeconds: 90 * 86_400 },
      clock: { now: () => now },
    })
    app.get('/', ({ session }) => {
      session.set('name', 'Ada')
      return 'x'
    })
    app.get('/login', ({ session }) => {
      session.login('ada')
      return 'x'
    })
    const cookie = cookieOf(await ask(app, '/'))
    now += 79 * 86_400_000
    assert.match(
      (await ask(app, '/login', { headers: { cookie } })).headers.getSetCookie()[0] ?? '',
      /Max-Age=6912000;/,
    )
  })
})

describe('a message for the next page', () => {
  test('finds it whatever the spelling of the target', async () => {
    for (const [to, asked] of [
      ["/x?q=it's", '/x?q=it%27s'],
      ['/x?', '/x'],
      ['/a/%2e%2e/x', '/x'],
      ['/größe', '/gr%C3%B6%C3%9Fe'],
    ] as const) {
      const app = new Dewar(base)
      app.get('/', () => redirect(to, { flash: 'Hello' }))
      app.get('/x', ({ flashes }) => flashes.map(({ message }) => message))
      app.get('/größe', ({ flashes }) => flashes.map(({ message }) => message))
      const cookie = cookieOf(await ask(app, '/'))
      assert.deepEqual(await (await ask(app, asked, { headers: { cookie } })).json(), ['Hello'], to)
    }
  })

  test('is not taken by HEAD', async () => {
    const app = new Dewar(base)
    app.get('/', () => redirect('/x', { flash: 'Hello' }))
    app.get('/x', ({ flashes }) => flashes.map(({ message }) => message))
    const cookie = cookieOf(await ask(app, '/'))
    assert.deepEqual((await ask(app, '/x', { method: 'HEAD', headers: { cookie } })).headers.getSetCookie(), [])
  })
})

test('a response without a body can be sent as often as one likes', async () => {
  const app = new Dewar(base)
  const nothing = new Response(null, { status: 204 })
  app.get('/', () => nothing)
  assert.equal((await ask(app, '/')).status, 204)
  assert.equal((await ask(app, '/')).status, 204)
})

test('in production a proxy that asks for localhost gets the cookie for https', async () => {
  const app = new Dewar({ ...base, session: visitor })
  app.get('/', ({ session }) => {
    session.set('name', 'Ada')
    return 'x'
  })
  assert.match(
    (await ask(app, '/', { headers: { 'x-forwarded-for': '192.0.2.1' } })).headers.getSetCookie()[0] ?? '',
    /^__Host-Http-session=.*Secure/,
  )
})

test('cookies that browsers would drop are refused with the reason', async () => {
  const app = new Dewar(base)
  app.get('/', ({ cookies }) => {
    assert.throws(() => cookies.set('__Host-a', '1'), /must be secure, with the path/)
    assert.throws(() => cookies.set('__Secure-a', '1'), /must be secure/)
    assert.throws(() => cookies.set('a', '1', { sameSite: 'none' }), /must be secure/)
    assert.throws(() => cookies.set('__Host-a', '1', { secure: true, path: '/x' }), /must be secure, with the path/)
    cookies.set('__Host-a', '1', { secure: true })
    return 'ok'
  })
  assert.equal((await ask(app, '/')).status, 200)
})

test('a cookie that does not open is taken back by clear alone, so nothing else tells it from none', async () => {
  const app = new Dewar({ ...base, session: visitor })
  app.get('/refresh', ({ session }) => {
    session.refresh()
    session.delete('name')
    return 'x'
  })
  app.get('/clear', ({ session }) => {
    session.clear()
    return 'x'
  })
  const headers = { cookie: 'session=forged' }
  assert.deepEqual((await ask(app, '/refresh', { headers })).headers.getSetCookie(), [])
  assert.equal((await ask(app, '/clear', { headers })).headers.getSetCookie().length, 1)
})
