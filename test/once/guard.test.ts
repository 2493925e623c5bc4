import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { Dewar, HttpError, html, memory, type OnceOptions, redirect, type Store } from '../../src/index.ts'
import { quietly } from '../stories/quietly.ts'
import { cookieOf, order, secret, send, show, tokenIn } from './shop.ts'

/** Payments to somebody else's service, which no store can undo. Several apps on one store are processes, as it were. */
function till(store: Store, once: OnceOptions = {}, clock = { now: () => Date.now() }) {
  const app = new Dewar({ store, secret, env: 'production', clock })
  const paid: string[] = []
  let work = async (): Promise<void> => {}
  app.form('/pay', order, {
    once: { mode: 'guard', ...once },
    view: ({ form }) => html`${form}`,
    submit: async ({ data, once, session }) => {
      await work()
      once.external()
      paid.push(once.key)
      await after()
      session.set('paid', data.sku)
      return redirect('/paid', { flash: 'Paid' })
    },
  })
  app.get('/paid', ({ flashes }) => html`<p>${flashes.map(({ message }) => message)}</p>`)
  let after = async (): Promise<void> => {}
  return {
    app,
    paid,
    before: (next: () => Promise<void>) => (work = next),
    after: (next: () => Promise<void>) => (after = next),
  }
}

function fails(): Promise<void> {
  throw new HttpError(503, 'The bank is away.')
}

async function forget(store: Store, key: string): Promise<void> {
  const asked = { family: '', nowSeconds: Math.floor(Date.now() / 1000) }
  const { once } = await store.begin({ ...asked, once: { key } })
  await store.commit({ ...asked, once: { kind: 'release', key, owner: once?.owner ?? '' } })
}

async function page(app: Dewar, path: string, cookie: string): Promise<Response> {
  return app.fetch(new Request(`http://localhost${path}`, { headers: { cookie } }))
}

