import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Dewar, html, onceNext, onceNextHash, redirect, uploadProgress, uploadProgressHash } from '../../src/index.ts'

async function hashOf(html: string): Promise<string> {
  const [, script = ''] = /^<script>(.*)<\/script>$/s.exec(html) ?? []
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(script))
  return `sha256-${btoa(String.fromCharCode(...new Uint8Array(digest)))}`
}

test('the script that renews tokens is what its hash says', async () => {
  assert.equal(onceNextHash, await hashOf(String(onceNext)))
})

describe('the script of an upload', () => {
  test('is what its hash says', async () => {
    assert.equal(uploadProgressHash, await hashOf(String(uploadProgress)))
  })

  test('stands in a page as it is, and nothing in it ends it', () => {
    assert.equal(String(html`<p>${uploadProgress}</p>`), `<p>${uploadProgress}</p>`)
    assert.deepEqual(String(uploadProgress).match(/<[!/]?[a-z-]+/gi), ['<script', '<plaintext', '</script'])
  })
})

function shop(): Dewar {
  const app = new Dewar()
  app.post('/buy', () => redirect('/thanks?of=1#top', { flash: 'Bought' }))
  app.post('/pay', () => redirect('https://pay.example/1', { external: true }))
  app.post('/again', () => redirect('/buy', { status: 307 }))
  app.post('/by-hand', () => new Response('Over there.', { status: 302, headers: { location: '/thanks' } }))
  app.post('/created', () => new Response('Made.', { status: 201, headers: { location: '/thanks' } }))
  app.get('/thanks', ({ flashes }) => flashes.map(({ message }) => message))
  return app
}

const told = { 'dewar-redirect': 'told' }

function ask(app: Dewar, path: string, headers: Record<string, string> = {}, method = 'POST'): Promise<Response> {
  const all = { 'sec-fetch-site': 'same-origin', ...headers }
  return app.fetch(new Request(`http://localhost${path}`, { method, headers: all }))
}

describe('a redirect', () => {
  test('is 204 with the same target for a script that asks to be told of it', async () => {
    for (const [path, target] of [
      ['/buy', '/thanks?of=1#top'],
      ['/pay', 'https://pay.example/1'],
      ['/by-hand', '/thanks'],
    ] as const) {
      const answer = await ask(shop(), path, told)
      assert.deepEqual([answer.status, answer.headers.get('location'), await answer.text()], [204, target, ''])
      assert.deepEqual(
        [...answer.headers.keys()].filter((name) => name.startsWith('content-')),
        [],
      )
    }
  })

  test('brings its cookie and its message all the same, for the page it leads to', async () => {
    const app = shop()
    const answer = await ask(app, '/buy', told)
    const [cookie = ''] = answer.headers.getSetCookie()[0]?.split(';') ?? []
    assert.equal(answer.headers.get('cache-control'), 'private, no-cache')
    const messages = async (path: string): Promise<unknown> => (await ask(app, path, { cookie }, 'GET')).json()
    assert.deepEqual(await messages('/thanks'), [])
    assert.deepEqual(await messages('/thanks?of=1'), ['Bought'])
  })

  test('of an app within another is told, too, when both have had their say', async () => {
    const app = new Dewar()
    app.mount('/shop', shop())
    app.use('/shop', async (_, next) => {
      const answer = await next()
      assert.equal(answer.status, 303)
      return answer
    })
    const answer = await ask(app, '/shop/buy', told)
    assert.deepEqual([answer.status, answer.headers.get('location')], [204, '/shop/thanks?of=1#top'])
  })

  test('is left to the browser otherwise, and where the form is to be sent again', async () => {
    assert.equal((await ask(shop(), '/buy')).status, 303)
    assert.equal((await ask(shop(), '/again', told)).status, 307)
    assert.equal((await ask(shop(), '/created', told)).status, 201)
  })
})
