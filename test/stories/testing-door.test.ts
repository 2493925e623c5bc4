import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as z from 'zod'
import { Dewar, form, html, memory, redirect, shape } from '../../src/index.ts'
import { browser, testClock } from '../../src/testing.ts'
import { secret } from '../once/shop.ts'

type Visitor = { readonly name: string; readonly since: Date }

// <form method="post" action="/sign?"><label>Name <input name="name"></label><button>Sign</button></form>
const entry = form(z.object({ name: z.string().min(1) }), { button: 'Sign' })

function book(clock = testClock('2026-01-31T12:00Z')) {
  const app = new Dewar({ session: shape<Visitor>(), store: memory(), secret, clock, lifetime: { idleSeconds: 3600 } })
  const signed: string[] = []
  app.form('/sign', entry, {
    view: ({ form, session }) => html`<p>Hello ${session.get('name') ?? 'stranger'}</p>${form}`,
    async submit({ data, session }) {
      await new Promise((resolve) => setTimeout(resolve, 20))
      signed.push(data.name)
      session.set('name', data.name)
      session.set('since', new Date(clock.now()))
      return redirect('/read', { flash: `Thank you, ${data.name}!` })
    },
  })
  app.get('/read', ({ flashes }) => html`<p>${flashes.map(({ message }) => message)}</p>`)
  return { app, clock, signed }
}

describe('a visitor of a test', () => {
  it('has a session that can be looked at, and a message that still waits for its page', async () => {
    const { app, clock } = book()
    const visitor = browser(app)
    assert.equal(await visitor.session(), null)
    const page = await visitor.open('/sign')
    const thanks = await page.fill({ name: 'Ada' }).submit('Sign')
    assert.equal(thanks.text, 'Thank you, Ada!')
    const since = new Date(clock.now())
    assert.deepEqual(await visitor.session(), { user: null, data: { name: 'Ada', since }, flashes: [] })
    const waiting = browser({
      fetch: (request) => (new URL(request.url).pathname === '/read' ? gone() : app.fetch(request)),
    })
    await (await waiting.open('/sign')).fill({ name: 'Bob' }).submit()
    await assert.rejects(waiting.session(), /The app at http:\/\/localhost is not at hand: use browser\(app\)\./)
  })

  it('finds a message in the session that no page has shown, and looking takes nothing', async () => {
    const app = new Dewar({ secret })
    app.get('/', ({ flash }) => {
      flash('Later')
      return 'ok'
    })
    const visitor = browser(app)
    await visitor.open('/')
    const waiting = { user: null, data: {}, flashes: [{ message: 'Later', category: 'message', page: null }] }
    assert.deepEqual(await visitor.session(), waiting)
    assert.deepEqual(await visitor.session(), waiting)
  })

  it('clicks twice, and signs once: the second answer is shown, and the session is there', async () => {
    const { app, signed } = book()
    const visitor = browser(app)
    const page = await visitor.open('/sign')
    const thanks = await page.fill({ name: 'Ada' }).doubleClick('Sign')
    assert.deepEqual([thanks.url, thanks.text, signed], ['/read', 'Thank you, Ada!', ['Ada']])
    assert.equal((await visitor.session())?.data.name, 'Ada')
    assert.equal((await visitor.back()).value('name'), 'Ada')
  })

  it('finds out by a double click what is done twice', async () => {
    const app = new Dewar({ secret })
    let orders = 0
    app.form('/order', entry, {
      once: false,
      view: ({ form }) => html`${form}`,
      submit: () => {
        orders += 1
        return redirect('/order')
      },
    })
    const page = await browser(app).open('/order')
    await page.form().fill({ name: 'Ada' }).doubleClick()
    assert.equal(orders, 2)
  })

  it('has two tabs with the same cookies, each with a history of its own', async () => {
    const { app } = book()
    const visitor = browser(app)
    const [one, other] = [await visitor.open('/sign'), visitor.tab()]
    await one.fill({ name: 'Ada' }).submit()
    assert.equal((await other.open('/sign')).text.startsWith('Hello Ada'), true)
    await assert.rejects(other.back(), /There is no page before this one/)
    assert.deepEqual(other.cookies.names, visitor.cookies.names)
    assert.equal((await visitor.back()).url, '/sign')
  })

  it('is forgotten when the clock has moved on far enough', async () => {
    const { app, clock } = book()
    const visitor = browser(app, { now: clock.now })
    await (await visitor.open('/sign')).fill({ name: 'Ada' }).submit()
    clock.forward({ minutes: 59, seconds: 59 })
    assert.equal((await visitor.session())?.data.name, 'Ada')
    clock.forward({ hours: 1 })
    assert.equal(await visitor.session(), null)
    assert.deepEqual(visitor.cookies.names, [])
  })
})

describe('a clock of a test', () => {
  it('stands until it is moved', () => {
    const clock = testClock('2026-01-31T12:00Z')
    clock.forward({ days: 1, hours: 2, minutes: 3, seconds: 4, milliseconds: 5 })
    assert.equal(new Date(clock.now()).toISOString(), '2026-02-01T14:03:04.005Z')
  })

  it('refuses what is no time, what it does not know, and to go back', () => {
    assert.throws(() => testClock('soon'), /"soon" is no time: say '2026-01-31T12:00Z'\./)
    const clock = testClock()
    assert.throws(() => clock.forward({ minute: 5 } as object), /A clock knows days, hours, .* and not "minute"\./)
    for (const by of [{}, { hours: -1 }, { hours: 0 }]) assert.throws(() => clock.forward(by), /A clock moves forward/)
  })
})

function gone(): Response {
  return new Response('gone', { status: 410 })
}
