import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { Dewar } from '../../src/index.ts'
import { Desk } from './dewar.ts'

describe('dewar secret', { concurrency: 4 }, () => {
  const desk = new Desk()
  after(() => desk.remove())

  it('prints one line, another one each time, that an app in production takes as its secret', async () => {
    const [first, second] = await Promise.all([desk.run('secret'), desk.run('secret')])
    assert.match(first.out, /^[\w-]{43}\n$/)
    assert.deepEqual([first.code, first.err, second.code, second.err], [0, '', 0, ''])
    assert.notEqual(first.out, second.out)
    assert.doesNotThrow(() => new Dewar({ env: 'production', secret: first.out }))
  })

  it('goes into the file of variables that other commands read', async () => {
    const { out } = await desk.run('secret')
    desk.write('.env', `DEWAR_SECRET=${out}`)
    assert.equal(readFileSync(join(desk.folder, '.env'), 'utf8').split('\n').length, 2)
    desk.write('app.mjs', "import { Dewar } from 'dewar'\nexport default new Dewar()\n")
    const { err } = await desk.runWith({ DEWAR_SECRET: undefined }, 'sessions', 'init', 'app.mjs')
    assert.match(err, /^dewar: app\.mjs has no store/)
  })

  it('takes nothing', async () => {
    const misused = { code: 2, out: '', err: 'dewar: "32" is one word too many. See dewar secret --help.\n' }
    assert.deepEqual(await desk.run('secret', '32'), misused)
  })

  it('--help says how it is written, with an example', async () => {
    const { code, out } = await desk.run('secret', '--help')
    assert.equal(code, 0)
    assert.match(out, /^dewar secret\n[\s\S]*\nExample:\n {2}echo "DEWAR_SECRET=\$\(npx dewar secret\)" >> \.env\n$/)
  })
})
