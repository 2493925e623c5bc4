import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as z from 'zod'
import { type Answer, Dewar, type FormView, form, html, memory, redirect, shape } from '../../src/index.ts'
import { cookieOf, secret, send, show } from '../once/shop.ts'
import { quietly } from './quietly.ts'

type Visitor = { readonly teas: readonly string[] }

const order = form(z.object({ sku: z.string().min(1), qty: z.int() }))

function shop(env: 'development' | 'production' = 'development') {
  const app = new Dewar({ session: shape<Visitor>(), store: memory(), secret, env })
  app.form('/order', order, {
    view: ({ form }) => html`${form}`,
    submit: () => redirect('/thanks'),
  })
  app.form('/look', order, { view: ({ form }) => html`${form}`, submit: () => html`<p>Ordered.</p>` })
  app.form('/moved', order, { view: ({ form }) => html`${form}`, submit: () => redirect('/thanks', { status: 301 }) })
  return app
}

/** What the author is told while something is done. */
async function heard(work: () => Promise<unknown>): Promise<readonly string[]> {
  const lines: string[] = []
  const { warn } = console
  console.warn = (line: string) => lines.push(line)
  try {
    await work()
    return lines
  } finally {
    console.warn = warn
  }
}

describe('in development an author is told', () => {
  it('nothing about a form that is answered with a redirect', async () => {
    const app = shop()
    const shown = await show(app, '/order')
    assert.deepEqual(await heard(() => send(app, '/order', shown)), [])
  })

  it('that a form was answered with a page, once, and to redirect', async () => {
    const app = shop()
    const [first, ...others] = await heard(async () => {
      await send(app, '/look', await show(app, '/look'))
      await send(app, '/look', await show(app, '/look'))
    })
    assert.match(first ?? '', /^POST \/look was answered with a page\. .*Answer with redirect\('\/somewhere'\)/)
    assert.deepEqual(others, [])
  })

  it('nothing about a piece of a page that a script has asked for, or a form shown again', async () => {
    const app = shop()
    const { cookie, token } = await show(app, '/look')
    const headers = { cookie, 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' }
    const body = new URLSearchParams({ sku: 'tea', qty: '1', _token: token })
    const lines = await heard(async () => {
      const answer = await app.fetch(new Request('http://localhost/look', { method: 'POST', body, headers }))
      assert.equal(answer.status, 200)
      assert.equal((await send(app, '/look', await show(app, '/look'), { sku: '', qty: '1' })).status, 422)
    })
    assert.deepEqual(lines, [])
  })

  it('that a redirect is one that browsers remember', async () => {
    const app = shop()
    const [line] = await heard(async () => send(app, '/moved', await show(app, '/moved')))
    assert.match(line ?? '', /^POST \/moved was answered 301, which browsers remember/)
  })

  it('that a form came again and was not done again', async () => {
    const app = shop()
    const shown = await show(app, '/order')
    const cookie = cookieOf(await send(app, '/order', shown), shown.cookie)
    const lines = await heard(() => send(app, '/order', { ...shown, cookie }))
    assert.deepEqual(lines, ['POST /order came again. It was not done again: the first answer was given.'])
  })

  it('that a login wall takes away what was typed', async () => {
    const app = new Dewar({ secret, env: 'development' })
    app.post('/comments', () => redirect('/'), { guard: () => redirect('/login') })
    const [line] = await heard(() => send(app, '/comments', { cookie: '', token: '' }, { text: 'A long one' }))
    assert.match(
      line ?? '',
      /^POST \/comments was redirected to \/login before its handler ran: what the person typed is gone/,
    )
  })

  it('that a form of their own sends no files', async () => {
    const app = new Dewar({ secret, env: 'development' })
    const album = form(z.object({ photo: z.file() }))
    app.form('/photos', album, { view: ({ form }) => html`${form}`, submit: () => redirect('/') })
    // <form method="post" action="/photos"><input type="file" name="photo"></form>
    const [line] = await heard(() => send(app, '/photos', { cookie: '', token: '' }, { photo: 'sea.jpg' }))
    assert.match(line ?? '', /^POST \/photos has a field for files, and came as application\/x-www-form-urlencoded/)
  })

  it('that a page shows such a form, and nothing about one that is right', async () => {
    const app = new Dewar({ secret, env: 'development' })
    app.get('/wrong', () => html`<form method="post"><label>Photo <input name="photo" type="file"></label></form>`)
    app.get(
      '/right',
      () => html`<form method="post" enctype="multipart/form-data"><input name="photo" type="file"></form>
        <form method="post"><input name="title"></form>`,
    )
    const page = (path: string) => heard(() => app.fetch(new Request(`http://localhost${path}`)))
    assert.match((await page('/wrong'))[0] ?? '', /^GET \/wrong has <input type="file"> in a form without enctype/)
    assert.deepEqual(await page('/right'), [])
  })

  it('that a form of their own has no token, and how to put it in', async () => {
    const app = new Dewar({ secret, env: 'development' })
    const name = form(z.object({ name: z.string() }))
    app.form('/name', name, {
      view: () => html`<form method="post"><input name="name"></form>`,
      submit: () => redirect('/'),
    })
    const lines = await heard(async () => {
      assert.equal((await send(app, '/name', { cookie: '', token: '' }, { name: 'Ada' })).status, 422)
    })
    assert.deepEqual(lines, [
      "POST /name came without the token of its form, so nothing was done. Put ${form}, ${form.hidden} or ${hidden('/name')} inside the <form>.",
    ])
  })

  it('that a form of their own has another name for a field, and nothing of one that is sent empty', async () => {
    const app = shop()
    // <form method="post" action="/order">${form.hidden}<input name="item"><input name="qty"></form>
    const lines = await heard(async () => {
      const shown = await show(app, '/order')
      assert.equal((await send(app, '/order', shown, { sku: '', qty: '1' })).status, 422)
      assert.equal((await send(app, '/order', shown, { item: 'tea', qty: '1' })).status, 422)
    })
    assert.deepEqual(lines, [
      'POST /order came without sku. A control is sent by its name: write <input name="sku">, or let ${form} or ${form.field(\'sku\')} write it.',
    ])
  })

  it('that a form is for an address which no route has, once, and nothing of one that is mounted', async () => {
    const app = new Dewar({ secret, env: 'development' })
    app.mount('/below', () => new Response())
    app.post('/like', () => redirect('/'), { once: true })
    app.get('/', ({ hidden }) => html`<form method="post" action="/like">${hidden('/lik')}</form>`)
    app.get('/right', ({ hidden }) => html`${hidden('/like')}${hidden('/below/it')}${hidden('/like?of=tea')}`)
    const page = (path: string) => heard(() => app.fetch(new Request(`http://localhost${path}`)))
    const [line, ...others] = [...(await page('/')), ...(await page('/'))]
    assert.match(line ?? '', /^GET \/ has a form for \/lik, and no route of this app is there\. hidden\(…\) and/)
    assert.deepEqual([others, await page('/right')], [[], []])
  })

  it('that a form was done because invalid was called and not returned', async () => {
    const app = new Dewar({ secret, env: 'development' })
    const handlers = (isReturned: boolean) => ({
      view: ({ form }: { readonly form: FormView }) => html`${form}`,
      submit: ({ invalid }: { invalid(reason: string): Answer }) => {
        const answer = invalid('There is no tea left.')
        return isReturned ? answer : redirect('/thanks')
      },
    })
    app.form('/slip', order, handlers(false))
    app.form('/order', order, handlers(true))
    const lines = await heard(async () => {
      assert.equal((await send(app, '/order', await show(app, '/order'))).status, 422)
      assert.equal((await send(app, '/slip', await show(app, '/slip'))).status, 303)
    })
    assert.deepEqual(lines, [
      'POST /slip was done although its handler called invalid(…), which only makes an answer. Write: return invalid(…).',
    ])
  })

  it('that a text which answers a form is a page too, where a browser shows it', async () => {
    const app = new Dewar({ secret, env: 'development' })
    app.post('/name', ({ fields }) => `Username: ${fields.require('username')}`)
    const named = (mode: string): Promise<Response> => {
      const headers = { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': mode }
      const body = new URLSearchParams({ username: 'Ada' })
      return app.fetch(new Request('http://localhost/name', { method: 'POST', headers, body }))
    }
    assert.deepEqual(await heard(() => named('cors')), [])
    const [line] = await heard(() => named('navigate'))
    assert.match(line ?? '', /^POST \/name was answered with a page\. .*Answer with redirect/)
    const json = new Dewar({ secret, env: 'development' })
    json.post('/name', () => ({ done: true }))
    const headers = { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'navigate' }
    const post = { method: 'POST', headers, body: new URLSearchParams({ username: 'Ada' }) }
    assert.equal((await heard(() => json.fetch(new Request('http://localhost/name', post)))).length, 1)
  })

  it('that a string with tags is shown with its tags', async () => {
    const app = new Dewar({ secret, env: 'development' })
    app.get('/', () => '<h1>Hello</h1>')
    app.get('/text', () => '1 < 2, and <3 is a heart')
    const [line] = await heard(() => app.fetch(new Request('http://localhost/')))
    assert.match(line ?? '', /^GET \/ was answered with HTML as plain text, .* write html`…`/)
    assert.deepEqual(await heard(() => app.fetch(new Request('http://localhost/text'))), [])
  })

  it('that a value of the session is not changed in place', async () => {
    const app = new Dewar({ session: shape<Visitor>(), secret, env: 'development' })
    app.post('/teas', ({ session }) => {
      session.set('teas', [])
      const teas = session.get('teas') as string[] // what a colleague without types would do
      teas.push('Assam')
      return redirect('/')
    })
    const answer = await quietly(() => send(app, '/teas', { cookie: '', token: '' }))
    assert.equal(answer.status, 500)
    assert.match(await answer.text(), /such values are frozen, .*session\.update\(key, \(value\) =&gt; …\)/)
  })
})

describe('in production an author is told', () => {
  it('nothing of this', async () => {
    const app = shop('production')
    const lines = await heard(async () => {
      const shown = await show(app, '/look')
      await send(app, '/look', shown)
      await send(app, '/look', shown)
      await send(app, '/moved', await show(app, '/moved'))
    })
    assert.deepEqual(lines, [])
  })
})
