import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { browser } from 'dewar/testing'
import app from './app.ts'

// <form method="post" action="/submit"><input type="text" name="username" required><button type="submit">Submit</button></form>

describe('the lecture', () => {
  it('takes the form by POST and goes on to the thank-you page, which knows the name', async () => {
    const page = await browser(app).open('/')
    const thanks = await page.fill({ username: 'Ada' }).submit('Submit')
    assert.equal(thanks.url, '/thankyou')
    assert.equal(thanks.title, 'Thank you for submitting!')
    assert.match(thanks.text, /Your name is Ada\./)
  })

  it('sends nothing again when the thank-you page is reloaded', async () => {
    const visitor = browser(app)
    await (await visitor.open('/')).fill({ username: 'Ada' }).submit('Submit')
    const again = await visitor.reload()
    assert.equal(again.url, '/thankyou')
    assert.match(again.text, /Your name is Ada\./)
  })

  it('remembers the name on another page', async () => {
    const visitor = browser(app)
    const thanks = await (await visitor.open('/')).fill({ username: 'Ada' }).submit('Submit')
    const whoami = await thanks.click('Who am I?')
    assert.equal(whoami.url, '/whoami')
    assert.match(whoami.text, /Ada/)
  })

  it('forgets the name at the press of a button, and takes the cookie back', async () => {
    const visitor = browser(app)
    const thanks = await (await visitor.open('/')).fill({ username: 'Ada' }).submit('Submit')
    assert.deepEqual(visitor.cookies.names, ['session'])
    const whoami = await thanks.submit('Reset')
    assert.match(whoami.text, /Nobody yet\./)
    assert.deepEqual(visitor.cookies.names, [])
  })

  it('shows markup in a name as text', async () => {
    const page = await browser(app).open('/')
    const thanks = await page.fill({ username: '<script>alert(1)</script>' }).submit('Submit')
    assert.match(thanks.html, /&lt;script&gt;alert\(1\)&lt;\/script&gt;/)
    assert.doesNotMatch(thanks.html, /<script/)
  })

  it('answers 400 and names the field when it is missing', async () => {
    const answer = await app.fetch(new Request('http://localhost/submit', { method: 'POST', body: '' }))
    assert.equal(answer.status, 400)
    assert.match(await answer.text(), /username/)
  })
})
