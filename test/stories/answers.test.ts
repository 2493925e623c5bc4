import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Dewar, HttpError, html, redirect, shape } from '../../src/index.ts'
import { quietly } from './quietly.ts'

const origin = 'http://localhost'
const ask = (app: Dewar<object>, path: string, init?: RequestInit): Promise<Response> =>
  Promise.resolve(app.fetch(new Request(origin + path, init)))

function answering(value: () => unknown): Dewar<object> {
  const app = new Dewar({
    session: shape<{ seen: number }>(),
    env: 'production',
    secret: 'x8Vn2QeP4mZt7KcR1yWd9LbJ5hGs3fUa',
  })
  app.get('/', value as () => string)
  return app
}

describe('what a handler returns', () => {
  test('html is an HTML page with the headers of a page', async () => {
    const answer = await ask(
      answering(() => html`<p>${'<b>'}</p>`),
      '/',
    )
    assert.equal(answer.headers.get('content-type'), 'text/html; charset=utf-8')
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff')
    assert.equal(answer.headers.get('referrer-policy'), 'same-origin')
    assert.equal(answer.headers.get('content-security-policy'), "frame-ancestors 'self'")
    assert.equal(await answer.text(), '<p>&lt;b&gt;</p>')
  })

  test('a string is plain text, also if it looks like HTML', async () => {
    const answer = await ask(
      answering(() => '<script>alert(1)</script>'),
      '/',
    )
    assert.equal(answer.headers.get('content-type'), 'text/plain; charset=utf-8')
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff')
  })

  test('a plain object, an object without prototype and an array are JSON', async () => {
    for (const value of [{ a: 1 }, Object.assign(Object.create(null), { a: 1 }), [1, null]]) {
      const answer = await ask(
        answering(() => value),
        '/',
      )
      assert.equal(answer.headers.get('content-type'), 'application/json')
      assert.deepEqual(await answer.json(), Array.isArray(value) ? value : { ...value })
    }
  })

  test('a promise of an answer is that answer', async () => {
    assert.equal(
      await (
        await ask(
          answering(async () => 'later'),
          '/',
        )
      ).text(),
      'later',
    )
  })

  test('a web Response is itself', async () => {
    const answer = await ask(
      answering(() => new Response('made', { status: 201, headers: { 'x-own': '1' } })),
      '/',
    )
    assert.equal(answer.status, 201)
    assert.equal(answer.headers.get('x-own'), '1')
    assert.equal(await answer.text(), 'made')
  })

  test('nothing, a number, a class instance and an unawaited value are 500, and development says what was forgotten', async () => {
    for (const value of [undefined, null, 7, new Map(), () => 'x']) {
      const app = new Dewar({ env: 'development' })
      app.get('/', (() => value) as unknown as () => string)
      const answer = await quietly(() => ask(app, '/'))
      assert.equal(answer.status, 500)
      assert.match(await answer.text(), /app\/answer-(?:missing|unknown)/)
    }
  })
})

describe('methods', () => {
  function shop(): Dewar<object> {
    const app = answering(() => 'list')
    app.post('/', () => 'made')
    app.put('/item/:id', ({ params }) => params.id)
    app.patch('/item/:id', () => 'changed')
    app.delete('/item/:id', () => 'gone')
    return app
  }

  test('HEAD is GET without a body, with the same headers and the length', async () => {
    const [head, get] = [await ask(shop(), '/', { method: 'HEAD' }), await ask(shop(), '/')]
    assert.equal(await head.text(), '')
    assert.equal(head.headers.get('content-length'), '4')
    assert.equal(head.headers.get('content-type'), get.headers.get('content-type'))
    assert.equal(head.headers.get('etag'), get.headers.get('etag'))
  })

  test('a method that the path does not know is 405 with the exact Allow', async () => {
    const answer = await ask(shop(), '/', { method: 'DELETE' })
    assert.equal(answer.status, 405)
    assert.equal(answer.headers.get('allow'), 'GET, HEAD, POST, OPTIONS')
    assert.equal((await ask(shop(), '/item/1', { method: 'POST' })).headers.get('allow'), 'PUT, PATCH, DELETE, OPTIONS')
  })

  test('a method that the path does not know is told, to its author alone, with those that it knows', async () => {
    const app = (env: 'development' | 'production'): Dewar => {
      const made = new Dewar({ env, secret: 'x8Vn2QeP4mZt7KcR1yWd9LbJ5hGs3fUa' })
      made.get('/list', () => 'x')
      return made
    }
    const taught = await (await ask(app('development'), '/list', { method: 'POST' })).text()
    assert.match(taught, /POST \/list has no route; this path answers GET, HEAD, OPTIONS\./)
    assert.doesNotMatch(await (await ask(app('production'), '/list', { method: 'POST' })).text(), /answers GET/)
  })

  test('OPTIONS is 204 with Allow', async () => {
    const answer = await ask(shop(), '/item/1', { method: 'OPTIONS' })
    assert.equal(answer.status, 204)
    assert.equal(answer.headers.get('allow'), 'PUT, PATCH, DELETE, OPTIONS')
  })

  test('put, patch and delete answer, with the parameters of the path decoded', async () => {
    assert.equal(await (await ask(shop(), '/item/a%2Fb%20c', { method: 'PUT' })).text(), 'a/b c')
    assert.equal(await (await ask(shop(), '/item/1', { method: 'PATCH' })).text(), 'changed')
    assert.equal(await (await ask(shop(), '/item/1', { method: 'DELETE' })).text(), 'gone')
  })

  test('an unknown path is 404, also for POST and OPTIONS, and a malformed one is 400', async () => {
    for (const method of ['GET', 'POST', 'OPTIONS'])
      assert.equal((await ask(shop(), '/nowhere', { method })).status, 404)
    assert.equal((await ask(shop(), '/%zz')).status, 400)
    assert.equal((await ask(shop(), '/%ff')).status, 400)
  })
})

