import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Dewar, HttpError, html, memory, redirect } from '../../src/index.ts'
import { quietly } from '../stories/quietly.ts'
import { cookieOf, order, secret, send, shopOnSqlite, show } from './shop.ts'

// /order   <form method="post" action="/order"><input type="hidden" name="_token" value="…">
//          <input name="sku"><input name="qty"><button>Order</button></form>
describe('what is committed with an order', () => {
  it('is the order, the session and the submission: all of it, or nothing', async () => {
    const { app, count, insert } = shopOnSqlite()
    let fails = true
    app.form('/order', order, {
      view: ({ form }) => html`${form}`,
      submit: ({ data, session, commit }) =>
        commit((tx) => {
          const number = insert(tx, data)
          session.push('recent', number)
          if (fails) throw new Error('after the effect')
          return redirect(`/orders/${number}`, { flash: 'Ordered' })
        }),
    })
    app.get('/recent', ({ session }) => ({ recent: session.get('recent') ?? [] }))
    const shown = await show(app, '/order')
    const failed = await quietly(() => send(app, '/order', shown))
    assert.deepEqual([failed.status, count(), await app.sessions.count()], [500, 0, 0])
    fails = false
    const done = await send(app, '/order', shown)
    assert.deepEqual([done.status, count()], [303, 1])
    const cookie = cookieOf(done)
    const page = async (path: string) =>
      (await app.fetch(new Request(`http://localhost${path}`, { headers: { cookie } }))).text()
    assert.equal(await page('/recent'), '{"recent":[1]}')
    assert.equal(await page('/orders/1'), '<p>Order 1</p>Ordered')
    assert.equal(await page('/orders/1'), '<p>Order 1</p>')
  })

  it('is nothing when the work says that something is invalid, or answers 4xx: the form is free for another try', async () => {
    const { app, count, insert } = shopOnSqlite()
    app.form('/order', order, {
      view: ({ form }) => html`${form}`,
      submit: ({ data, commit, invalid }) =>
        commit((tx) => {
          insert(tx, data)
          if (data.sku === 'gone') return invalid({ sku: 'is sold out' })
          if (data.sku === 'odd') return new Response('No.', { status: 409 })
          return redirect('/')
        }),
    })
    const shown = await show(app, '/order')
    const invalid = await send(app, '/order', shown, { sku: 'gone', qty: '1' })
    assert.deepEqual([invalid.status, count()], [422, 0])
    assert.match(await invalid.text(), /is sold out/)
    const refused = await quietly(() => send(app, '/order', shown, { sku: 'odd', qty: '1' }))
    assert.equal(count(), 0)
    assert.notEqual(refused.status, 303)
    assert.deepEqual([(await send(app, '/order', shown)).status, count()], [303, 1])
  })

  it('stays, with its answer, whatever the handler does afterwards', async () => {
    const { app, count, insert } = shopOnSqlite()
    let then: () => unknown = () => {}
    app.post(
      '/order',
      order,
      async ({ data, commit }) => {
        await commit((tx) => redirect(`/orders/${insert(tx, data)}`))
        then()
        return 'another answer'
      },
      { once: true },
    )
    app.get('/form', ({ formFor }) => html`${formFor(order, '/order')}`)
    const first = await send(app, '/order', await show(app, '/form'))
    assert.deepEqual([first.status, first.headers.get('location')], [303, '/orders/1'])
    then = () => {
      throw new HttpError(500)
    }
    const second = await quietly(async () => send(app, '/order', await show(app, '/form')))
    assert.deepEqual([second.status, second.headers.get('location'), count()], [303, '/orders/2', 2])
  })

  it('stays, with its answer, in a handler that does not wait for it', async () => {
    for (const afterwards of [() => undefined, () => 'something else', () => assert.fail('afterwards')]) {
      const { app, count, insert } = shopOnSqlite()
      app.get('/order', ({ hidden }) => html`<form method="post" action="/order">${hidden('/order')}</form>`)
      app.post(
        '/order',
        order,
        ({ data, commit }) => {
          void commit((tx) => redirect(`/orders/${insert(tx, data)}`))
          return afterwards() as string
        },
        { once: true },
      )
      const shown = await show(app, '/order')
      for (let time = 1; time <= 2; time++) {
        const answer = await quietly(() => send(app, '/order', shown))
        assert.deepEqual([answer.status, answer.headers.get('location'), count()], [303, '/orders/1', 1])
      }
    }
  })

  it('that fails, fails the request, also in a handler that does not wait for it', async () => {
    const { app, count, insert } = shopOnSqlite()
    app.form('/order', order, {
      view: ({ form }) => html`${form}`,
      submit: ({ data, commit }) => {
        void commit((tx) => {
          insert(tx, data)
          throw new Error('in the middle')
        })
        return redirect('/orders/1')
      },
    })
    const shown = await show(app, '/order')
    const answer = await quietly(() => send(app, '/order', shown))
    assert.deepEqual([answer.status, count()], [500, 0])
  })

  it('is committed once in a handler: a second commit is an error, and what the first did stays', async () => {
    const { app, count, insert } = shopOnSqlite()
    app.post(
      '/order',
      order,
      async ({ data, commit }) => {
        await commit((tx) => redirect(`/orders/${insert(tx, data)}`))
        return commit((tx) => redirect(`/orders/${insert(tx, data)}`))
      },
      { once: true },
    )
    app.get('/form', ({ formFor }) => html`${formFor(order, '/order')}`)
    const answer = await quietly(async () => send(app, '/order', await show(app, '/form')))
    assert.deepEqual([answer.status, answer.headers.get('location'), count()], [303, '/orders/1', 1])
  })

  it('changes the session no more: a later write is an error, not a lost one', async () => {
    const { app, insert } = shopOnSqlite()
    let late: unknown
    app.post('/order', order, async ({ data, session, commit }) => {
      const answer = await commit((tx) => redirect(`/orders/${insert(tx, data)}`))
      try {
        session.set('late', true)
      } catch (error) {
        late = error
      }
      return answer
    })
    await send(app, '/order', { token: '', cookie: '' })
    assert.equal((late as { code?: string }).code, 'app/answer-left')
  })

  it('works without a token too, each time it is sent, for a route that is not done once', async () => {
    const { app, count, insert } = shopOnSqlite()
    app.post('/order', order, ({ data, session, commit }) =>
      commit((tx) => {
        session.push('recent', insert(tx, data))
        return redirect('/')
      }),
    )
    const first = await send(app, '/order', { token: '', cookie: '' })
    await send(app, '/order', { token: '', cookie: cookieOf(first) })
    assert.deepEqual([count(), await app.sessions.count()], [2, 1])
  })

  it('needs a store with transactions, and says so', async () => {
    const app = new Dewar({ store: memory(), secret, env: 'development' })
    app.post('/order', (given) =>
      (given as unknown as { commit(work: () => string): Promise<string> }).commit(() => 'x'),
    )
    const answer = await quietly(() => send(app, '/order', { token: '', cookie: '' }))
    assert.equal(answer.status, 500)
    assert.match(await answer.text(), /once\/no-transaction/)
  })

  it('is synchronous on SQLite: a promise is refused, and nothing of it is kept', async () => {
    const { app, count, insert } = shopOnSqlite()
    // @ts-expect-error that it is synchronous
    app.post('/order', order, ({ data, commit }) => commit(async (tx) => redirect(`/orders/${insert(tx, data)}`)))
    const answer = await quietly(() => send(app, '/order', { token: '', cookie: '' }))
    assert.deepEqual([answer.status, count()], [500, 0])
  })
})
