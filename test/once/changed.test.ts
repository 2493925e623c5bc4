import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Answer, Dewar, html, memory, type OnceSetting, redirect } from '../../src/index.ts'
import { browser } from '../../src/testing.ts'
import { cookieOf, order, secret, send, shopOnSqlite, show, tokenIn } from './shop.ts'

/** A shop whose orders are counted, with a rule of its own for what is sent again. */
function shop(once: OnceSetting<object>) {
  const { app, count, insert } = shopOnSqlite()
  app.form('/order', order, {
    once,
    view: ({ form }) => html`${form}`,
    submit: ({ data, commit }) => commit((tx) => redirect(`/orders/${insert(tx, data)}`)),
  })
  return { app, count }
}

describe('something else that is sent with a form that was submitted', () => {
  const again = async (once: OnceSetting<object>) => {
    const { app, count } = shop(once)
    const shown = await show(app, '/order')
    await send(app, '/order', shown)
    const answer = await send(app, '/order', shown, { sku: 'cake', qty: '2' })
    return { app, count, shown, answer, text: await answer.text() }
  }

  it('is asked about', async () => {
    const { answer, text, count } = await again(true)
    assert.deepEqual([answer.status, count()], [422, 1])
    assert.match(text, /<a href="\/orders\/1">/)
    assert.match(text, /name="sku"[^>]*value="cake"/)
  })

  it('is done, once each, where the route says accept', async () => {
    const { app, answer, count, shown } = await again({ changed: 'accept' })
    assert.deepEqual([answer.status, answer.headers.get('location'), count()], [303, '/orders/2', 2])
    const repeat = await send(app, '/order', shown, { sku: 'cake', qty: '2' })
    const first = await send(app, '/order', shown)
    assert.deepEqual(
      [repeat, first].map(({ headers }) => headers.get('location')),
      ['/orders/2', '/orders/1'],
    )
    assert.equal(count(), 2)
  })

  it('gets the first answer where the route says replay, and 422 where it says reject', async () => {
    const replayed = await again({ changed: 'replay' })
    assert.deepEqual([replayed.answer.headers.get('location'), replayed.count()], ['/orders/1', 1])
    const rejected = await again({ changed: 'reject' })
    assert.deepEqual([rejected.answer.status, rejected.count()], [422, 1])
  })

  it('is told with what is invalid in it', async () => {
    const { app, shown } = await again(true)
    const text = await (await send(app, '/order', shown, { sku: 'cake', qty: '20' })).text()
    assert.match(text, /This form was sent before/)
    assert.match(text, /name="qty"[^>]*aria-invalid="true"/)
  })
})

describe('a form in two tabs', () => {
  const twoTabs = async (once: OnceSetting<object>, paths = ['/order', '/order']) => {
    const { app, count } = shop(once)
    const [first = '', second = ''] = paths
    const one = await show(app, first)
    const other = await show(app, second, one.cookie)
    const answers = [await send(app, first, one), await send(app, second, other)]
    return { count: count(), answers: answers.map(({ status }) => status) }
  }

  it('is two submissions', async () => assert.deepEqual(await twoTabs(true), { count: 2, answers: [303, 303] }))

  it('is one where all showings at one address are one, and two at two addresses', async () => {
    assert.equal((await twoTabs({ instance: 'url' })).count, 1)
    assert.equal((await twoTabs({ instance: 'url' }, ['/order?of=1', '/order?of=2'])).count, 2)
  })

  it('is one as long as what it is about is the same', async () => {
    let version = 1
    assert.equal((await twoTabs({ intent: () => ['cart', version] })).count, 1)
    assert.equal((await twoTabs({ intent: () => ['cart', version++] })).count, 2)
  })

  it('can be sent again when it is meant, though it is about the same', async () => {
    const { app, count } = shop({ intent: () => ['cart'] })
    const shown = await show(app, '/order')
    await send(app, '/order', shown)
    const asked = await send(app, '/order', shown, { sku: 'cake', qty: '1' })
    const meant = await send(app, '/order', { ...shown, token: tokenIn(await asked.text()) }, { sku: 'cake', qty: '1' })
    assert.deepEqual([meant.status, count()], [303, 2])
  })
})