describe('pages that are the same for everyone', () => {
  test('have an ETag and no Vary, and answer 304 to a browser that has them', async () => {
    const app = answering(() => html`<p>same</p>`)
    const first = await ask(app, '/')
    const etag = first.headers.get('etag') ?? ''
    assert.match(etag, /^W\/"[0-9a-f]{32}"$/)
    assert.equal(first.headers.get('vary'), null)
    assert.equal(first.headers.get('cache-control'), null)
    const again = await ask(app, '/', { headers: { 'if-none-match': `"other", ${etag}` } })
    assert.equal(again.status, 304)
    assert.equal(again.headers.get('etag'), etag)
    assert.equal(await again.text(), '')
    assert.equal((await ask(app, '/', { headers: { 'if-none-match': '"other"' } })).status, 200)
  })

  test('are told apart from pages that looked at the session: those are private, ask again, and vary by cookie', async () => {
    const touching = ['get', 'has', 'size', 'user', 'id', 'all'] as const
    for (const way of touching) {
      const app = new Dewar({ session: shape<{ seen: number }>() })
      app.get('/', ({ session }) => {
        const touched = {
          get: () => session.get('seen'),
          has: () => session.has('seen'),
          size: () => session.size,
          user: () => session.user,
          id: () => session.id,
          all: () => session.all(),
        }
        touched[way]()
        return html`<p>mine</p>`
      })
      const answer = await ask(app, '/')
      assert.equal(answer.headers.get('cache-control'), 'private, no-cache', way)
      assert.equal(answer.headers.get('vary'), 'Cookie', way)
      assert.equal(answer.headers.get('etag'), null, way)
    }
  })

  test('cannot be called public by a Response that was made from the session', async () => {
    const app = new Dewar({ session: shape<{ seen: number }>() })
    app.get(
      '/',
      ({ session }) =>
        new Response(String(session.get('seen')), {
          headers: { 'cache-control': 'public, max-age=60', vary: 'Accept' },
        }),
    )
    const answer = await ask(app, '/')
    assert.equal(answer.headers.get('cache-control'), 'private, no-cache')
    assert.equal(answer.headers.get('vary'), 'Accept, Cookie')
  })

  test('a page that another cookie was read for is private too', async () => {
    const app = new Dewar()
    app.get('/', ({ cookies }) => `theme ${cookies.get('theme')}`)
    assert.equal((await ask(app, '/', { headers: { cookie: 'theme=dark' } })).headers.get('vary'), 'Cookie')
  })
})

