import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type ServedGuestbook, startGuestbook, tokenIn } from './curl.ts'
import { curlPath, skipWithout } from './needs.ts'

describe('the guestbook by curl', { skip: skipWithout(curlPath) }, () => {
  let guestbook: ServedGuestbook

  before(async () => {
    guestbook = await startGuestbook()
  })

  after(async () => {
    assert.equal(await guestbook.stop(), 0)
  })

  it('goes through the whole loop: form, POST, 303, thank-you page, reload, forget', async () => {
    const visitor = guestbook.visitor()
    const form = await visitor.get('/')
    assert.match(form.body, /<form method="post" action="\/\?"/)
    assert.deepEqual(await visitor.cookieNames(), ['session']) // who meets a form is known again

    const posted = await visitor.post('/', 'name=Ada Lovelace', ...tokenIn(form.body, '/'))
    assert.equal(posted.status, 303)
    assert.equal(posted.header('location'), '/thank-you')
    assert.match(posted.header('set-cookie') ?? '', /^session=[^;]+; .*HttpOnly; SameSite=Lax/i)
    assert.deepEqual(await visitor.cookieNames(), ['session'])

    assert.match((await visitor.get('/thank-you')).body, /Thank you, Ada Lovelace\.[\s\S]*You are signed in\./)
    const again = await visitor.get('/thank-you')
    assert.match(again.body, /Thank you, Ada Lovelace\./)
    assert.doesNotMatch(again.body, /You are signed in\./)

    const forgotten = await visitor.post('/forget', ...tokenIn(again.body, '/forget'))
    assert.equal(forgotten.status, 303)
    assert.equal(forgotten.header('location'), '/goodbye')
    assert.match(forgotten.header('set-cookie') ?? '', /^session=; Max-Age=0/i)
    assert.deepEqual(await visitor.cookieNames(), [])
    assert.match((await visitor.get('/goodbye')).body, /the cookie is gone/)
    assert.equal((await visitor.get('/thank-you')).header('location'), '/')
  })

  it('leaves a message and counts the visits', async () => {
    const visitor = guestbook.visitor()
    await visitor.post('/', 'name=Ada')
    const book = await visitor.get('/book')
    assert.match(book.body, /opened this book once/)
    const posted = await visitor.post('/book', 'message=<b>Hello & goodbye</b>', ...tokenIn(book.body, '/book'))
    assert.equal(posted.header('location'), '/thank-you')
    const after = await visitor.get('/book')
    assert.match(after.body, /opened this book twice/)
    assert.match(after.body, /&lt;b&gt;Hello &amp; goodbye&lt;\/b&gt;/)
  })
})

describe('a POST by curl that carries a session', { skip: skipWithout(curlPath) }, () => {
  let guestbook: ServedGuestbook

  before(async () => {
    guestbook = await startGuestbook()
  })

  after(() => guestbook.stop())

  it('is refused without a token, and with the token of another form, and nothing happens', async () => {
    const visitor = guestbook.visitor()
    await visitor.post('/', 'name=Ada')
    const elsewhere = tokenIn((await visitor.get('/name')).body, '/name')
    assert.equal((await visitor.post('/book', 'message=Forged')).status, 403)
    assert.equal((await visitor.post('/book', 'message=Forged', ...elsewhere)).status, 403)
    assert.doesNotMatch((await visitor.get('/book')).body, /Forged/)
  })
})
