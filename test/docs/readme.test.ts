import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { after, describe, it } from 'node:test'
import { promisify } from 'node:util'
import { browser } from '../../src/testing.ts'
import { Programs } from './programs.ts'
import { serving } from './serving.ts'

const picture = readFileSync(new URL('../../docs/images/once-status.png', import.meta.url))

describe('README.md', () => {
  const programs = new Programs('README.md')
  after(() => programs.remove())

  const appOf = (name: string) => programs.app(name)

  it('has programs that compile, and no others', async () => {
    assert.deepEqual(programs.names, ['app.ts', 'main.ts', 'photos.ts', 'app.test.ts', 'shop.ts'])
    assert.deepEqual(programs.nameless, [])
    assert.equal(await programs.compile(), '')
  })

  it('has a whole loop, which knows a visitor until they are forgotten', async () => {
    const visitor = browser(await appOf('app.ts'))
    const page = await visitor.open('/')
    const again = await page.fill({ username: ' ' }).submit('Send')
    assert.deepEqual([again.status, again.value('username')], [422, ' '])
    assert.equal((await again.fill({ username: 'Ada' }).submit('Send')).url, '/thankyou')
    assert.equal((await visitor.reload()).text, 'Thank you, Ada!')
  })

  it('serves it with main.ts', async () => {
    const server = await serving('main.ts', programs.folder)
    try {
      const page = await browser(server.url).open('/')
      assert.equal((await page.fill({ username: 'Ada' }).submit('Send')).text, 'Thank you, Ada!')
    } finally {
      await server.stop()
    }
  })

  it('takes a photo, keeps it while its title is wrong, and sends it to who asks', async () => {
    const app = await appOf('photos.ts')
    const page = await browser(app).open('/photos')
    const photo = new File([picture], 'photo.png', { type: 'image/png' })
    const again = await page.fill({ title: '', photo }).submit('Send')
    assert.match(again.text, /photo\.png, 14\.3 kB, kept/)
    const sent = await again.fill({ title: 'A page' }).submit('Send')
    assert.match(sent.url, /^\/photos\/[\w-]{36}$/)
    const answer = await app.fetch(new Request(`http://localhost${sent.url}`))
    assert.deepEqual(Buffer.from(await answer.arrayBuffer()), picture)
  })

  it('has a test that passes', async () => {
    const ran = await promisify(execFile)(
      process.execPath,
      ['--conditions=dewar-source', '--test', 'app.test.ts'],
      { cwd: programs.folder, env: { PATH: process.env.PATH } }, // not as a test of this test
    )
    assert.match(ran.stdout, /pass 1\n/)
  })

  it('remembers what a visitor looked at in a store', async () => {
    const visitor = browser(await appOf('shop.ts'))
    await visitor.open('/look/tea')
    await Promise.all([visitor.open('/look/tea'), visitor.open('/look/cup')])
    const { seen, visits } = JSON.parse((await visitor.open('/')).html)
    assert.deepEqual([seen.toSorted(), visits], [['cup', 'tea', 'tea'], 3])
    const app = await appOf('shop.ts')
    const post = { method: 'POST', headers: { 'sec-fetch-site': 'same-origin' } }
    assert.equal((await app.fetch(new Request('http://localhost/everywhere', post))).status, 303)
  })
})