describe('failures', () => {
  test('in production a page says nothing of what was thrown', async () => {
    for (const thrown of [new Error('secret-xyz'), null, 'secret-xyz', { status: 200, message: 'secret-xyz' }]) {
      const answer = await quietly(() =>
        ask(
          answering(() => {
            throw thrown
          }),
          '/',
        ),
      )
      assert.equal(answer.status, 500)
      assert.doesNotMatch(await answer.text(), /secret-xyz/)
    }
  })

  test('in development on this machine it shows where, and from elsewhere it does not', async () => {
    const app = new Dewar({ env: 'development' })
    app.get('/', () => {
      throw new Error('secret-xyz')
    })
    assert.match(await (await quietly(() => ask(app, '/'))).text(), /secret-xyz/)
    const away = await quietly(() => Promise.resolve(app.fetch(new Request('http://shop.example/'))))
    assert.doesNotMatch(await away.text(), /secret-xyz/)
  })

  test('an HttpError is shown with its status and its sentence, escaped', async () => {
    const answer = await ask(
      answering(() => {
        throw new HttpError(404, 'There is no <b>order</b> 17.')
      }),
      '/',
    )
    assert.equal(answer.status, 404)
    assert.match(await answer.text(), /There is no &lt;b&gt;order&lt;\/b&gt; 17\./)
  })

  test('onError answers with the status of what was thrown, notFound with 404', async () => {
    const app = answering(() => {
      throw new HttpError(403)
    })
    app.onError((_error, { url }) => html`<p>sorry for ${url.pathname}</p>`)
    app.notFound(() => html`<p>lost</p>`)
    const failed = await ask(app, '/')
    assert.equal(failed.status, 403)
    assert.equal(await failed.text(), '<p>sorry for /</p>')
    const lost = await ask(app, '/nowhere')
    assert.equal(lost.status, 404)
    assert.equal(await lost.text(), '<p>lost</p>')
  })

  test('an onError that throws is answered by the plain page', async () => {
    const app = answering(() => {
      throw new Error('first')
    })
    app.onError(() => {
      throw new Error('second')
    })
    assert.equal((await quietly(() => ask(app, '/'))).status, 500)
  })

  test('a client that asks for JSON gets a problem', async () => {
    const answer = await ask(
      answering(() => 'x'),
      '/nowhere',
      { headers: { accept: 'application/json' } },
    )
    assert.equal(answer.headers.get('content-type'), 'application/problem+json')
    assert.deepEqual(await answer.json(), {
      type: 'about:blank',
      title: 'There is no page at this address.',
      status: 404,
    })
  })
})

describe('redirect', () => {
  test('answers 303 with the path, or the status that was asked for', async () => {
    const answer = await ask(
      answering(() => redirect('/thanks?a=1#here')),
      '/',
    )
    assert.equal(answer.status, 303)
    assert.equal(answer.headers.get('location'), '/thanks?a=1#here')
    for (const status of [301, 302, 307, 308] as const) {
      assert.equal(
        (
          await ask(
            answering(() => redirect('/x', { status })),
            '/',
          )
        ).status,
        status,
      )
    }
  })

  test('refuses every spelling that leads elsewhere, as a 400 that is not followed', async () => {
    const tricks = [
      'https://evil.example',
      '//evil.example',
      '/\\evil.example',
      '\\\\evil.example',
      '/\t/evil.example',
      '\t//evil.example',
      '/\n/evil.example',
      'javascript:alert(1)',
      '/x\r\nSet-Cookie: a=b',
      '/\0',
      '',
      'thanks',
      '/..//evil.example',
      '/.//evil.example',
      ' //evil.example',
      '/\u0085/evil.example',
      'http:/evil.example',
    ]
    for (const to of tricks) {
      const answer = await quietly(() =>
        ask(
          answering(() => redirect(to)),
          '/',
        ),
      )
      assert.equal(answer.status, 400, JSON.stringify(to))
      assert.equal(answer.headers.get('location'), null)
    }
  })

  test('writes other characters as a URL does', async () => {
    const answer = await ask(
      answering(() => redirect('/größe x')),
      '/',
    )
    assert.equal(answer.headers.get('location'), '/gr%C3%B6%C3%9Fe%20x')
  })

  test('leads elsewhere when external is said, to http and https alone', async () => {
    const there = await ask(
      answering(() => redirect('https://pay.example/x', { external: true })),
      '/',
    )
    assert.equal(there.headers.get('location'), 'https://pay.example/x')
    assert.equal(
      (
        await ask(
          answering(() => redirect('javascript:alert(1)', { external: true })),
          '/',
        )
      ).status,
      400,
    )
  })

  test('back goes to the page of this app that the visitor came from, else to the fallback', async () => {
    const app = answering(() => redirect.back('/home'))
    const back = async (referer?: string) =>
      (await ask(app, '/', referer === undefined ? {} : { headers: { referer } })).headers.get('location')
    assert.equal(await back('http://localhost/list?page=2'), '/list?page=2')
    assert.equal(await back('http://evil.example/list'), '/home')
    assert.equal(await back('http://localhost//evil.example'), '/home')
    assert.equal(await back(), '/home')
  })
})
