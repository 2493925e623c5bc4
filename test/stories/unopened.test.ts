import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Dewar, html, memory, redirect } from '../../src/index.ts'
import { browser } from '../../src/testing.ts'

function shop(): Dewar {
  const app = new Dewar({ store: memory() }) as unknown as Dewar
  app.get('/leave', () => redirect('/old', { flash: 'Moved' }))
  app.get('/old', () => redirect('/new'))
  app.get('/new', ({ flashes }) => html`<p>${flashes.map(({ message }) => message)}</p>`)
  app.get('/set', ({ session }) => {
    session.set('name', 'Ada')
    return 'set'
  })
  app.get('/name', ({ session }) => String(session.get('name')))
  return app
}

describe('a handler that takes nothing', () => {
  test('leaves a message with its redirect all the same, over other redirects, with a session or without', async () => {
    for (const before of ['/new', '/set']) {
      const visitor = browser(shop())
      await visitor.open(before)
      assert.equal((await visitor.open('/leave')).text, 'Moved')
      assert.equal((await visitor.open('/new')).text, '')
    }
  })

  test('keeps the session as it was', async () => {
    const visitor = browser(shop())
    await visitor.open('/set')
    await visitor.open('/leave')
    assert.equal((await visitor.open('/name')).text, 'Ada')
  })

  test('under a middleware leaves the session to it', async () => {
    const app = shop()
    app.use(async ({ session }, next) => {
      session.set('name', 'Grace')
      return next()
    })
    const visitor = browser(app)
    await visitor.open('/old')
    assert.equal((await visitor.open('/name')).text, 'Grace')
  })

  test('that throws leaves the session to onError', async () => {
    const app = shop()
    app.get('/broken', () => {
      throw new Error('broken')
    })
    app.onError((_, { session }) => String(session.get('name')))
    const visitor = browser(app)
    await visitor.open('/set')
    const { error } = console
    console.error = () => {}
    assert.equal((await visitor.open('/broken')).text, 'Ada')
    console.error = error
  })
})
