import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as z from 'zod'
import {
  Dewar,
  DewarError,
  type DewarOptions,
  type Form,
  form,
  HttpError,
  html,
  redirect,
  shape,
} from '../../src/index.ts'
import { browser } from '../../src/testing.ts'
import { quietly } from './quietly.ts'

const secret = 'x8Vn2QeP4mZt7KcR1yWd9LbJ5hGs3fUa'
const ask = (app: Dewar<object>, path: string, init?: RequestInit): Promise<Response> =>
  app.fetch(new Request(`http://localhost${path}`, init))

describe('middleware', () => {
  test('goes around every answer, first come outermost, and sees it', async () => {
    const app = new Dewar({ secret })
    const order: string[] = []
    app.use(async (_context, next) => {
      order.push('a')
      const answer = await next()
      answer.headers.set('x-a', '1')
      order.push('a again')
      return answer
    })
    app.use(async (_context, next) => {
      order.push('b')
      return next()
    })
    app.get('/', () => {
      order.push('handler')
      return html`<p>hi</p>`
    })
    const answer = await ask(app, '/')
    assert.deepEqual(order, ['a', 'b', 'handler', 'a again'])
    assert.equal(answer.headers.get('x-a'), '1')
    assert.equal(await answer.text(), '<p>hi</p>')
    assert.match(answer.headers.get('etag') ?? '', /^W\//)
  })

  test('on a path guards that path and what lies below, whatever its spelling, also where there is no route', async () => {
    const app = new Dewar({ secret })
    let reached = 0
    app.use('/admin', () => new Response('no', { status: 403 }))
    app.get('/admin/x', () => {
      reached += 1
      return 'secret'
    })
    app.get('/administrator', () => 'open')
    app.get('/:page/x', () => {
      reached += 1
      return 'page'
    })
    for (const path of [
      '/admin',
      '/admin/',
      '/admin/x',
      '/admin/x/',
      '/%61dmin/x',
      '/admin/%78',
      '/admin/nowhere',
      '/%61%64min/x?y',
    ]) {
      assert.equal((await ask(app, path)).status, 403, path)
    }
    assert.equal(reached, 0)
    assert.equal(await (await ask(app, '/administrator')).text(), 'open')
  })

  test('may answer itself, leave things in state, touch the session, and a throw in it is a page', async () => {
    const app = new Dewar({ session: shape<{ visits: number }>(), secret })
    app.use(({ session, state }, next) => {
      state.greeting = 'hello'
      session.set('visits', (session.get('visits') ?? 0) + 1)
      return next()
    })
    app.use('/closed', () => redirect('/'))
    app.use('/broken', () => {
      throw new HttpError(404, 'Not today.')
    })
    app.get('/', ({ state, session }) => `${state.greeting} ${session.get('visits')}`)
    assert.equal((await ask(app, '/closed')).status, 303)
    assert.equal((await ask(app, '/broken')).status, 404)
    const answer = await ask(app, '/')
    assert.equal(await answer.text(), 'hello 1')
    assert.equal(answer.headers.getSetCookie().length, 1)
  })

  test('that calls next twice is told so, and returning nothing is told too', async () => {
    const app = new Dewar({ env: 'development', secret })
    app.use('/twice', async (_context, next) => {
      await next()
      return next()
    })
    app.use('/nothing', (async () => {}) as unknown as () => string)
    app.get('/twice', () => 'x')
    const { error } = console
    console.error = () => {}
    assert.match(await (await ask(app, '/twice')).text(), /app\/next-called-twice/)
    const nothing = await (await ask(app, '/nothing')).text()
    console.error = error
    assert.match(
      nothing,
      /The middleware for GET \/nothing returned nothing\. .*: return next\(\)\. .*app\/answer-missing/,
    )
  })

  test('a view that returns nothing is told of as one, on GET and when the form is shown again', async () => {
    const app = new Dewar({ env: 'development', secret })
    const view = (() => {}) as unknown as () => string
    app.form('/', form(z.object({ name: z.string() })), { view, submit: () => redirect('/') })
    const sent = { method: 'POST', headers: { 'sec-fetch-site': 'same-origin' }, body: new URLSearchParams() }
    for (const asked of [{}, sent]) {
      const answer = await quietly(() => ask(app, '/', asked))
      assert.equal(answer.status, 500)
      assert.match(await answer.text(), /The view for (?:GET|POST) \/ returned nothing\./)
    }
  })

  test('may replace a body without losing what the session was told', async () => {
    const app = new Dewar({ session: shape<{ name: string }>(), secret })
    app.use(async (_context, next) => {
      const answer = await next()
      return new Response((await answer.text()).toUpperCase(), answer)
    })
    app.get('/', ({ session }) => {
      session.set('name', 'Ada')
      return 'hello'
    })
    const answer = await ask(app, '/')
    assert.equal(await answer.text(), 'HELLO')
    assert.equal(answer.headers.getSetCookie().length, 1)
  })
})

describe('an app mounted in another', () => {
  function shop(): Dewar<{ name: string }> {
    const inner = new Dewar({ session: shape<{ name: string }>(), secret })
    inner.form('/', form(z.object({ name: z.string().min(1) })), {
      view: ({ form }) => html`<title>Shop</title>${form}`,
      submit: ({ data, session }) => {
        session.set('name', data.name)
        return redirect('/done', { flash: 'Hello' })
      },
    })
    inner.get('/done', ({ session, flashes }) => html`<p>${flashes[0]?.message} ${session.get('name')}</p>`)
    const outer = new Dewar({ session: shape<{ name: string }>(), secret })
    outer.get('/', () => 'front')
    outer.mount('/shop', inner)
    return outer
  }

  test('answers below its prefix, its forms and redirects stay there, and its flash finds its page', async () => {
    const visitor = browser(shop())
    const page = await visitor.open('/shop')
    const done = await page.fill({ name: 'Ada' }).submit('Send')
    assert.equal(done.url, '/shop/done')
    assert.equal(done.text, 'Hello Ada')
    assert.equal((await visitor.open('/shop/nowhere')).status, 404)
    assert.equal((await visitor.open('/shopping')).status, 404)
  })

  test('may be any function from request to response, which sees the path without the prefix and an unread body', async () => {
    const app = new Dewar({ secret })
    app.mount('/api', async (request) =>
      Response.json({ path: new URL(request.url).pathname, method: request.method, body: await request.text() }),
    )
    assert.deepEqual(await (await ask(app, '/api')).json(), { path: '/', method: 'GET', body: '' })
    assert.deepEqual(await (await ask(app, '/%61pi/a/b%20c?d')).json(), { path: '/a/b%20c', method: 'GET', body: '' })
    assert.deepEqual(await (await ask(app, '/api/a', { method: 'POST', body: 'a=1' })).json(), {
      path: '/a',
      method: 'POST',
      body: 'a=1',
    })
    const refused = await ask(app, '/api/a', {
      method: 'POST',
      body: 'a=1',
      headers: { origin: 'https://evil.example' },
    })
    assert.equal(refused.status, 403)
  })
})

describe('cookies besides the session', () => {
  test('are read, set with safe defaults, and taken back', async () => {
    const app = new Dewar({ secret })
    app.get('/', ({ cookies }) => {
      cookies.set('theme', cookies.get('theme') ?? 'dark é')
      return 'ok'
    })
    app.get('/off', ({ cookies }) => {
      cookies.delete('theme')
      return 'ok'
    })
    assert.equal((await ask(app, '/')).headers.getSetCookie()[0], 'theme=dark%20%C3%A9; Path=/; HttpOnly; SameSite=Lax')
    assert.equal(
      (await ask(app, '/', { headers: { cookie: 'theme=a; theme=b' } })).headers.getSetCookie()[0],
      'theme=a; Path=/; HttpOnly; SameSite=Lax',
    )
    assert.equal(
      (await ask(app, '/off')).headers.getSetCookie()[0],
      'theme=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax',
    )
    const secure = await app.fetch(new Request('https://shop.example/'))
    assert.match(secure.headers.getSetCookie()[0] ?? '', /; Secure/)
  })

  test('cannot be the session’s, have a broken name, or be larger than browsers keep', async () => {
    const app = new Dewar({ secret })
    app.get('/', ({ cookies }) => {
      for (const [name, value] of [
        ['session', 'x'],
        ['__Host-Http-session', 'x'],
        ['a b', 'x'],
        ['a;b', 'x'],
        ['', 'x'],
        ['big', 'x'.repeat(4094)],
      ] as const) {
        assert.throws(() => cookies.set(name, value), DewarError, name)
      }
      return 'ok'
    })
    assert.equal((await ask(app, '/')).status, 200)
  })

  test('are not set by an answer that fails', async () => {
    const app = new Dewar({ secret })
    app.get('/', ({ cookies }) => {
      cookies.set('a', '1')
      throw new HttpError(404)
    })
    assert.deepEqual((await ask(app, '/')).headers.getSetCookie(), [])
  })
})

describe('a mistake in the options', () => {
  const table: [options: object, message: RegExp][] = [
    [{ sesion: {} }, /new Dewar has no option sesion; it has session, store/],
    [{ secret: 'short' }, /Secret 1 has 5 bytes; 32 are needed\./],
    [{ secret: `${secret},short` }, /Secret 2 has 5 bytes/],
    [{ secret: 'supersecretkeysupersecretkeysupersecretkey' }, /Secret 1 is easy to guess/],
    [{ secret: '' }, /There is no secret/],
    [{ session: { username: 'a text' } }, /session is an object; it takes a schema, as z\.object.*app\/option-invalid/],
    [{ session: 'username' }, /session is "username"; it takes a schema/],
    [{ env: 'prod' }, /env is "prod"; it may be "development" or "production"/],
    [{ lifetime: { idleSecond: 1 } }, /lifetime has no option idleSecond; it has idleSeconds, absoluteSeconds/],
    [{ lifetime: { idleSeconds: -1 } }, /lifetime\.idleSeconds is -1; it must be a whole number above 0/],
    [{ limits: { bodyBytes: '1mb' } }, /limits\.bodyBytes is 1mb/],
    [{ trustedOrigins: ['https://a.example/'] }, /trustedOrigins has "https:\/\/a.example\/"; an origin looks like/],
    [{ unsafelySkipOriginCheck: ['/hooks/*'] }, /it takes exact paths/],
  ]
  for (const [options, message] of table) {
    test(`${JSON.stringify(options)} stops the start and says what to do`, () => {
      assert.throws(() => new Dewar({ secret, ...options } as DewarOptions<object>), message)
    })
  }

  test('a missing secret stops the start in production', () => {
    const { DEWAR_SECRET } = process.env
    delete process.env.DEWAR_SECRET
    try {
      assert.throws(
        () => new Dewar({ env: 'production' }),
        /There is no secret\. Set DEWAR_SECRET .* \[session\/secret-missing\]/,
      )
    } finally {
      if (DEWAR_SECRET !== undefined) process.env.DEWAR_SECRET = DEWAR_SECRET
    }
  })

  test('a route that is no route stops it too', () => {
    const app = new Dewar({ secret })
    app.get('/a/:id', () => 'x')
    assert.throws(() => app.get('/a/:other', () => 'y'), /routing\/duplicate/)
    assert.throws(() => app.get('b' as '/b', () => 'y'), /does not begin with one slash/)
    assert.throws(() => app.get('/c', undefined as unknown as () => string), /needs a function/)
    const handlers = { view: () => 'x', submit: () => 'y' }
    const noForm = z.object({ name: z.string() }) as unknown as Form<z.ZodObject, 'post'>
    assert.throws(
      () => app.form('/c', noForm, handlers),
      /app\.form \/c takes what form\(schema\) gives, and not a ZodObject/,
    )
    const search = form(z.object({ q: z.string() }), { method: 'get' }) as unknown as Form<z.ZodObject, 'post'>
    assert.throws(
      () => app.form('/c', search, handlers),
      /takes what form\(schema\) gives, and not a form with the method get/,
    )
    assert.throws(() => app.use('/d/*', () => 'x'), /plain path/)
    assert.throws(() => app.mount('/', () => new Response()), /plain path/)
  })
})

describe('limits', () => {
  const app = new Dewar({
    secret,
    env: 'development',
    limits: { bodyBytes: 100, fields: 3, nameBytes: 4, fieldBytes: 10 },
  })
  let done = 0
  app.post('/', ({ fields }) => {
    done += 1
    return [...fields]
  })
  const send = (body: BodyInit, type = 'application/x-www-form-urlencoded') =>
    ask(app, '/', { method: 'POST', body, headers: { 'content-type': type } })

  test('let through what is exactly as large as they say', async () => {
    assert.deepEqual(await (await send('a=0123456789&bbbb=&c=é')).json(), [
      ['a', '0123456789'],
      ['bbbb', ''],
      ['c', 'é'],
    ])
  })

  test('answer 413 to more, 400 to what is no form, each with its code, and nothing is done', async () => {
    const before = done
    for (const [body, status, code] of [
      [`a=${'x'.repeat(99)}`, 413, 'form/body-too-large'],
      ['a=1&b=2&c=3&d=4', 413, 'form/too-many-fields'],
      ['aaaaa=1', 413, 'form/name-too-long'],
      ['a=01234567890', 413, 'form/field-too-large'],
      ['a=%ff', 400, 'form/not-utf8'],
      [new Uint8Array([0x61, 0x3d, 0xff]), 400, 'form/not-utf8'],
    ] as const) {
      const answer = await send(body)
      assert.equal(answer.status, status, code)
      assert.match(await answer.text(), new RegExp(code))
    }
    assert.equal(done, before)
  })

  test('a body of another kind stays unread for a handler, and is 415 for a form', async () => {
    const own = new Dewar({ secret })
    own.post('/json', async ({ request, fields }) => ({ got: await request.json(), fields: [...fields] }))
    own.post('/form', form(z.object({ a: z.string() })), ({ data }) => data)
    const init = { method: 'POST', body: '{"a":1}', headers: { 'content-type': 'application/json' } }
    assert.deepEqual(await (await ask(own, '/json', init)).json(), { got: { a: 1 }, fields: [] })
    assert.equal((await ask(own, '/form', init)).status, 415)
    assert.equal((await ask(own, '/form', { method: 'POST' })).status, 422)
  })
})
