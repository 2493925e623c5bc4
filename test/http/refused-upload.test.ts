import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { chromium } from 'playwright-core'
import { html } from '../../src/index.ts'
import type { Server } from '../../src/node.ts'
import { chromiumPath, curlPath, skipWithout } from '../browser/needs.ts'
import { newApp, served } from './served.ts'

const run = promisify(execFile)
const size = 30 * 1024 * 1024

describe('30 MiB sent to an address that does not take them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dewar-refused-'))
  const file = join(folder, 'large.bin')
  let server: Server
  before(async () => {
    writeFileSync(file, new Uint8Array(size))
    const app = newApp()
    app.get(
      '/',
      () => html`<form method="post" action="/nowhere" enctype="multipart/form-data">
        <input type="file" name="file"><button>Send</button></form>`,
    )
    app.post('/do', ({ fields }) => [...fields])
    server = await served(app)
  })
  after(async () => {
    await server.stop()
    rmSync(folder, { recursive: true })
  })

  test('by Chromium show the page that says so', { skip: skipWithout(chromiumPath) }, async (context) => {
    const args = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run']
    const browser = await chromium.launch({ executablePath: chromiumPath, args })
    context.after(() => browser.close())
    const page = await browser.newPage()
    await page.goto(server.url)
    await page.locator('input').setInputFiles(file)
    await page.getByRole('button', { name: 'Send' }).click()
    await page.waitForURL(/nowhere/)
    assert.equal(await page.title(), 'There is no page at this address.')
  })

  test('by curl are answered, whether it waits to be told to send or not', {
    skip: skipWithout(curlPath),
  }, async () => {
    for (const expect of ['Expect: 100-continue', 'Expect:']) {
      for (const [path, status] of [
        ['/nowhere', '404'],
        ['/do', '413'],
      ] as const) {
        const type = 'Content-Type: application/x-www-form-urlencoded'
        const common = [
          '--silent',
          '--show-error',
          '--output',
          '/dev/null',
          '--write-out',
          '%{http_code} %{size_upload}',
        ]
        const sent = ['--header', expect, '--header', type, '--data-binary', `@${file}`, server.url + path]
        const { stdout } = await run(curlPath, [...common, ...sent])
        const [code, uploaded] = stdout.split(' ')
        assert.equal(code, status)
        if (expect === 'Expect: 100-continue') assert.equal(uploaded, '0')
      }
    }
  })

  test('by fetch are answered', async () => {
    for (let times = 0; times < 5; times++) {
      const answer = await fetch(`${server.url}/nowhere`, { method: 'POST', body: new Uint8Array(size) })
      assert.equal(answer.status, 404)
      assert.match(await answer.text(), /There is no page/)
    }
  })
})
