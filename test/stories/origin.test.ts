import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as z from 'zod'
import { Dewar, form, html, redirect, shape } from '../../src/index.ts'
import { browser } from '../../src/testing.ts'

/** A bank that counts what was done. Tests look at the count, not at the status alone. */
function bank(): { app: Dewar<{ name: string }>; done: () => number } {
  let count = 0
  const app = new Dewar({
    session: shape<{ name: string }>(),
    env: 'production',
    secret: 'x8Vn2QeP4mZt7KcR1yWd9LbJ5hGs3fUa',
    trustedOrigins: ['https://admin.example'],
    unsafelySkipOriginCheck: ['/hook'],
  })
  const pay = form(z.object({ amount: z.number() }))
  const act = () => {
    count += 1
    return redirect('/')
  }
  app.get('/enter', ({ session }) => {
    session.set('name', 'Ada')
    return 'in'
  })
  app.form('/pay', pay, { view: ({ form }) => html`${form}`, submit: act })
  app.get(
    '/hand',
    ({ hidden }) => html`<form method="post" action="/transfer">${hidden('/transfer')}<button>Go</button></form>`,
  )
  app.post('/transfer', act)
  app.put('/transfer', act)
  app.patch('/transfer', act)
  app.delete('/transfer', act)
  app.post('/hook', act)
  app.post('/hook/below', act)
  return { app, done: () => count }
}

const origin = 'https://bank.example'

async function signedIn(app: Dewar<{ name: string }>): Promise<string> {
  const answer = await app.fetch(new Request(`${origin}/enter`))
  return answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
}

describe('a request that does something is judged by where it comes from', () => {
  const from: [headers: Record<string, string>, admitted: boolean][] = [
    [{ 'sec-fetch-site': 'same-origin' }, true],
    [{ 'sec-fetch-site': 'none' }, true],
    [{ 'sec-fetch-site': 'same-site' }, false],
    [{ 'sec-fetch-site': 'cross-site' }, false],
    [{ 'sec-fetch-site': 'same-origin, cross-site' }, false],
    [{ 'sec-fetch-site': '' }, false],
    [{ 'sec-fetch-site': 'cross-site', origin }, false],
    [{ 'sec-fetch-site': 'cross-site', origin: 'https://admin.example' }, true],
    [{ origin }, true],
    [{ origin: 'https://admin.example' }, true],
    [{ origin: 'http://bank.example' }, false],
    [{ origin: 'https://bank.example:444' }, false],
    [{ origin: 'https://bank.example.evil.example' }, false],
    [{ origin: 'https://evil.example' }, false],
    [{ origin: 'null' }, false],
    [{}, false],
  ]
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
    test(`${method} with a session cookie is done from our own pages and from nowhere else`, async () => {
      const { app, done } = bank()
      const cookie = await signedIn(app)
      for (const [headers, admitted] of from) {
        const before = done()
        const answer = await app.fetch(new Request(`${origin}/transfer`, { method, headers: { cookie, ...headers } }))
        assert.equal(done() - before, admitted ? 1 : 0, JSON.stringify(headers))
        assert.equal(answer.status, admitted ? 303 : 403, JSON.stringify(headers))
      }
    })
  }

  test('whatever the content type', async () => {
    const { app, done } = bank()
    const cookie = await signedIn(app)
    for (const type of [
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'text/plain',
      'application/json',
      '',
    ]) {
      const headers = { cookie, origin: 'https://evil.example', ...(type && { 'content-type': type }) }
      assert.equal(
        (await app.fetch(new Request(`${origin}/transfer`, { method: 'POST', headers, body: 'amount=1' }))).status,
        403,
        type,
      )
    }
    assert.equal(done(), 0)
  })

  test('before a byte of its body is read', async () => {
    const { app } = bank()
    let pulled = 0
    const body = new ReadableStream(
      {
        pull(controller) {
          pulled += 1
          controller.enqueue(new Uint8Array(10))
        },
      },
      { highWaterMark: 0 },
    )
    const init: RequestInit & { duplex: 'half' } = {
      method: 'POST',
      body,
      duplex: 'half',
      headers: { origin: 'https://evil.example', 'content-type': 'application/x-www-form-urlencoded' },
    }
    assert.equal((await app.fetch(new Request(`${origin}/transfer`, init))).status, 403)
    assert.equal(pulled, 0)
  })

  test('without any header and without a session there is nobody to protect, so it is done', async () => {
    const { app, done } = bank()
    assert.equal((await app.fetch(new Request(`${origin}/transfer`, { method: 'POST' }))).status, 303)
    assert.equal(done(), 1)
  })

  test('a path that is exempt is not judged, the ones below it are', async () => {
    const { app, done } = bank()
    const headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
    assert.equal((await app.fetch(new Request(`${origin}/hook`, { method: 'POST', headers }))).status, 303)
    assert.equal((await app.fetch(new Request(`${origin}/hook/below`, { method: 'POST', headers }))).status, 403)
    assert.equal(done(), 1)
  })

  test('another site cannot send our form with our visitor’s cookie', async () => {
    const { app, done } = bank()
    const evil = {
      fetch: () =>
        new Response(
          '<form method="post" action="https://bank.example/pay"><input name="amount" value="9"><button>Win</button></form>',
          { headers: { 'content-type': 'text/html' } },
        ),
    }
    const victim = browser(app, { origin, elsewhere: { 'https://evil.example': evil } })
    await victim.open('/enter')
    assert.equal((await (await victim.open('https://evil.example/')).submit('Win')).status, 403)
    assert.equal(done(), 0)
  })
})

