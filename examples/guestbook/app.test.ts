import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Browser, browser, type Page } from 'dewar/testing'
import app, { book } from './app.ts'

// /      <form method="post" action="/"><input name="name" required maxlength="40"><button>Sign in</button></form>
// /book  <form method="post" action="/book"><textarea name="message" required maxlength="500"></textarea>
//        <button>Leave message</button></form>

async function signIn(visitor: Browser, name: string): Promise<Page> {
  const page = await visitor.open('/')
  return page.fill({ name }).submit('Sign in')
}

describe('signing in', () => {
  it('leads to a thank-you page that says the name, once with a message', async () => {
    const visitor = browser(app)
    const thanks = await signIn(visitor, '  Ada ')
    assert.equal(thanks.url, '/thank-you')
    assert.match(thanks.text, /Thank you, Ada\. You are signed in\./)
    const again = await visitor.reload()
    assert.match(again.text, /Thank you, Ada\./)
    assert.doesNotMatch(again.text, /You are signed in/)
  })

  it('shows the form again, with what is wrong, for a name of spaces', async () => {
    const page = await browser(app).open('/')
    const again = await page.fill({ name: '   ' }).submit('Sign in')
    assert.equal(again.status, 422)
    assert.match(again.text, /Please tell us your name\./)
    assert.equal(again.value('name'), '   ')
  })

  it('is asked of nobody twice', async () => {
    const visitor = browser(app)
    await signIn(visitor, 'Ada')
    assert.equal((await visitor.open('/')).url, '/book')
  })

  it('gives a stranger who only reads no session', async () => {
    const visitor = browser(app)
    const before = await app.sessions.count()
    await visitor.open('/')
    await visitor.open('/book')
    await visitor.open('/thank-you')
    assert.equal(await app.sessions.count(), before)
  })
})

describe('the book', () => {
  it('counts how often its visitor opens it', async () => {
    const visitor = browser(app)
    await signIn(visitor, 'Ada')
    assert.match((await visitor.open('/book')).text, /opened this book once\./)
    assert.match((await visitor.open('/book')).text, /opened this book twice\./)
    assert.match((await visitor.reload()).text, /opened this book 3 times\./)
  })

  it('shows a message on top after it was left', async () => {
    const visitor = browser(app)
    await signIn(visitor, 'Ada')
    const thanks = await (await visitor.open('/book')).fill({ message: 'First' }).submit('Leave message')
    assert.equal(thanks.url, '/thank-you')
    assert.match(thanks.text, /Your message is in the book\./)
    await (await visitor.open('/book')).fill({ message: 'Second' }).submit('Leave message')
    assert.match((await visitor.open('/book')).text, /Second Ada .* First Ada /)
  })

  it('shows markup in a message as text', async () => {
    const visitor = browser(app)
    await signIn(visitor, '<b>Mallory</b>')
    const page = await visitor.open('/book')
    await page.fill({ message: '<script>alert(1)</script>' }).submit('Leave message')
    const { html } = await visitor.open('/book')
    assert.match(html, /<p class="words">&lt;script&gt;alert\(1\)&lt;\/script&gt;<\/p>/)
    assert.match(html, /<h1>Good to see you, &lt;b&gt;Mallory&lt;\/b&gt;\.<\/h1>/)
    assert.doesNotMatch(html, /<script/)
  })

  it('takes 500 characters over several lines, and hands back 501 with a sentence', async () => {
    const visitor = browser(app)
    await signIn(visitor, 'Ada')
    const page = await visitor.open('/book')
    const message = `${'line\n'.repeat(99)}fives`
    const refused = await page.fill({ message: `${message}!` }).submit('Leave message')
    assert.equal(refused.status, 422)
    assert.match(refused.text, /At most 500 characters, please\./)
    assert.equal(refused.value('message'), `${message}!`)
    assert.equal((await refused.fill({ message }).submit('Leave message')).url, '/thank-you')
    assert.equal(book.entries[0]?.message, message)
  })

  it('keeps what somebody wrote whose session ended meanwhile', async () => {
    const visitor = browser(app)
    await signIn(visitor, 'Ada')
    const left = await visitor.open('/book')
    await (await visitor.open('/book')).submit('Forget me')
    const again = await left.fill({ message: 'Still here' }).submit('Leave message')
    assert.equal(again.status, 422)
    assert.match(again.text, /send it again/)
    assert.equal(again.value('message'), 'Still here')
    await signIn(visitor, 'Ada')
    assert.equal((await again.submit('Leave message')).url, '/thank-you')
    assert.equal(book.entries[0]?.message, 'Still here')
  })
})

describe('changing the name', () => {
  it('starts with the name in use and leads to a thank-you page with the new one', async () => {
    const visitor = browser(app)
    await signIn(visitor, 'Ada')
    const page = await (await visitor.open('/book')).click('Change name')
    assert.equal(page.value('name'), 'Ada')
    const thanks = await page.fill({ name: 'Countess' }).submit('Change name')
    assert.match(thanks.text, /Thank you, Countess\. Your name is changed\./)
  })
})

describe('being forgotten', () => {
  it('takes the cookie back and says so', async () => {
    const visitor = browser(app)
    await signIn(visitor, 'Ada')
    assert.deepEqual(visitor.cookies.names, ['session'])
    const page = await (await visitor.open('/book')).submit('Forget me')
    assert.equal(page.url, '/goodbye')
    assert.match(page.text, /the cookie is gone/)
    assert.deepEqual(visitor.cookies.names, [])
    assert.equal((await visitor.open('/book')).url, '/')
  })
})

describe('an address that does not exist', () => {
  it('answers 404 in the look of the book', async () => {
    const page = await browser(app).open('/nowhere')
    assert.equal(page.status, 404)
    assert.match(page.text, /This page is not in the book\./)
  })
})
