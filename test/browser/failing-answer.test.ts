import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { Dewar, html } from '../../src/index.ts'
import { type Server, serve } from '../../src/node.ts'
import { loggedBy } from '../http/served.ts'
import { launch } from './chromium.ts'
import { chromiumPath, skipWithout } from './needs.ts'

const forms = html`<!doctype html><title>Buy</title>
  <form method="post" action="/at-once"><button>At once</button></form>
  <form method="post" action="/no-bytes"><button>No bytes</button></form>
  <form method="post" action="/midway"><button>Midway</button></form>`

// Chromium sends a POST again, unasked, when a connection that was kept ends before a byte of the answer has come.
describe('a POST whose answer fails while it streams', { skip: skipWithout(chromiumPath) }, () => {
  const posts: string[] = []
  let browser: Browser
  let server: Server

  before(async () => {
    const app = new Dewar()
    app.get('/', () => forms)
    app.post('/at-once', () => {
      posts.push('At once')
      return new Response(new ReadableStream({ pull: () => Promise.reject(new Error('no answer')) }))
    })
    app.post('/no-bytes', () => {
      posts.push('No bytes')
      return new Response(new ReadableStream({ start: (controller) => controller.enqueue('text') }))
    })
    app.post('/midway', () => {
      posts.push('Midway')
      const parts = [new TextEncoder().encode('a beginning')]
      const pull = (controller: ReadableStreamDefaultController<Uint8Array>): void => {
        const part = parts.pop()
        if (part === undefined) throw new Error('no more')
        controller.enqueue(part)
      }
      return new Response(new ReadableStream({ pull }))
    })
    server = await serve(app, { port: 0, quiet: true, stopOnSignals: false })
    browser = await launch()
  })
  after(async () => {
    await browser?.close()
    await server?.stop()
  })

  for (const button of ['At once', 'No bytes', 'Midway']) {
    it(`is sent once: ${button}`, async () => {
      const page = await browser.newPage()
      await page.goto(server.url) // the connection is kept from here on
      posts.length = 0
      await loggedBy(async () => {
        await page.getByRole('button', { name: button }).click({ noWaitAfter: true, timeout: 5000 })
        await page.waitForTimeout(500)
      })
      assert.deepEqual(posts, [button])
      await page.close()
    })
  }
})
