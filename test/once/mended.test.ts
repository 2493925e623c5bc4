import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import * as z from 'zod'
import {
  Dewar,
  type DewarOptions,
  form,
  HttpError,
  html,
  memory,
  type OnceOptions,
  redirect,
  type Store,
} from '../../src/index.ts'
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

describe('a form whose handler failed', () => {
  const shop = () => {
    const { app, count, insert } = shopOnSqlite()
    const bank = { isAway: true }
    app.form('/order', order, {
      view: ({ form }) => html`${form}`,
      submit: ({ data, commit }) => {
        if (bank.isAway) throw new HttpError(503, 'The bank is away.')
        return commit((tx) => redirect(`/orders/${insert(tx, data)}`))
      },
    })
    const sendTwice = async (): Promise<[first: string | null, second: string | null, orders: number]> => {
      const shown = await show(app, '/order')
      const first = await quietly(() => send(app, '/order', shown))
      bank.isAway = false
      const second = await send(app, '/order', { ...shown, cookie: cookieOf(first, shown.cookie) })
      return [first.headers.get('location'), second.headers.get('location'), count()]
    }
    return { app, sendTwice }
  }

  it('is done when it is sent again, also where onError has led elsewhere', async () => {
    const { app, sendTwice } = shop()
    app.onError(() => redirect('/sorry', { flash: 'Please try again' }))
    assert.deepEqual(await sendTwice(), ['/sorry', '/orders/1', 1])
  })

  it('is done when it is sent again, also where a middleware has caught what was thrown', async () => {
    const { app, sendTwice } = shop()
    app.use(async (_given, next) => next().catch(() => redirect('/sorry')))
    assert.deepEqual(await sendTwice(), ['/sorry', '/orders/1', 1])
  })

  it('is done when it is sent again, also where a middleware has made a redirect of its refusal', async () => {
    const { app, count, insert } = shopOnSqlite()
    let isClosed = true
    app.use(async (_given, next) => {
      const answer = await next()
      return answer.status === 403 ? redirect('/closed') : answer
    })
    app.form('/order', order, {
      view: ({ form }) => html`${form}`,
      submit: ({ data, commit }) =>
        isClosed ? new Response('closed', { status: 403 }) : commit((tx) => redirect(`/orders/${insert(tx, data)}`)),
    })
    const shown = await show(app, '/order')
    assert.equal((await send(app, '/order', shown)).headers.get('location'), '/closed')
    isClosed = false
    assert.deepEqual([(await send(app, '/order', shown)).headers.get('location'), count()], ['/orders/1', 1])
  })

  it('is not said to be done by an answer that a middleware has thrown away', async () => {
    const app = new Dewar({ store: memory(), secret, env: 'production' })
    let isFull = true
    app.use(async (_given, next) => {
      const answer = await next()
      if (isFull && answer.status === 303) throw new Error('The log is full.')
      return answer
    })
    app.onError(() => redirect('/sorry'))
    app.get('/name', ({ session }) => session.all())
    app.form('/name-it', order, {
      view: ({ form }) => html`${form}`,
      submit: ({ data, session }) => {
        session.set('name', data.sku)
        return redirect('/name')
      },
    })
    const shown = await show(app as never, '/name-it')
    await quietly(() => send(app as never, '/name-it', shown))
    isFull = false
    const again = await send(app as never, '/name-it', shown)
    assert.equal(again.headers.get('location'), '/name')
    assert.equal(await (await page(app as never, '/name', cookieOf(again))).text(), '{"name":"tea"}')
  })
})

describe('a visitor whose session is over by a lifetime that was made shorter', () => {
  it('orders all the same, and has another session', async () => {
    const clock = { nowMilliseconds: Date.now(), now: () => clock.nowMilliseconds }
    const store = sqlite(':memory:')
    const release = (idleSeconds: number) => {
      const app = new Dewar({ store, secret, env: 'production', clock, lifetime: { idleSeconds } })
      app.post('/orders', ({ session, commit }) =>
        commit(() => {
          session.increment('orders')
          return redirect('/orders')
        }),
      )
      app.get('/orders', ({ session }) => session.all())
      const order = (cookie: string) => {
        const headers = { cookie, origin: 'http://localhost' }
        return app.fetch(new Request('http://localhost/orders', { method: 'POST', headers }))
      }
      return { app, order }
    }
    const before = cookieOf(await release(10_000).order(''))
    clock.nowMilliseconds += 5_000_000
    const { app, order } = release(1_000)
    const answer = await quietly(() => order(before))
    assert.equal(answer.status, 303)
    assert.equal(await (await page(app as never, '/orders', cookieOf(answer))).text(), '{"orders":1}')
  })
})

describe('a form that was claimed, and whose session could not be kept', () => {
  const note = form(z.object({ note: z.string().min(1) }))
  const notes = (options: DewarOptions<{ note?: string | undefined }, Store>) => {
    const app = new Dewar({ secret, env: 'production', session: z.object({ note: z.string().optional() }), ...options })
    app.get('/notes', ({ session }) => session.get('note') ?? 'nothing')
    app.form('/note', note, {
      view: ({ form }) => html`${form}`,
      submit: ({ data, session }) => {
        session.set('note', data.note)
        return redirect('/notes')
      },
    })
    return app
  }

  it('is done when it is corrected: what is too large for a cookie may be made shorter', async () => {
    const app = notes({})
    const shown = await show(app as never, '/note')
    const large = { note: Array.from({ length: 900 }, (_, at) => at).join() }
    const failed = await quietly(() => send(app as never, '/note', shown, large))
    assert.equal(failed.status, 500)
    const corrected = await send(app as never, '/note', shown, { note: 'short' })
    assert.equal(corrected.headers.get('location'), '/notes')
  })

  it('is done when it is corrected: what the schema of the session refuses may be written in another way', async () => {
    const app = notes({ store: memory(), session: z.object({ note: z.string().max(10).optional() }) })
    const shown = await show(app as never, '/note')
    const failed = await quietly(() => send(app as never, '/note', shown, { note: 'much too long' }))
    assert.equal(failed.status, 500)
    const corrected = await send(app as never, '/note', shown, { note: 'short' })
    assert.equal(corrected.headers.get('location'), '/notes')
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

describe('a redirect that a handler has made by hand, with a text for who cannot follow it', () => {
  it('leads who sends the form again to the same place', async () => {
    const { app, count, insert } = shopOnSqlite()
    app.form('/order', order, {
      view: ({ form }) => html`${form}`,
      submit: ({ data, commit }) =>
        commit((tx) => {
          const location = `/orders/${insert(tx, data)}`
          return new Response(`See ${location}`, { status: 303, headers: { location } })
        }),
    })
    const shown = await show(app, '/order')
    const answers = [await send(app, '/order', shown), await send(app, '/order', shown)]
    const led = answers.map(({ status, headers }) => [status, headers.get('location')])
    assert.deepEqual([...led, count()], [[303, '/orders/1'], [303, '/orders/1'], 1])
  })
})
