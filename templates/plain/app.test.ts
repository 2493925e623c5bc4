import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { browser } from 'dewar/testing'

process.env.DATABASE_FILE = ':memory:' // before the app opens its own
const { default: app } = await import('./app.ts')

// <form method="post" action="/"><input type="hidden" name="_token" value="…"><input name="text" required maxlength="200">
// <button>Keep it</button></form>

describe('a note', () => {
  it('is kept, and still there when the page is opened again', async () => {
    const visitor = browser(app)
    const page = await visitor.open('/')
    const kept = await page.fill({ text: 'Water the ficus' }).submit('Keep it')
    assert.equal(kept.url, '/')
    assert.match(kept.text, /Kept\. .* Kept for you Water the ficus/)
    const again = await visitor.open('/')
    assert.match(again.text, /Kept for you Water the ficus/)
    assert.doesNotMatch(again.text, /Kept\./)
  })

  it('is kept once when its button is clicked twice', async () => {
    const page = await browser(app).open('/')
    page.fill({ text: 'Water the ficus' })
    const kept = await page.doubleClick('Keep it')
    assert.equal(kept.html.match(/<li>/g)?.length, 1)
  })

  it('that is too long comes back as it was typed, with what is wrong', async () => {
    const page = await browser(app).open('/')
    const again = await page.fill({ text: 'x'.repeat(201) }).submit('Keep it')
    assert.equal(again.status, 422)
    assert.match(again.text, /At most 200 characters, please\./)
    assert.equal(again.value('text'), 'x'.repeat(201))
    assert.doesNotMatch(again.text, /Kept for you/)
  })

  it('is shown as text, whatever was typed', async () => {
    const page = await browser(app).open('/')
    const kept = await page.fill({ text: '<script>alert(1)</script>' }).submit('Keep it')
    assert.match(kept.html, /<li>&lt;script&gt;alert\(1\)&lt;\/script&gt;<\/li>/)
  })

  it('is for who wrote it alone', async () => {
    const page = await browser(app).open('/')
    await page.fill({ text: 'Water the ficus' }).submit('Keep it')
    assert.doesNotMatch((await browser(app).open('/')).text, /ficus/)
  })
})

describe('“Forget all of it”', () => {
  it('leaves no note', async () => {
    const page = await browser(app).open('/')
    const kept = await page.fill({ text: 'Water the ficus' }).submit('Keep it')
    const after = await kept.submit('Forget all of it')
    assert.equal(after.url, '/')
    assert.doesNotMatch(after.text, /ficus/)
  })
})
