import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { Dewar, form, type Html, html, redirect, uploadProgress } from 'dewar'
import { type Server, serve } from 'dewar/node'
import type { Browser, Page } from 'playwright-core'
import * as z from 'zod'
import { launch } from './chromium.ts'
import { chromiumPath, skipWithout } from './needs.ts'

const mebibyte = 1024 * 1024

function page(content: Html): Html {
  return html`<!DOCTYPE html><html lang="en"><head><title>Album</title></head><body>${content}</body></html>`
}

// /<form>  <form method="post" enctype="multipart/form-data"><input name="note"><input type="file" name="photo">
//          <button>Send</button></form><script>…</script>
function album(folder: string, asked: string[]): Dewar {
  const app = new Dewar({ uploads: { folder } })
  app.use(({ request, url }, next) => {
    asked.push(`${request.method} ${url.pathname}`)
    return next()
  })
  const limits = { multipartBytes: 64 * mebibyte, fileBytes: 8 * mebibyte }
  const photo = form(z.object({ note: z.string().refine((text) => text !== 'bad', 'is bad'), photo: z.file() }))
  for (const [path, target] of [
    ['/there', '/done'],
    ['/self', '/self'],
  ] as const) {
    app.form(path, photo, {
      limits,
      view: ({ form, flashes }) =>
        page(html`<h1>Album</h1><p>${flashes.map(({ message }) => message)}</p>${form}${uploadProgress}`),
      submit: ({ data }) => redirect(target, { flash: `Got ${data.photo.size} bytes` }),
    })
  }
  app.get('/done', ({ flashes }) => page(html`<h1>Done</h1><p>${flashes.map(({ message }) => message)}</p>`))
  return app
}

describe('the progress of an upload in Chromium', { skip: skipWithout(chromiumPath) }, () => {
  const asked: string[] = []
  let folder: string
  let server: Server
  let browser: Browser

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'progress-'))
    server = await serve(album(folder, asked), { port: 0, quiet: true, stopOnSignals: false })
    browser = await launch()
  })

  after(async () => {
    await browser.close()
    await server.stop()
    await rm(folder, { recursive: true })
  })

  async function choose(
    path: string,
    {
      note = 'Sea',
      bytes = 1000,
      javaScriptEnabled = true,
    }: { note?: string; bytes?: number; javaScriptEnabled?: boolean },
  ): Promise<Page> {
    const context = await browser.newContext({ baseURL: server.url, javaScriptEnabled })
    const page = await context.newPage()
    await page.goto(path)
    await page.getByLabel('Note').fill(note)
    const buffer = Buffer.alloc(bytes, 1)
    await page.getByLabel('Photo').setInputFiles({ name: 'photo.bin', mimeType: 'application/octet-stream', buffer })
    asked.length = 0
    return page
  }

  const send = (page: Page): Promise<void> => page.getByRole('button', { name: 'Send' }).click({ noWaitAfter: true })

  it('is shown while the file is sent, and then the page of the redirect, once, with its message', async () => {
    const page = await choose('/there', { bytes: 4 * mebibyte })
    const network = await page.context().newCDPSession(page)
    const slowly = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 2 * mebibyte }
    await network.send('Network.emulateNetworkConditions', slowly)
    await page.evaluate(() => {
      const seen: number[] = []
      Object.assign(globalThis, { seen })
      const look = () => {
        const bar = document.querySelector('progress')
        if (bar !== null && bar.value !== seen.at(-1)) {
          seen.push(bar.value)
          sessionStorage.setItem('seen', JSON.stringify(seen))
        }
        requestAnimationFrame(look)
      }
      look()
    })
    await send(page)
    await page.getByRole('progressbar', { name: 'Upload' }).waitFor()
    assert.equal(await page.getByRole('button', { name: 'Send' }).isDisabled(), true)
    await page.waitForURL('/done')
    assert.equal(await page.getByText(`Got ${4 * mebibyte} bytes`).count(), 1)
    const seen: number[] = JSON.parse((await page.evaluate(() => sessionStorage.getItem('seen'))) ?? '[]')
    assert.ok(seen.length >= 3, `seen ${seen}`)
    assert.deepEqual(
      seen,
      seen.toSorted((one, other) => one - other),
    )
    assert.equal(asked.filter((line) => line === 'POST /there').length, 1)
    await page.reload()
    assert.equal(await page.getByText('Got').count(), 0)
    await page.goBack()
    assert.equal(await page.getByLabel('Note').inputValue(), 'Sea')
    assert.equal(await page.getByRole('button', { name: 'Send' }).isDisabled(), false)
  })

  it('leads on to the very same address, with the message', async () => {
    const page = await choose('/self', {})
    await send(page)
    await page.getByText('Got 1000 bytes').waitFor()
    assert.equal(new URL(page.url()).pathname, '/self')
    assert.equal(asked.filter((line) => line === 'POST /self').length, 1)
  })

  it('ends in the form again when another field is wrong, with the file kept and the summary in focus', async () => {
    const page = await choose('/there', { note: 'bad' })
    await send(page)
    await page.getByRole('alert').waitFor()
    assert.equal(await page.getByText('photo.bin, 1000 bytes, kept').count(), 1)
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('role')), 'alert')
    await page.getByLabel('Note').fill('good')
    await send(page)
    await page.waitForURL('/done')
    assert.equal(await page.getByText('Got 1000 bytes').count(), 1)
  })

  it('ends in the form again when the file is too large', async () => {
    const page = await choose('/there', { bytes: 9 * mebibyte })
    await send(page)
    await page.getByRole('alert').waitFor()
    assert.match((await page.getByRole('alert').textContent()) ?? '', /photo\.bin is larger than 8 MB/)
    assert.equal(await page.getByLabel('Note').inputValue(), 'Sea')
  })

  it('says when the connection was lost, and lets one try again', async () => {
    const page = await choose('/there', {})
    await page.context().setOffline(true)
    await send(page)
    await page.getByText('The connection was lost. Nothing on this page is lost: try again.').waitFor()
    await page.context().setOffline(false)
    await send(page)
    await page.waitForURL('/done')
  })

  it('is not missed without JavaScript', async () => {
    const page = await choose('/there', { javaScriptEnabled: false })
    await send(page)
    await page.waitForURL('/done')
    assert.equal(await page.getByText('Got 1000 bytes').count(), 1)
  })
})
