import assert from 'node:assert/strict'
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { browser } from '../../src/testing.ts'
import { Programs } from './programs.ts'
import { serving } from './serving.ts'

describe('docs/inspector.md', () => {
  const programs = new Programs('docs/inspector.md')
  before(() => {
    const readme = new Programs('README.md') // whose app the program serves
    copyFileSync(join(readme.folder, 'app.ts'), join(programs.folder, 'app.ts'))
    readme.remove()
  })
  after(() => programs.remove())

  it('has a program that compiles, and no others', async () => {
    assert.deepEqual(programs.names, ['main.ts'])
    assert.deepEqual(programs.nameless, [])
    assert.equal(await programs.compile(), '')
  })

  it('mounts an inspector that shows what a visitor did', async () => {
    const server = await serving('main.ts', programs.folder)
    try {
      const page = await browser(server.url).open('/')
      await page.fill({ username: 'Ada' }).submit('Send')
      const { text } = await browser(server.url).open('/_dewar')
      assert.match(text, /POST \/ 303 .*GET \/thankyou 200/)
    } finally {
      await server.stop()
    }
  })

  it('mounts nothing in production', async () => {
    const env = { DEWAR_ENV: 'production', DEWAR_SECRET: 'x8Vn2QeP4mZt7KcR1yWd9LbJ5hGs3fUa' }
    const server = await serving('main.ts', programs.folder, env)
    try {
      assert.equal((await fetch(`${server.url}/_dewar`)).status, 404)
      assert.equal((await fetch(server.url)).status, 200)
    } finally {
      await server.stop()
    }
  })
})
