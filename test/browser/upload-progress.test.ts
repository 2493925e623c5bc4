import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import {
  attachment,
  Dewar,
  form,
  type Html,
  html,
  type Redirect,
  redirect,
  uploadProgress,
  uploadProgressHash,
} from 'dewar'
import { type Server, serve } from 'dewar/node'
import { type Browser, type CDPSession, chromium, type Page } from 'playwright-core'
import * as z from 'zod'
import { quietly } from '../stories/quietly.ts'
import { launch } from './chromium.ts'
import { chromiumPath, skipWithout } from './needs.ts'

const kibibyte = 1024
const mebibyte = 1024 * kibibyte

const photo = form(
  z.object({ note: z.string().refine((text) => text !== 'bad', 'This note is bad.'), photo: z.file() }),
  { button: 'Send' },
)

interface Shown {
  readonly flashes: readonly { readonly message: string }[]
}

function page(content: Html): Html {
  return html`<!DOCTYPE html><html lang="en"><head><title>Album</title></head><body>${content}</body></html>`
}

const said = ({ flashes }: Shown): Html => html`<p id="said">${flashes.map(({ message }) => message)}</p>`

// The connection is closed in the middle of it.
function halfAnAnswer(): ReadableStream<Uint8Array> {
  let pulls = 0
  return new ReadableStream({
    pull: (answer) => (pulls++ === 0 ? answer.enqueue(new TextEncoder().encode('half')) : answer.error('cut')),
  })
}