describe('with sessions in cookies', () => {
  function guestbook() {
    const app = new Dewar({ secret, env: 'production' })
    const written: string[] = []
    app.form('/write', order, {
      view: ({ form }) => html`${form}`,
      submit: ({ data, session }) => {
        written.push(data.sku)
        session.set('wrote', data.sku)
        return redirect('/read')
      },
    })
    app.get('/read', ({ session }) => html`<p>${session.get('wrote') as string}</p>`)
    return { app, written }
  }

  it('a double click is done once, and both answers bring the same session', async () => {
    const { app, written } = guestbook()
    const shown = await show(app, '/write')
    const answers = await Promise.all([1, 2, 3].map(() => send(app, '/write', shown)))
    assert.deepEqual(
      answers.map(({ status }) => status),
      [303, 303, 303],
    )
    assert.equal(new Set(answers.map((answer) => cookieOf(answer))).size, 1)
    assert.deepEqual(written, ['tea'])
  })

  it('a repeat after the session went on leaves it as it is', async () => {
    const { app, written } = guestbook()
    const shown = await show(app, '/write')
    const first = await send(app, '/write', shown)
    const next = await send(app, '/write', await show(app, '/write', cookieOf(first)), { sku: 'cake', qty: '1' })
    const repeat = await send(app, '/write', { ...shown, cookie: cookieOf(next) })
    assert.deepEqual([repeat.status, repeat.headers.getSetCookie()], [303, []])
    assert.deepEqual(written, ['tea', 'cake'])
  })

  it('a person clicks twice, goes back, and finds what they did once', async () => {
    const { app, written } = guestbook()
    const visitor = browser(app)
    const page = (await visitor.open('/write')).fill({ sku: 'tea', qty: '1' })
    const [one, other] = await Promise.all([page.submit('Order'), page.submit('Order')])
    assert.deepEqual([one.url, other.url, one.text], ['/read', '/read', 'tea'])
    assert.equal((await (await visitor.back()).submit('Order')).url, '/read')
    assert.deepEqual(written, ['tea'])
  })
})

describe('what a submission answers with', () => {
  const answering = async (answer: () => Answer) => {
    const app = new Dewar({ store: memory(), secret, env: 'production' })
    let times = 0
    app.post(
      '/do',
      order,
      () => {
        times += 1
        return answer()
      },
      { once: true },
    )
    app.get('/form', ({ formFor }) => html`${formFor(order, '/do')}`)
    const shown = await show(app, '/form')
    const answers = [await send(app, '/do', shown), await send(app, '/do', shown)]
    const texts = await Promise.all(answers.map((each) => each.text()))
    return { times, texts, types: answers.map(({ headers }) => headers.get('content-type')), answers }
  }

  it('is kept and given again, page, text or JSON', async () => {
    for (const answer of [html`<p>Done</p>`, 'done', { done: true }, new Response(null, { status: 201 })]) {
      const { times, texts, types, answers } = await answering(() =>
        answer instanceof Response ? answer.clone() : answer,
      )
      assert.equal(times, 1)
      assert.equal(texts[0], texts[1])
      assert.deepEqual([types[0], answers[0]?.status], [types[1], answers[1]?.status])
    }
  })

  it('is said to be done when it was too long to keep, or a stream', async () => {
    for (const answer of [() => 'x'.repeat(65 * 1024), () => new Response('streamed')]) {
      const { times, texts } = await answering(answer)
      assert.equal(times, 1)
      assert.match(texts[1] ?? '', /This was done already/)
    }
  })
})

describe('a program, which has neither a cookie nor an origin', () => {
  it('does what it says each time it says so', async () => {
    const { app, count } = shop(true)
    for (let sent = 0; sent < 2; sent++) {
      const body = new URLSearchParams({ sku: 'tea', qty: '1' })
      assert.equal((await app.fetch(new Request('http://localhost/order', { method: 'POST', body }))).status, 303)
    }
    assert.equal(count(), 2)
  })
})