describe('a request that does not say where it comes from, with a session', () => {
  const fields = { 'content-type': 'application/x-www-form-urlencoded' }
  const tokenIn = (page: string): string => /name="_token" value="([\w-]{48})"/.exec(page)?.[1] ?? ''

  test('is done with the token of the form, for that form and that session', async () => {
    const { app, done } = bank()
    const cookie = await signedIn(app)
    const token = tokenIn(await (await app.fetch(new Request(`${origin}/pay`, { headers: { cookie } }))).text())
    const send = (path: string, body: string, own = cookie) =>
      app.fetch(new Request(`${origin}${path}`, { method: 'POST', headers: { cookie: own, ...fields }, body }))
    assert.equal((await send('/pay', `amount=1&_token=${token}`)).status, 303)
    assert.equal(done(), 1)
    assert.equal((await send('/transfer', `_token=${token}`)).status, 403)
    assert.equal((await send('/pay', `amount=1&_token=${token}`, await signedIn(app))).status, 403)
    assert.equal((await send('/pay', 'amount=1&_token=')).status, 403)
    assert.equal((await send('/pay', 'amount=1')).status, 403)
    assert.equal(done(), 1)
  })

  test('is done with the token that hidden() puts into a form written by hand', async () => {
    const { app, done } = bank()
    const cookie = await signedIn(app)
    const token = tokenIn(await (await app.fetch(new Request(`${origin}/hand`, { headers: { cookie } }))).text())
    const answer = await app.fetch(
      new Request(`${origin}/transfer`, { method: 'POST', headers: { cookie, ...fields }, body: `_token=${token}` }),
    )
    assert.equal(answer.status, 303)
    assert.equal(done(), 1)
  })

  test('is done if the cookie opens nothing: there is nobody to protect', async () => {
    const { app, done } = bank()
    await app.fetch(
      new Request(`${origin}/transfer`, { method: 'POST', headers: { cookie: '__Host-Http-session=made-up' } }),
    )
    assert.equal(done(), 1)
  })

  test('after a login the tokens made before it are void', async () => {
    const app = new Dewar({
      session: shape<{ name: string }>(),
      env: 'production',
      secret: 'x8Vn2QeP4mZt7KcR1yWd9LbJ5hGs3fUa',
    })
    app.get('/enter', ({ session }) => {
      session.set('name', 'Ada')
      return 'in'
    })
    app.get('/login', ({ session }) => {
      session.login('ada')
      return 'in'
    })
    app.get('/hand', ({ hidden }) => html`${hidden('/act')}`)
    app.post('/act', () => 'done')
    const cookieOf = (answer: Response) => answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const first = cookieOf(await app.fetch(new Request(`${origin}/enter`)))
    const token = tokenIn(await (await app.fetch(new Request(`${origin}/hand`, { headers: { cookie: first } }))).text())
    const second = cookieOf(await app.fetch(new Request(`${origin}/login`, { headers: { cookie: first } })))
    const act = (cookie: string) =>
      app.fetch(
        new Request(`${origin}/act`, { method: 'POST', headers: { cookie, ...fields }, body: `_token=${token}` }),
      )
    assert.equal((await act(second)).status, 403)
    assert.equal((await act(first)).status, 200)
  })
})

describe('the page that refuses', () => {
  test('says in development what was seen, what was expected and which setting to change', async () => {
    const app = new Dewar({ env: 'development' })
    app.post('/', () => 'done')
    const answer = await app.fetch(
      new Request('http://localhost:3000/', { method: 'POST', headers: { origin: 'https://evil.example<script>' } }),
    )
    const page = await answer.text()
    assert.match(page, /Origin https:\/\/evil\.example&lt;script&gt;/)
    assert.match(page, /Expected: Sec-Fetch-Site same-origin or none; without it, Origin http:\/\/localhost:3000/)
    assert.match(page, /trustedOrigins/)
  })

  test('says in production only that nothing was done', async () => {
    const { app } = bank()
    const page = await (
      await app.fetch(
        new Request(`${origin}/transfer`, { method: 'POST', headers: { origin: 'https://evil.example' } }),
      )
    ).text()
    assert.match(page, /nothing was done/)
    assert.doesNotMatch(page, /evil\.example|trustedOrigins/)
  })
})
