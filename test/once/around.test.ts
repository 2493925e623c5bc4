import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as z from 'zod'
import { Dewar, type DewarOptions, form, HttpError, html, memory, redirect, type Store } from '../../src/index.ts'
import { sqlite } from '../../src/sqlite.ts'
import { browser } from '../../src/testing.ts'
import { quietly } from '../stories/quietly.ts'
import { cookieOf, order, secret, send, shopOnSqlite, show } from './shop.ts'

// Each of these was found by doing what apps and their visitors do around a form, and failed before it was mended.

async function page(app: Dewar, path: string, cookie: string): Promise<Response> {
  return app.fetch(new Request(`http://localhost${path}`, { headers: { cookie } }))
}

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

describe('a person who logs in, logs out, and goes back to log in again', () => {
  const person = form(z.object({ name: z.string() }))
  for (const [where, store] of [
    ['in the cookie', undefined],
    ['in memory', memory()],
    ['in SQLite', sqlite(':memory:')],
  ] as const) {
    it(`is not told that they are signed in when they are not: with the session ${where}`, async () => {
      const app = new Dewar<Record<string, unknown>, Store | undefined>({ secret, env: 'production', store })
      app.form('/login', person, {
        view: ({ form }) => html`${form}`,
        submit: ({ data, session }) => {
          session.login(data.name)
          return redirect('/me')
        },
      })
      app.get(
        '/me',
        ({ session, hidden }) => html`<p>${session.user ?? 'nobody'}</p>
          <form method="post" action="/logout">${hidden('/logout')}<button>Log out</button></form>`,
      )
      app.post('/logout', ({ session }) => {
        session.logout()
        return redirect('/me', { flash: 'You are logged out.' })
      })
      const visitor = browser(app)
      const me = await (await visitor.open('/login')).fill({ name: 'Ann' }).submit('Send')
      await me.submit('Log out')
      await visitor.back()
      const login = await visitor.back()
      const again = await login.fill({ name: 'Ann' }).submit('Send')
      assert.equal(again.status, 422)
      assert.match(again.text, /you have signed in or out since. Please send it again/)
      const signedIn = await again.submit('Send')
      assert.deepEqual([signedIn.url, signedIn.text], ['/me', 'Ann Log out'])
    })
  }
})
