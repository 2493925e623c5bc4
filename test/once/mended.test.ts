import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { Dewar, HttpError, html, memory, type OnceOptions, redirect, type Store } from '../../src/index.ts'
import { sqlite } from '../../src/sqlite.ts'
import { quietly } from '../stories/quietly.ts'
import { cookieOf, order, secret, send, shopOnSqlite, show } from './shop.ts'

// Each of these was found by the models of test/once, or by reading them beside the code, and failed before it was mended.

/** Payments that are claimed; `before` is waited for. */
function till(store: Store, { clock = { now: () => Date.now() }, once = {} as OnceOptions } = {}) {
  const desk = { paid: [] as string[], before: async (): Promise<void> => {} }
  const app = new Dewar({ store, secret, env: 'production', clock })
  app.form('/pay', order, {
    once: { mode: 'guard', ...once },
    view: ({ form }) => html`${form}`,
    submit: async ({ data, once }) => {
      await desk.before()
      once.external()
      desk.paid.push(data.sku)
      return redirect(`/paid/${data.sku}`)
    },
  })
  return { app, desk }
}

async function page(app: Dewar, path: string, cookie: string): Promise<Response> {
  return app.fetch(new Request(`http://localhost${path}`, { headers: { cookie } }))
}

describe('who has waited for long', { concurrency: true }, () => {
  const waitFor = async (once: OnceOptions, fields: Record<string, string>) => {
    const store = memory()
    const [one, other] = [till(store, { once }), till(store, { once })]
    let release = (): void => {}
    one.desk.before = () => new Promise((resolve) => (release = resolve))
    const shown = await show(one.app, '/pay')
    const first = send(one.app, '/pay', shown)
    await pause(50)
    const waiting = (await send(other.app, '/pay', shown, fields)).headers.get('location') ?? ''
    const meanwhile = await (await page(other.app, waiting, shown.cookie)).text()
    release()
    await first
    return { meanwhile, ended: await page(other.app, waiting, shown.cookie), paid: one.desk.paid }
  }

  it('with something else is not sent to what the other one led to', async () => {
    const { meanwhile, ended, paid } = await waitFor({}, { sku: 'coffee', qty: '1' })
    assert.match(meanwhile, /Still working/)
    assert.equal(ended.status, 200)
    assert.match(await ended.text(), /This was not done[\s\S]*href="\/paid\/tea"/)
    assert.deepEqual(paid, ['tea'])
  })

  it('for one of several texts that are done once each is sent to where that one led', async () => {
    const { meanwhile, ended } = await waitFor({ changed: 'accept' }, { sku: 'tea', qty: '1' })
    assert.match(meanwhile, /Still working/)
    assert.deepEqual([ended.status, ended.headers.get('location')], [303, '/paid/tea'])
  })
})

describe('a claim', () => {
  it('counts from when it is made, not from when its request came', async () => {
    const clock = { nowMilliseconds: Date.now(), now: () => clock.nowMilliseconds }
    const store = memory()
    const [one, other] = [till(store, { clock }), till(store, { clock })]
    const gates: { ok(): void; no(error: unknown): void }[] = []
    one.desk.before = () => new Promise((ok, no) => gates.push({ ok, no }))
    const shown = await show(one.app, '/pay')
    const first = quietly(() => send(one.app, '/pay', shown))
    const second = send(one.app, '/pay', shown) // in the same process: it has its turn when the first one has failed
    while (gates.length < 1) await pause(5)
    clock.nowMilliseconds += 25_000
    gates[0]?.no(new HttpError(503, 'The bank is away.'))
    await first
    while (gates.length < 2) await pause(5)
    clock.nowMilliseconds += 6_000
    const third = send(other.app, '/pay', shown) // the second one is at it for six seconds
    await pause(100)
    gates[1]?.ok()
    assert.deepEqual([(await second).status, (await third).status], [303, 303])
    assert.deepEqual([one.desk.paid, other.desk.paid], [['tea'], []])
  })
})

describe('a form that is about the same as another one', () => {
  it('is not done again as long as one of them can be sent that was shown before', async () => {
    const clock = { nowMilliseconds: Date.now(), now: () => clock.nowMilliseconds }
    const { app, count, insert } = shopOnSqlite({ clock })
    app.form('/order', order, {
      once: { intent: () => ['cart', 7] },
      view: ({ form }) => html`${form}`,
      submit: ({ data, commit }) => commit((tx) => redirect(`/orders/${insert(tx, data)}`)),
    })
    const hour = 60 * 60 * 1000
    const first = await show(app, '/order')
    clock.nowMilliseconds += 12 * hour
    const second = await show(app, '/order', first.cookie)
    clock.nowMilliseconds += 11 * hour
    await send(app, '/order', first)
    clock.nowMilliseconds += 2 * hour
    const later = await send(app, '/order', second)
    assert.deepEqual([later.status, later.headers.get('location'), count()], [303, '/orders/1', 1])
  })
})

describe('a session that ends and begins anew with an order', () => {
  it('does both in the transaction of the order', async () => {
    const database = new DatabaseSync(':memory:')
    const store = sqlite(database)
    const app = new Dewar({ store, secret, env: 'production' })
    app.form('/order', order, {
      view: ({ form }) => html`${form}`,
      submit: ({ session, commit }) =>
        commit(() => {
          session.clear()
          session.set('last', 1)
          return redirect('/orders/1', { flash: 'Ordered' })
        }),
    })
    app.get('/begin', ({ session }) => {
      session.set('before', true)
      return 'begun'
    })
    app.get('/session', ({ session }) => session.all())
    const begun = await app.fetch(new Request('http://localhost/begin'))
    const shown = await show(app, '/order', cookieOf(begun))
    store.commit = () => assert.fail('nothing is written beside the transaction')
    const answer = await send(app, '/order', shown)
    assert.equal(answer.status, 303)
    assert.equal(await (await page(app as never, '/session', cookieOf(answer))).text(), '{"last":1}')
    assert.equal(await (await page(app as never, '/session', cookieOf(begun))).text(), '{}')
  })
})

describe('a login wall around a form', () => {
  it('answers in place of it, and is not what the form is said to have led to', async () => {
    const { app, count, insert } = shopOnSqlite()
    let isOpen = false
    app.use(async ({ request }, next) => (isOpen || request.method === 'GET' ? next() : redirect('/sign-in')))
    app.form('/order', order, {
      view: ({ form }) => html`${form}`,
      submit: ({ data, commit }) => commit((tx) => redirect(`/orders/${insert(tx, data)}`)),
    })
    const shown = await show(app, '/order')
    assert.equal((await send(app, '/order', shown)).headers.get('location'), '/sign-in')
    isOpen = true
    assert.equal((await send(app, '/order', shown)).headers.get('location'), '/orders/1')
    assert.equal(count(), 1)
  })
})

describe('a middleware that answers 503 when a handler takes too long', () => {
  it('does not free its claim while it is at it: whoever sends it again does not pay twice', async () => {
    const { app, desk } = till(memory())
    let release = (): void => {}
    desk.before = () => new Promise((resolve) => (release = resolve))
    app.use(async (_given, next) => Promise.race([next(), pause(100, new Response('slow', { status: 503 }))]))
    const shown = await show(app, '/pay')
    assert.equal((await send(app, '/pay', shown)).status, 503)
    const again = send(app, '/pay', shown)
    await pause(50)
    release()
    assert.match((await again).headers.get('location') ?? '', /^\/_dewar\/submission/)
    assert.deepEqual(desk.paid, ['tea'])
  })
})
