import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Dewar, html, uploadProgress, uploadProgressHash } from '../../src/index.ts'

describe('the script of an upload', () => {
  test('is what its hash says', async () => {
    const [, script = ''] = /^<script>(.*)<\/script>$/s.exec(String(uploadProgress)) ?? []
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(script))
    assert.equal(uploadProgressHash, `sha256-${btoa(String.fromCharCode(...new Uint8Array(digest)))}`)
  })

  test('stands in a page as it is', () => {
    assert.equal(String(html`<p>${uploadProgress}</p>`), `<p>${uploadProgress}</p>`)
    assert.equal(String(uploadProgress).split('<').length, 4) // <script>, '<plaintext>' and </script>, so nothing ends it
  })

  // What the script asks for: POST, and then the target of the redirect ahead of the browser.
  const purpose = 'prefetch'

  function app(): Dewar {
    const app = new Dewar()
    app.post('/flash', ({ flash }) => {
      flash('Saved')
      return 'saved'
    })
    const show = ({ flashes }: { flashes: readonly { message: string }[] }): readonly string[] =>
      flashes.map(({ message }) => message)
    app.get('/page', show)
    app.post('/again', show)
    return app
  }

  async function withMessage(): Promise<(method: string, path: string, headers?: HeadersInit) => Promise<unknown>> {
    const shop = app()
    let cookie = ''
    return async (method, path, headers = {}) => {
      const all = new Headers({ ...headers, cookie, 'sec-fetch-site': 'same-origin' })
      const answer = await shop.fetch(new Request(`http://localhost${path}`, { method, headers: all }))
      const [set] = answer.headers.getSetCookie()
      if (set !== undefined) cookie = set.split(';')[0] ?? ''
      return path === '/flash' ? answer.text() : answer.json()
    }
  }

  test('takes no message when it looks at the target of a redirect', async () => {
    const ask = await withMessage()
    await ask('POST', '/flash')
    assert.deepEqual(await ask('GET', '/page', { purpose }), ['Saved'])
    assert.deepEqual(await ask('GET', '/page'), ['Saved'])
    assert.deepEqual(await ask('GET', '/page'), [])
  })

  test('takes those that the answer to the form shows', async () => {
    const ask = await withMessage()
    await ask('POST', '/flash')
    assert.deepEqual(await ask('POST', '/again', { purpose }), ['Saved'])
    assert.deepEqual(await ask('GET', '/page'), [])
  })
})
