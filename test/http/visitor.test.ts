import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as z from 'zod'
import { form, html, redirect } from '../../src/index.ts'
import { browser } from '../../src/testing.ts'
import { newApp, served } from './served.ts'

// <form method="post" action="/sign?"><label>Name <input name="name"></label><button>Sign</button></form>
const entry = form(z.object({ name: z.string().min(1) }), { button: 'Sign' })
const upload = form(z.object({ letter: z.file() }), { button: 'Send' })

async function book() {
  const app = newApp()
  const signed: string[] = []
  app.form('/sign', entry, {
    view: ({ form }) => html`${form}`,
    async submit({ data }) {
      await new Promise((resolve) => setTimeout(resolve, 20))
      signed.push(data.name)
      return redirect('/read', { flash: `Thank you, ${data.name}!` })
    },
  })
  app.form('/letters', upload, {
    view: ({ form }) => html`${form}`,
    submit: async ({ data }) => html`<p>${data.letter.name}: ${await data.letter.text()}</p>`,
  })
  app.get('/read', ({ flashes }) => html`<p>${flashes.map(({ message }) => message)}</p>`)
  const { url, stop } = await served(app)
  return { url, stop, signed }
}

describe('a visitor who asks a server', () => {
  it('signs, is thanked once, goes back and clicks twice', async () => {
    const { url, signed } = await book()
    const visitor = browser(url)
    const page = await visitor.open('/sign')
    const thanks = await page.fill({ name: 'Ada' }).doubleClick('Sign')
    assert.deepEqual([thanks.url, thanks.text, signed], ['/read', 'Thank you, Ada!', ['Ada']])
    assert.equal((await visitor.reload()).text, '')
    assert.equal((await visitor.back()).value('name'), 'Ada')
    await assert.rejects(visitor.session(), /is not at hand/)
  })

  it('sends files', async () => {
    const { url } = await book()
    const page = await browser(url).open('/letters')
    const letter = new File(['Dear Bob'], 'letter.txt', { type: 'text/plain' })
    assert.equal((await page.fill({ letter }).submit('Send')).text, 'letter.txt: Dear Bob')
  })

  it('is told what an address is', () => {
    for (const address of ['127.0.0.1:3000', 'localhost', '', 'ftp://localhost', 'http://']) {
      assert.throws(() => browser(address), /takes an app, or an address as http:\/\/127\.0\.0\.1:3000, and not "/)
    }
    assert.throws(() => browser('http://127.0.0.1:3000', { origin: 'http://a.example' }), /leave the option out/)
  })

  it('is told when nobody listens there', async () => {
    const { url, stop } = await book()
    await stop()
    await assert.rejects(browser(url).open('/sign'), new RegExp(`^Error: GET ${url}/sign: .*ECONNREFUSED`))
  })
})

describe('a form that is shown again by a server', () => {
  it('posts to the address that it was posted to, however often', async () => {
    const { url } = await book()
    const visitor = browser(url)
    let page = await visitor.open('/sign')
    for (let times = 0; times < 3; times++) {
      page = await page.fill({ name: '' }).submit('Sign')
      assert.equal(page.status, 422)
      assert.match(page.html, /action="\/sign\?"/)
    }
  })
})
