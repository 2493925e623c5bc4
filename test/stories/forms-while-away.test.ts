import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as z from 'zod'
import { Dewar, form, html, memory, redirect, type Store } from '../../src/index.ts'
import { browser } from '../../src/testing.ts'
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
  test('is shown while the store has never been there', async () => {
    const store = switchable(memory())
    store.isDown = true
    const page = await browser(shopOn(store).app).open('/')
    assert.equal(page.status, 200)
    assert.match(page.html, /name="sku"/)
  })
})
