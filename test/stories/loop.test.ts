import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as z from 'zod'
import { Dewar, form, html, redirect } from '../../src/index.ts'
import { browser } from '../../src/testing.ts'

// <h1>Who are you?</h1>
// <form method="post" action="/"><label>Username</label><input name="username" maxlength="40" required>…<button>Send</button></form>
function loop(): Dewar<{ username: string }> {
  const app = new Dewar({ session: z.object({ username: z.string() }) })
  const guest = form(z.object({ username: z.string().trim().min(1).max(40) }))
  app.form('/', guest, {
    view: ({ form }) => html`<h1>Who are you?</h1>${form}`,
    submit: ({ data, session }) => {
      session.set('username', data.username)
      return redirect('/thankyou')
    },
  })
  app.get('/thankyou', ({ session }) => html`<p>Thank you, ${session.get('username')}!</p>`)
  app.post('/reset', ({ session }) => {
    session.clear()
    return redirect('/')
  })
  return app
}

describe('the loop: a form, a POST, a redirect, a session that remembers', () => {
  test('a visitor types a name, is sent on with 303, and is greeted; a reload greets again', async () => {
    const visitor = browser(loop())
    const page = await visitor.open('/')
    const thanks = await page.fill({ username: ' Ada ' }).submit('Send')
    assert.equal(thanks.url, '/thankyou')
    assert.equal(thanks.text, 'Thank you, Ada!')
    assert.equal((await visitor.reload()).text, 'Thank you, Ada!')
  })

  test('the answer to the POST is 303 See Other with a path, and carries the session', async () => {
    const answer = await loop().fetch(post('/', { username: 'Ada' }))
    assert.equal(answer.status, 303)
    assert.equal(answer.headers.get('location'), '/thankyou')
    assert.match(
      answer.headers.getSetCookie()[0] ?? '',
      /^session=[\w-]+; Max-Age=1209600; Path=\/; HttpOnly; SameSite=Lax$/,
    )
  })

  test('an invalid entry answers 422 with the text typed, the issue beside the field, and does nothing', async () => {
    const visitor = browser(loop())
    const page = await (await visitor.open('/')).fill({ username: '   ' }).submit('Send')
    assert.equal(page.status, 422)
    assert.equal(page.value('username'), '   ')
    assert.match(page.html, /<input [^>]*aria-invalid="true" aria-describedby="form-username--error"/)
    assert.equal((await visitor.open('/thankyou')).text, 'Thank you, !')
  })

  test('going back shows the text typed; another text sent from there is asked about, and greeted if it is meant', async () => {
    const visitor = browser(loop())
    await (await visitor.open('/')).fill({ username: 'Ada' }).submit('Send')
    const before = await visitor.back()
    assert.equal(before.value('username'), 'Ada')
    const asked = await before.fill({ username: 'Grace' }).submit('Send')
    assert.equal(asked.status, 422)
    assert.match(asked.text, /This form was sent before, with something else written in it\./)
    assert.equal(asked.value('username'), 'Grace')
    assert.equal((await asked.submit('Send')).text, 'Thank you, Grace!')
  })

  test('reset ends the session and takes its cookie back', async () => {
    const app = loop()
    const visitor = browser(app)
    await (await visitor.open('/')).fill({ username: 'Ada' }).submit('Send')
    const cookie = `session=${visitor.cookies.get('session')?.value}`
    const answer = await app.fetch(post('/reset', {}, { cookie, 'sec-fetch-site': 'same-origin' }))
    assert.equal(answer.status, 303)
    assert.equal(answer.headers.getSetCookie()[0], 'session=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax')
  })

  test('a visitor who stores nothing gets no cookie, from no page but that of a form', async () => {
    const app = loop()
    for (const path of ['/thankyou', '/nowhere']) {
      const answer = await app.fetch(new Request(`http://localhost${path}`))
      assert.deepEqual(answer.headers.getSetCookie(), [], path)
    }
  })

  test('over https the cookie is __Host-Http-session and Secure', async () => {
    const answer = await loop().fetch(post('/', { username: 'Ada' }, {}, 'https://shop.example'))
    assert.match(
      answer.headers.getSetCookie()[0] ?? '',
      /^__Host-Http-session=[\w-]+; Max-Age=1209600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    )
  })

  test('a client that asks for JSON is told the issues by field', async () => {
    const answer = await loop().fetch(post('/', { username: '' }, { accept: 'application/json' }))
    assert.equal(answer.status, 422)
    assert.equal(answer.headers.get('content-type'), 'application/problem+json')
    const problem = await answer.json()
    assert.deepEqual(Object.keys(problem.errors), ['username'])
  })
})

function post(
  path: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
  origin = 'http://localhost',
): Request {
  return new Request(origin + path, { method: 'POST', body: new URLSearchParams(fields), headers })
}
