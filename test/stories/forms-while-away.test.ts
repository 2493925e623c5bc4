import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import * as z from 'zod'
import { Dewar, form, html, memory, redirect, type Store } from '../../src/index.ts'
import { browser } from '../../src/testing.ts'
import { startStopwatch } from '../stopwatch.ts'
import { switchable } from '../store/failure.ts'

const secret = 'x8Vn2QeP4mZt7KcR1yWd9LbJ5hGs3fUa'

// /   <form method="post" action="/"><input name="sku"><button>Order</button></form>
function shopOn(store: Store) {
  const orders: string[] = []
  const app = new Dewar({ store, secret, env: 'production' })
  app.form('/', form(z.object({ sku: z.string().min(1) }), { button: 'Order' }), {
    view: ({ form }) => html`${form}`,
    submit: ({ data }) => {
      orders.push(data.sku)
      return redirect('/thanks')
    },
  })
  app.get('/thanks', () => 'Thanks')
  return { app, orders }
}

describe('a form that the first visitor of an app is shown', () => {
  test('is done when it is sent, though nobody has made the app ready', async () => {
    const { app, orders } = shopOn(memory())
    const page = await browser(app).open('/')
    const thanks = await page.fill({ sku: 'tea' }).submit('Order')
    assert.match(thanks.url, /\/thanks$/)
    assert.deepEqual(orders, ['tea'])
  })

  test('is shown while the store has never been there', async () => {
    const store = switchable(memory())
    store.isDown = true
    const page = await browser(shopOn(store).app).open('/')
    assert.equal(page.status, 200)
    assert.match(page.html, /name="sku"/)
  })

  test('while the store is away comes again with what was typed when it is back, and is done then', async () => {
    const store = switchable(memory())
    const { app, orders } = shopOn(store)
    store.isDown = true
    const page = await browser(app).open('/')
    store.isDown = false
    const again = await page.fill({ sku: 'tea' }).submit('Order')
    assert.equal(again.status, 422)
    assert.match(again.html, /Nothing was done yet/)
    assert.match(again.html, /value="tea"/)
    assert.deepEqual(orders, [])
    const thanks = await again.submit('Order')
    assert.match(thanks.url, /\/thanks$/)
    assert.deepEqual(orders, ['tea'])
  })

  test('does not wait for a store that others have waited for in vain, and is good as soon as it is there', async () => {
    const store = switchable(memory())
    const { app, orders } = shopOn(store)
    const prepare = store.prepare.bind(store)
    let asked = 0
    store.isDown = true
    store.prepare = async () => {
      asked += 1
      await pause(300) // as a store does that waits in vain for its server
      return prepare()
    }
    await Promise.all([1, 2, 3].map(() => browser(app).open('/')))
    assert.equal(asked, 1)
    const stop = startStopwatch()
    for (let visitor = 0; visitor < 5; visitor++) await browser(app).open('/')
    assert.ok(stop() < 200)
    assert.equal(asked, 2) // it is asked while they are answered
    store.isDown = false
    await pause(400)
    const page = await browser(app).open('/')
    await page.fill({ sku: 'tea' }).submit('Order')
    assert.deepEqual(orders, ['tea'])
  })
})
