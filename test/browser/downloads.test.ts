import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { attachment, Dewar, HttpError, html, redirect } from 'dewar'
import { type Server, serve } from 'dewar/node'
import type { Browser, Page } from 'playwright-core'
import { launch } from './chromium.ts'
import { chromiumPath, skipWithout } from './needs.ts'

// One second of silence: RIFF and WAVE, 8,000 samples of 8 bits.
function sound(): Blob {
  const head = Buffer.alloc(44)
  head.write('RIFF____WAVEfmt ', 'latin1')
  head.writeUInt32LE(36 + 8000, 4)
  head.writeUInt32LE(16, 16)
  for (const at of [20, 22]) head.writeUInt16LE(1, at)
  for (const at of [24, 28]) head.writeUInt32LE(8000, at)
  head.writeUInt16LE(1, 32)
  head.writeUInt16LE(8, 34)
  head.write('data', 36)
  head.writeUInt32LE(8000, 40)
  return new Blob([head, Buffer.alloc(8000, 128)], { type: 'audio/wav' })
}

const drawing = '<svg xmlns="http://www.w3.org/2000/svg"><script>opener.ran = true</script></svg>'

// /      <form method="post"><button>Sign in</button></form>
// /...   files for who has signed in, shown if they can be
function files(): Dewar {
  const app = new Dewar()
  app.get('/', ({ hidden }) => html`<form method="post" action="/">${hidden('/')}<button>Sign in</button></form>`)
  app.post('/', ({ session }) => {
    session.set('isHere', true)
    return redirect('/')
  })
  for (const [path, blob] of Object.entries({
    '/sound': sound(),
    '/text': new Blob(['<b>naïve</b>'], { type: 'text/plain' }),
    '/drawing': new Blob([drawing], { type: 'image/svg+xml' }),
  })) {
    app.get(path, ({ session }) => {
      if (!session.has('isHere')) throw new HttpError(401)
      return attachment(blob, { inline: true, name: 'Grüße' })
    })
  }
  return app
}

describe('a file that is shown in Chromium', { skip: skipWithout(chromiumPath) }, () => {
  let server: Server
  let browser: Browser
  let page: Page

  before(async () => {
    server = await serve(files(), { port: 0, quiet: true, stopOnSignals: false })
    browser = await launch()
    page = await browser.newPage({ baseURL: server.url })
    await page.goto('/')
    await page.getByRole('button', { name: 'Sign in' }).click()
  })

  after(async () => {
    await browser.close()
    await server.stop()
  })

  it('plays, in parts, for who may hear it', async () => {
    await page.goto('/sound')
    await page.waitForFunction(() => document.querySelector('video')?.duration === 1)
  })

  it('is plain text in its own letters', async () => {
    await page.goto('/text')
    assert.equal(await page.locator('body').textContent(), '<b>naïve</b>')
  })

  it('is saved in place of shown when it could run something', async () => {
    const started = page.waitForEvent('download')
    await page.goto('/drawing').catch(() => {}) // no page comes of it
    assert.equal((await started).suggestedFilename(), 'Grüße')
  })
})
