import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { describe, it } from 'node:test'
import * as z from 'zod'
import { Dewar, form, html, redirect } from '../../src/index.ts'
import { sqlite } from '../../src/sqlite.ts'

const secret = 'x8Vn2QeP4mZt7KcR1yWd9LbJ5hGs3fUa'
const origin = 'http://localhost'

function shop() {
  const app = new Dewar({ secret, env: 'production', store: sqlite(new DatabaseSync(':memory:')) })
  app.form('/order', form(z.object({ tea: z.string().min(1) })), {
    view: ({ form }) => html`${form}`,
    submit: ({ commit, session }) =>
      commit(() => {
        session.set('ordered', true)
        return redirect('/receipt')
      }),
  })
  return app
}

async function show(app: ReturnType<typeof shop>, path = '/order') {
  const answer = await app.fetch(new Request(origin + path))
  const text = await answer.text()
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  return { text, cookie, token: /name="_token" value="([^"]+)"/.exec(text)?.[1] ?? '' }
}

describe('a guest whose order is committed', () => {
  it('is told their session again when the first answer got lost on the way', async () => {
    const app = shop()
    const { cookie, token } = await show(app)
    const body = new URLSearchParams({ _token: token, tea: 'Assam' })
    const headers = { cookie, 'sec-fetch-site': 'same-origin' }
    const send = (): Promise<Response> => app.fetch(new Request(`${origin}/order`, { method: 'POST', headers, body }))
    const [first, again] = [await send(), await send()]
    assert.equal(again.headers.get('location'), '/receipt')
    const [told] = first.headers.getSetCookie()
    assert.ok(told)
    assert.equal(again.headers.getSetCookie()[0]?.split(';')[0], told.split(';')[0])
  })
})

// A browser forgets its copy of a page to which something is posted, and Back would bring a page with another token.
describe('a form', () => {
  const actions = {
    '/order': '/order?',
    '/order?': '/order?',
    '/order?cart=7': '/order?cart=7&amp;',
  }
  for (const [path, action] of Object.entries(actions)) {
    it(`at ${path} is posted to another address than its page's, which is the same to the app`, async () => {
      assert.match(
        (await show(shop(), path)).text,
        new RegExp(`<form method="post" action="${action.replace('?', '\\?')}"`),
      )
    })
  }

  it('that is shown again keeps its address', async () => {
    const app = shop()
    const { cookie, token } = await show(app)
    const headers = { cookie, 'sec-fetch-site': 'same-origin' }
    const body = new URLSearchParams({ _token: token, tea: '' })
    for (const query of ['?', '?cart=7&']) {
      const answer = await app.fetch(new Request(`${origin}/order${query}`, { method: 'POST', headers, body }))
      assert.equal(answer.status, 422)
      const action = /action="([^"]+)"/.exec(await answer.text())?.[1]
      assert.equal(action?.replace('&amp;', '&'), `/order${query}`)
    }
  })
})
