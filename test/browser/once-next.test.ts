import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { after, before, describe, it } from 'node:test'
import { Dewar, form, html, memory, onceNext, raw, redirect } from 'dewar'
import { type Server, serve } from 'dewar/node'
import type { Browser, Page } from 'playwright-core'
import * as z from 'zod'
import { launch } from './chromium.ts'
import { chromiumPath, skipWithout } from './needs.ts'

const note = form(z.object({ text: z.string().min(1) }), { button: 'Write' })
const { resolve } = createRequire(import.meta.url)

/** The libraries as npm has them, and the form as each of them wants it. */
const libraries = {
  'htmx 4': { path: resolve('htmx.org/dist/htmx.js'), attributes: 'hx-post="/notes" hx-target="#list"' },
  'htmx 2': { path: resolve('htmx-2/dist/htmx.js'), attributes: 'hx-post="/notes" hx-target="#list"' },
  Turbo: { path: resolve('@hotwired/turbo/dist/turbo.es2017-umd.js'), attributes: 'method="post" action="/notes"' },
}

function notebook(written: string[]): Dewar {
  const app = new Dewar({ store: memory() }) as unknown as Dewar
  for (const [name, { path, attributes }] of Object.entries(libraries)) {
    const page = encodeURIComponent(name)
    app.get(`/script/${page}` as '/x', () => {
      return new Response(readFileSync(path), { headers: { 'content-type': 'text/javascript' } })
    })
    app.get(`/page/${page}` as '/x', ({ formFor, query }) => {
      const within = html`<form ${raw(attributes)}>${formFor(note, '/notes').hidden}
        <label>Text <input name="text"></label> <button>Write</button></form><div id="list"></div>`
      return html`<!DOCTYPE html><html lang="en"><head><title>Notes</title><script src="/script/${page}"></script>
        ${query.has('without') ? null : onceNext}</head>
        <body><h1>Notes</h1>${name === 'Turbo' ? html`<turbo-frame id="frame">${within}</turbo-frame>` : within}</body></html>`
    })
  }
  app.post(
    '/notes',
    note,
    ({ data }) => {
      written.push(data.text)
      return redirect('/list')
    },
    { once: true },
  )
  app.get(
    '/list',
    ({ session }) =>
      html`<turbo-frame id="frame"><ol data-of="${session.id}">${written.map((text) => html`<li>${text}</li>`)}</ol></turbo-frame>`,
  )
  return app
}

describe('a form that a script sends, with the script that renews its token', {
  skip: skipWithout(chromiumPath),
}, () => {
  const written: string[] = []
  let server: Server
  let browser: Browser

  before(async () => {
    server = await serve(notebook(written), { port: 0, quiet: true, stopOnSignals: false })
    browser = await launch()
  })
  after(async () => {
    await browser?.close()
    await server?.stop()
  })

  async function open(name: string, query = ''): Promise<Page> {
    const page = await browser.newPage({ baseURL: server.url })
    await page.goto(`/page/${encodeURIComponent(name)}${query}`)
    written.length = 0
    return page
  }

  async function write(page: Page, text: string): Promise<void> {
    await page.getByLabel('Text').fill(text)
    await page.getByRole('button', { name: 'Write' }).click()
  }

  for (const name of ['htmx 4', 'htmx 2']) {
    it(`is ready for another submission, by ${name}`, async () => {
      const page = await open(name)
      await write(page, 'one')
      await page.getByText('one', { exact: true }).waitFor()
      await write(page, 'two')
      await page.getByText('two', { exact: true }).waitFor()
      assert.deepEqual(written, ['one', 'two'])
      await page.close()
    })

    it(`counts what is sent next as a change without it, by ${name}`, async () => {
      const page = await open(name, '?without')
      await write(page, 'one')
      await page.getByText('one', { exact: true }).waitFor()
      await write(page, 'two')
      await page.waitForTimeout(500)
      assert.deepEqual(written, ['one'])
      await page.close()
    })
  }

  it('is ready for another submission, by Turbo', async () => {
    const page = await open('Turbo')
    const form = await page.locator('form').elementHandle()
    const token = () => form?.evaluate((element) => new FormData(element as HTMLFormElement).get('_token'))
    const first = await token()
    await write(page, 'one')
    await page.getByText('one', { exact: true }).waitFor()
    await page.waitForTimeout(200)
    assert.notEqual(await token(), first)
    assert.deepEqual(written, ['one'])
    await page.close()
  })

  it('is of less than one kilobyte', () => assert.ok(String(onceNext).length < 1024, `${String(onceNext).length}`))
})