// /<form>  <form method="post" enctype="multipart/form-data"><input name="note"><input type="file" name="photo">
//          <button>Send</button></form><script>…</script>
function album(folder: string, asked: string[]): Dewar {
  const app = new Dewar({ uploads: { folder } })
  app.use(({ request, url }, next) => {
    asked.push(`${request.method} ${url.pathname}`)
    return next()
  })
  const got = (to: string, bytes: number): Redirect => redirect(to, { flash: `Got ${bytes} bytes` })
  for (const path of ['/there', '/self', '/part', '/away', '/small', '/text', '/file', '/cut', '/strict', '/script']) {
    app.form(path, photo, {
      limits: { multipartBytes: 64 * mebibyte, fileBytes: path === '/small' ? kibibyte : 8 * mebibyte },
      view: ({ form, flashes }) => page(html`<h1>Album</h1>${said({ flashes })}${form}${uploadProgress}`),
      submit: ({ data, url }) => {
        if (path === '/away') return redirect(`http://localhost:${url.port}/done`, { external: true })
        if (path === '/script') {
          const location = `javascript:document.title='run'`
          return new Response(null, { status: 303, headers: { location } })
        }
        if (path === '/cut') return new Response(halfAnAnswer())
        if (path === '/text') return `<h1>${data.note}</h1>`
        if (path === '/file') return attachment(data.photo, { name: 'Grüße 100%.bin' })
        const targets: Record<string, string> = { '/self': '/self', '/part': '/part#said' }
        return got(targets[path] ?? '/done', data.photo.size)
      },
    })
  }
  app.use('/strict', async (_, next) => {
    const answer = await next()
    answer.headers.set('content-security-policy', `default-src 'self'; script-src '${uploadProgressHash}'`)
    return answer
  })
  app.form('/other', photo, {
    view: ({ form }) => page(html`<h1>Other</h1>${form}`),
    submit: ({ data }) => got('/done', data.photo.size),
  })
  app.get('/two', ({ hidden }) =>
    page(html`<h1>Two</h1><form method="get" action="/done">${hidden('/other')}
      <label>Note <input name="note"></label> <label>Photo <input type="file" name="photo"></label>
      <button formaction="/other#part" formmethod="post" formenctype="multipart/form-data">Send</button></form>${uploadProgress}`),
  )
  app.get('/done', ({ flashes }) => page(html`<h1>Done</h1>${said({ flashes })}`))
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

  interface Choice {
    readonly note?: string
    readonly bytes?: number
    readonly javaScriptEnabled?: boolean
    readonly by?: Browser
  }

  async function choose(path: string, choice: Choice = {}): Promise<Page> {
    const { note = 'Sea', bytes = 2000, javaScriptEnabled = true, by = browser } = choice
    const context = await by.newContext({ baseURL: server.url, javaScriptEnabled })
    const page = await context.newPage()
    await page.goto(path)
    await page.getByLabel('Note').fill(note)
    const buffer = Buffer.alloc(bytes, 1)
    await page.getByLabel('Photo').setInputFiles({ name: 'photo.bin', mimeType: 'application/octet-stream', buffer })
    asked.length = 0
    return page
  }

  const send = (page: Page): Promise<void> => page.getByRole('button', { name: 'Send' }).click({ noWaitAfter: true })

  const posts = (): number => asked.filter((line) => line.startsWith('POST')).length

  async function slowDown(page: Page, uploadThroughput: number): Promise<CDPSession> {
    const network = await page.context().newCDPSession(page)
    const slowly = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput }
    await network.send('Network.emulateNetworkConditions', slowly)
    return network
  }

  // The values of the bar, and what a screen reader is told, outlive the page.
  async function watch(page: Page): Promise<() => Promise<{ values: number[]; told: string[] }>> {
    await page.evaluate(() => {
      const [values, told]: [number[], string[]] = [[], []]
      const look = (): void => {
        const value = document.querySelector('progress')?.value
        const text = document.querySelector('[role=status]')?.textContent ?? ''
        if (value !== undefined && value !== values.at(-1)) values.push(value)
        if (text !== '' && text !== told.at(-1)) told.push(text)
        sessionStorage.setItem('seen', JSON.stringify({ values, told }))
      }
      new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true })
    })
    return async () => JSON.parse((await page.evaluate(() => sessionStorage.getItem('seen'))) ?? '{}')
  }

  it('is shown while the file is sent, and then the page of the redirect, once, with its message', async () => {
    const page = await choose('/there', { bytes: 4 * mebibyte })
    await slowDown(page, 2 * mebibyte)
    const seen = await watch(page)
    await send(page)
    await page.getByRole('progressbar', { name: 'Upload' }).waitFor()
    assert.equal(await page.getByRole('button', { name: 'Send' }).isDisabled(), true)
    await page.waitForURL('/done')
    assert.equal(await page.getByText(`Got ${4 * mebibyte} bytes`).count(), 1)
    const { values, told } = await seen()
    assert.ok(values.length >= 4, `seen ${values}`)
    assert.deepEqual(values, values.toSorted())
    assert.ok(values.every((value) => value >= 0 && value <= 1))
    assert.ok(
      told.length >= 2 && told.every((text) => ['0 %', '25 %', '50 %', '75 %', '100 %'].includes(text)),
      `${told}`,
    )
    assert.deepEqual(asked, ['POST /there', 'GET /done'])
    await page.reload()
    assert.equal(await page.getByText('Got').count(), 0)
    await page.goBack()
    assert.equal(await page.getByLabel('Note').inputValue(), 'Sea')
    assert.equal(await page.getByRole('button', { name: 'Send' }).isDisabled(), false)
  })

  it('leads on to the very same address, with the message', async () => {
    const page = await choose('/self')
    await send(page)
    await page.getByText('Got 2000 bytes').waitFor()
    assert.equal(new URL(page.url()).pathname, '/self')
    assert.equal(posts(), 1)
    await page.reload()
    assert.equal(await page.getByText('Got').count(), 0)
  })

  it('leads on to a place in the very same page, which is fetched anew for it', async () => {
    const page = await choose('/part')
    await send(page)
    await page.getByText('Got 2000 bytes').waitFor()
    assert.match(page.url(), /\/part#said$/)
    assert.equal(posts(), 1)
    assert.equal(asked.filter((line) => line === 'GET /part').length, 1)
  })

  it('leads on to another site', async () => {
    const page = await choose('/away')
    await send(page)
    await page.waitForURL('http://localhost:*/done')
    assert.equal(posts(), 1)
    await page.goBack()
    assert.equal(await page.getByLabel('Note').inputValue(), 'Sea')
  })

  it('ends in the form again when another field is wrong, with the file kept and the summary in focus', async () => {
    const page = await choose('/there', { note: 'bad' })
    await send(page)
    await page.getByRole('alert').waitFor()
    assert.equal(await page.getByText('photo.bin, 2 kB, kept').count(), 1)
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('role')), 'alert')
    await page.getByLabel('Note').fill('good')
    await send(page)
    await page.waitForURL('/done')
    assert.equal(await page.getByText('Got 2000 bytes').count(), 1)
    assert.equal(posts(), 2)
  })

  it('is there for the form that is shown again, too', async () => {
    const page = await choose('/small')
    await send(page)
    assert.match((await page.getByRole('alert').textContent()) ?? '', /photo\.bin is larger than 1 kB/)
    assert.equal(await page.getByLabel('Note').inputValue(), 'Sea')
    const mimeType = 'application/octet-stream'
    await page.getByLabel('Photo').setInputFiles({ name: 'again.bin', mimeType, buffer: Buffer.alloc(2000) })
    await send(page)
    await page.getByText('again.bin is larger than 1 kB').first().waitFor()
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('role')), 'alert')
    await page.getByLabel('Photo').setInputFiles({ name: 'less.bin', mimeType, buffer: Buffer.alloc(1000) })
    const seen = await watch(page)
    await send(page)
    await page.waitForURL('/done')
    assert.equal(await page.getByText('Got 1000 bytes').count(), 1)
    assert.ok((await seen()).values.length > 0)
    assert.equal(posts(), 3)
  })

  it('ends in text that is no HTML, in whatever the answer says so', async () => {
    const page = await choose('/text', { note: '</plaintext><script>document.title = "bad"</script>' })
    await send(page)
    await page.getByText('<h1></plaintext><script>').waitFor()
    assert.equal(await page.locator('h1').count(), 0)
    assert.notEqual(await page.title(), 'bad')
  })

  it('ends in a download, and the page with its form stays', async () => {
    const page = await choose('/file')
    const started = page.waitForEvent('download')
    await send(page)
    const saved = await started
    assert.equal(saved.suggestedFilename(), 'Grüße 100%.bin')
    assert.deepEqual(await readFile(await saved.path()), Buffer.alloc(2000, 1))
    assert.equal(await page.getByRole('button', { name: 'Send' }).isDisabled(), false)
    assert.equal(await page.getByRole('progressbar').count(), 0)
  })

  it('goes where the pressed button says, and Back leads to the page of the form', async () => {
    const page = await choose('/two', { note: 'bad' })
    await send(page)
    await page.getByRole('alert').waitFor()
    assert.equal(new URL(page.url()).pathname, '/other')
    assert.equal(await page.getByText('This note is bad.').count(), 2)
    await page.goBack()
    await page.getByRole('heading', { name: 'Two' }).waitFor()
    assert.deepEqual(
      asked.filter((line) => !line.startsWith('GET /favicon')),
      ['POST /other', 'GET /two'],
    )
  })

  it('leaves a form that can be used when Back brings the page from memory', async () => {
    const by = await chromium.launch({
      executablePath: chromiumPath,
      args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'],
      ignoreDefaultArgs: ['--disable-back-forward-cache'],
    })
    try {
      const page = await choose('/there', { by })
      await page.evaluate(() =>
        addEventListener('pageshow', ({ persisted }) => Object.assign(globalThis, { persisted })),
      )
      await send(page)
      await page.waitForURL('/done')
      await page.goBack({ waitUntil: 'commit' })
      await page.waitForFunction(() => 'persisted' in globalThis)
      assert.equal(await page.evaluate(() => Reflect.get(globalThis, 'persisted')), true)
      assert.equal(await page.getByRole('button', { name: 'Send' }).isDisabled(), false)
      assert.equal(await page.getByRole('progressbar').count(), 0)
      await send(page)
      await page.waitForURL('/done')
      assert.equal(posts(), 1) // the same was sent again, and got the first answer again
    } finally {
      await by.close()
    }
  })

  it('can be cancelled while it is sent, and begun anew', async () => {
    const page = await choose('/there', { bytes: mebibyte })
    const network = await slowDown(page, 64 * kibibyte)
    await send(page)
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('progressbar').waitFor({ state: 'detached' })
    await network.detach()
    await send(page)
    await page.waitForURL('/done')
    assert.equal(await page.getByText(`Got ${mebibyte} bytes`).count(), 1)
  })

  it('is sent once, however often the form is sent meanwhile', async () => {
    const page = await choose('/there', { bytes: mebibyte })
    await slowDown(page, mebibyte)
    await page.evaluate(() => {
      const form = document.querySelector('form')
      for (let times = 0; times < 3; times++) form?.requestSubmit()
    })
    await page.waitForURL('/done')
    assert.equal(await page.getByRole('heading', { name: 'Done' }).count(), 1)
    assert.equal(posts(), 1)
  })

  it('says when the connection was lost, and lets one try again', async () => {
    const page = await choose('/there')
    await page.context().setOffline(true)
    await send(page)
    await page.getByText('The connection was lost. Nothing on this page is lost: try again.').waitFor()
    await page.context().setOffline(false)
    await send(page)
    await page.waitForURL('/done')
  })

  it('says when it was lost too late to know whether the file has arrived', async () => {
    const page = await choose('/cut')
    await quietly(async () => {
      await send(page)
      await page.getByText('Please look whether it has arrived before you try again.').waitFor()
    })
    assert.equal(posts(), 1)
    assert.equal(await page.getByRole('button', { name: 'Send' }).isDisabled(), false)
  })

  it('runs no script that an answer names as its target', async () => {
    const page = await choose('/script')
    await send(page)
    await page.getByText('The answer names no page to go to.').waitFor()
    await page.waitForTimeout(200)
    assert.equal(await page.title(), 'Album')
    assert.equal(await page.getByRole('button', { name: 'Send' }).isDisabled(), false)
  })

  it('is allowed by its hash where scripts are not', async () => {
    const page = await choose('/strict')
    const seen = await watch(page)
    await send(page)
    await page.waitForURL('/done')
    assert.ok((await seen()).values.length > 0)
  })

  it('is not missed without JavaScript', async () => {
    const page = await choose('/there', { javaScriptEnabled: false })
    await send(page)
    await page.waitForURL('/done')
    assert.equal(await page.getByText('Got 2000 bytes').count(), 1)
  })
})