describe('a payment that is claimed before it is made', () => {
  it('is made by one of two processes, and the other one waits for its answer', async () => {
    const store = memory()
    const [one, other] = [till(store), till(store)]
    one.before(() => pause(120))
    other.before(() => pause(120))
    const shown = await show(one.app, '/pay')
    const answers = await Promise.all([one, other, one, other].map(({ app }) => send(app, '/pay', shown)))
    assert.deepEqual(
      answers.map(({ status, headers }) => `${status} ${headers.get('location')}`),
      Array.from({ length: 4 }, () => '303 /paid'),
    )
    assert.equal(one.paid.length + other.paid.length, 1)
  })

  it('that fails before it is made may be tried again at once, with the same key', async () => {
    const { app, paid, before } = till(memory())
    before(fails)
    const shown = await show(app, '/pay')
    assert.equal((await quietly(() => send(app, '/pay', shown))).status, 503)
    before(async () => {})
    assert.deepEqual([(await send(app, '/pay', shown)).status, paid.length], [303, 1])
    assert.match(paid[0] ?? '', /^[\w-]{22}$/)
  })

  it('that fails after it may have been made is not tried again by itself: the person is asked, and may mean it', async () => {
    const clock = { nowMilliseconds: Date.now(), now: () => clock.nowMilliseconds }
    const { app, paid, after } = till(memory(), {}, clock)
    after(fails)
    const shown = await show(app, '/pay')
    assert.equal((await quietly(() => send(app, '/pay', shown))).status, 503)
    clock.nowMilliseconds += 31_000
    after(async () => {})
    const asked = await send(app, '/pay', shown)
    const text = await asked.text()
    assert.equal(asked.status, 422)
    assert.match(text, /We cannot tell whether this was done/)
    assert.match(text, /name="sku"[^>]*value="tea"/)
    assert.equal(paid.length, 1)
    const meant = await send(app, '/pay', { ...shown, token: tokenIn(text) })
    assert.deepEqual([meant.status, paid.length, new Set(paid).size], [303, 2, 2])
  })

  it('is made again after a crash, with the same key, where the route says so', async () => {
    const clock = { nowMilliseconds: Date.now(), now: () => clock.nowMilliseconds }
    const { app, paid, after } = till(memory(), { onCrash: 'rerun' }, clock)
    after(fails)
    const shown = await show(app, '/pay')
    await quietly(() => send(app, '/pay', shown))
    clock.nowMilliseconds += 31_000
    after(async () => {})
    assert.equal((await send(app, '/pay', shown)).status, 303)
    assert.equal((await send(app, '/pay', shown)).status, 303)
    assert.deepEqual([paid.length, new Set(paid).size], [2, 1])
  })

  it('that was begun and is refused when it is made again may still be tried with the same, and with nothing else', async () => {
    const clock = { nowMilliseconds: Date.now(), now: () => clock.nowMilliseconds }
    const { app, paid, before, after } = till(memory(), { onCrash: 'rerun' }, clock)
    after(fails)
    const shown = await show(app, '/pay')
    await quietly(() => send(app, '/pay', shown))
    clock.nowMilliseconds += 31_000
    before(async () => {
      throw new HttpError(409, 'The till is closed.')
    })
    assert.equal((await send(app, '/pay', shown)).status, 409)
    before(async () => {})
    after(async () => {})
    const edited = await send(app, '/pay', shown, { sku: 'cake', qty: '1' })
    assert.equal(edited.status, 422)
    assert.match(await edited.text(), /We cannot tell whether this was done/)
    assert.equal(paid.length, 1)
    assert.equal((await send(app, '/pay', shown)).status, 303)
    assert.deepEqual([paid.length, new Set(paid).size], [2, 1])
  })

  it('whose record gets lost while it is made is not made again by itself', async () => {
    const clock = { nowMilliseconds: Date.now(), now: () => clock.nowMilliseconds }
    const store = memory()
    const { app, paid, after } = till(store, {}, clock)
    after(() => forget(store, paid[0] ?? ''))
    const shown = await show(app, '/pay')
    const asked = await send(app, '/pay', shown)
    assert.equal(asked.status, 422)
    assert.match(await asked.text(), /We cannot tell whether this was done/)
    clock.nowMilliseconds += 31_000
    assert.equal((await send(app, '/pay', shown)).status, 422)
    assert.equal(paid.length, 1)
  })

  it('goes on when its client leaves', async () => {
    const { app, paid, before } = till(memory())
    const left = new AbortController()
    before(async () => left.abort())
    const shown = await show(app, '/pay')
    const headers = { cookie: shown.cookie, 'sec-fetch-site': 'same-origin' }
    const body = new URLSearchParams({ sku: 'tea', qty: '1', _token: shown.token })
    const request = new Request('http://localhost/pay', { method: 'POST', body, headers, signal: left.signal })
    await app.fetch(request)
    assert.equal(paid.length, 1)
  })

  it('that takes long sends who waits to a page that goes on waiting, and that ends where the payment led', async () => {
    const store = memory()
    const [one, other] = [till(store), till(store)]
    let release = (): void => {}
    one.before(() => new Promise((resolve) => (release = resolve)))
    const shown = await show(one.app, '/pay')
    const first = send(one.app, '/pay', shown)
    await pause(50)
    const waiter = await send(other.app, '/pay', shown)
    const status = waiter.headers.get('location') ?? ''
    assert.equal(waiter.status, 303)
    assert.match(status, /^\/_dewar\/submission\?/)
    const waiting = await page(other.app, status, shown.cookie)
    assert.deepEqual([waiting.status, waiting.headers.get('refresh')], [200, '1'])
    assert.match(await waiting.text(), /Still working/)
    const stranger = await show(other.app, '/pay')
    assert.match(await (await page(other.app, status, stranger.cookie)).text(), /We cannot tell whether this was done/)
    release()
    const cookie = cookieOf(await first, shown.cookie)
    const ended = await page(other.app, status, cookie)
    assert.deepEqual([ended.status, ended.headers.get('location')], [303, '/paid'])
    assert.match(await (await page(other.app, '/paid', cookie)).text(), /Paid/)
  })
})
