import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Dewar, html, redirect } from '../../src/index.ts'
import { browser } from '../../src/testing.ts'

// <form method="post" action="/save"><button>Save</button></form>
function notes(): Dewar {
  const app = new Dewar()
  const flashes = (messages: readonly { message: string; category: string }[]) =>
    html`<ul>${messages.map(({ message, category }) => html`<li class="${category}">${message}</li>`)}</ul>`
  app.get(
    '/',
    () =>
      html`<form method="post" action="/save"><button>Save</button></form><form method="post" action="/note"><button>Note</button></form>`,
  )
  app.post('/save', () => redirect('/list?page=2', { flash: 'Saved <b>', category: 'good' }))
  app.post('/note', ({ flash }) => {
    flash('Noted')
    return redirect('/list')
  })
  app.post('/quiet', ({ flash }) => {
    flash('For whoever comes')
    return 'ok'
  })
  app.post('/away', () => redirect('/hop', { flash: 'Far' }))
  app.get('/hop', () => redirect('/list'))
  app.get('/list', ({ flashes: messages }) => flashes(messages))
  app.get('/other', ({ flashes: messages }) => flashes(messages))
  app.get('/broken', ({ flashes: messages }) => {
    if (messages.length > 0) throw new Error('x')
    return 'fine'
  })
  app.post('/to-broken', () => redirect('/broken', { flash: 'Kept' }))
  return app
}

describe('a flash message', () => {
  test('is shown once, by the page redirected to, escaped', async () => {
    const visitor = browser(notes())
    const page = await (await visitor.open('/')).submit('Save')
    assert.equal(page.url, '/list?page=2')
    assert.match(page.html, /<li class="good">Saved &lt;b&gt;<\/li>/)
    assert.equal((await visitor.reload()).text, '')
  })

  test('waits for its page: no other page, and not the same path with another query, can take it', async () => {
    const app = notes()
    const { cookie } = await send(app, '/save')
    for (const path of ['/other', '/list', '/list?page=3', '/']) {
      const answer = await app.fetch(new Request(`http://localhost${path}`, { headers: { cookie } }))
      assert.doesNotMatch(await answer.text(), /Saved/, path)
      assert.deepEqual(answer.headers.getSetCookie(), [], path)
    }
    const there = await app.fetch(new Request('http://localhost/list?page=2', { headers: { cookie } }))
    assert.match(await there.text(), /Saved/)
  })

  test('left by flash() goes to the target of the redirect, or to whichever page comes next', async () => {
    assert.equal((await (await browser(notes()).open('/')).submit('Note')).text, 'Noted')
    const app = notes()
    const { cookie } = await send(app, '/quiet')
    assert.match(
      await (await app.fetch(new Request('http://localhost/other', { headers: { cookie } }))).text(),
      /For whoever comes/,
    )
  })

  test('goes on with a page that only redirects', async () => {
    const app = notes()
    const first = await send(app, '/away')
    const hop = await app.fetch(new Request('http://localhost/hop', { headers: { cookie: first.cookie } }))
    const cookie = hop.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    assert.match(await (await app.fetch(new Request('http://localhost/list', { headers: { cookie } }))).text(), /Far/)
  })

  test('is not taken by a page that fails, nor by a prefetch', async () => {
    const app = notes()
    const { cookie } = await send(app, '/to-broken')
    const { error } = console
    console.error = () => {}
    const broken = await app.fetch(new Request('http://localhost/broken', { headers: { cookie } }))
    console.error = error
    assert.equal(broken.status, 500)
    assert.deepEqual(broken.headers.getSetCookie(), [])
    const saved = await send(app, '/save')
    const ahead = await app.fetch(
      new Request('http://localhost/list?page=2', {
        headers: { cookie: saved.cookie, 'sec-purpose': 'prefetch;prerender' },
      }),
    )
    assert.match(await ahead.text(), /Saved/)
    assert.deepEqual(ahead.headers.getSetCookie(), [])
  })

  test('pushes the oldest out when there are more than twenty', async () => {
    const app = new Dewar()
    app.get('/', ({ flash }) => {
      for (let index = 1; index <= 25; index++) flash(`m${index}`)
      return 'ok'
    })
    app.get('/read', ({ flashes }) => flashes.map(({ message }) => message))
    const cookie = (await app.fetch(new Request('http://localhost/'))).headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const shown = await (await app.fetch(new Request('http://localhost/read', { headers: { cookie } }))).json()
    assert.deepEqual(
      shown,
      Array.from({ length: 20 }, (_, index) => `m${index + 6}`),
    )
  })
})

async function send(app: Dewar, path: string): Promise<{ cookie: string }> {
  const answer = await app.fetch(new Request(`http://localhost${path}`, { method: 'POST' }))
  return { cookie: answer.headers.getSetCookie()[0]?.split(';')[0] ?? '' }
}
