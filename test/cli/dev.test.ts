import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { networkInterfaces } from 'node:os'
import { after, before, describe, it } from 'node:test'
import { skipWithout } from '../browser/needs.ts'
import { ask, DevDesk, until } from './developing.ts'
import { dewar, type Ran } from './dewar.ts'
import { script, seenOnTerminal } from './on-terminal.ts'

const failed = (err: string): Ran => ({ code: 1, out: '', err: `dewar: ${err}\n` })
const misused = (err: string): Ran => ({ code: 2, out: '', err: `dewar: ${err} See dewar dev --help.\n` })

const app = `
  import { Dewar, html } from 'dewar'
  const app = new Dewar()
  app.get('/', () => html\`<!doctype html><title>Tea</title><body><p>tea</p></body>\`)
  app.get('/throws', () => {
    throw new Error('it broke')
  })
  export default app
`
const page = { accept: 'text/html', 'sec-fetch-dest': 'document' }

describe('dewar dev', { concurrency: 2 }, () => {
  const desk = new DevDesk()
  let taken: Server
  let port = 0
  before(async () => {
    desk.write('app.ts', app)
    taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    port = (taken.address() as AddressInfo).port // it listens on a port
  })
  after(() => {
    taken.close()
    desk.remove()
  })

  const uses: readonly (readonly [string, string])[] = [
    ['', 'FILE is missing: the module whose default export is the app.'],
    ['app.ts --port 65536', '--port is "65536"; it must be a whole number from 0 to 65535.'],
    ['app.ts --watch', 'There is no option --watch.'],
    ['app.ts other.ts', '"other.ts" is one word too many.'],
  ]
  for (const [words, says] of uses) {
    it(`is told, for “dewar dev ${words}”: ${says}`, async () => {
      assert.deepEqual(await desk.run('dev', ...words.split(' ').filter(Boolean)), misused(says))
    })
  }

  it('--help says how it is written, with an example', async () => {
    const { code, out } = await desk.run('dev', '--help')
    assert.equal(code, 0)
    assert.ok(out.startsWith('dewar dev FILE\n'), out)
    assert.match(out, /\nExample:\n {2}dewar dev app\.ts/)
    assert.ok(out.split('\n').every((line) => line.length <= 120))
  })

  it('ends with 1 for a file that is not there, and for a folder', async () => {
    assert.deepEqual(await desk.run('dev', 'none.ts'), failed('There is no file none.ts.'))
    assert.deepEqual(await desk.run('dev', '.'), failed('There is no file ..'))
  })

  it('says that this machine has no such address, and that a port is none', async () => {
    const { code, err } = await desk.run('dev', 'app.ts', '--host', '203.0.113.1', '--port', '0')
    assert.equal(code, 1)
    assert.match(err, /^dewar: This machine cannot listen there: .* Choose another address with --host\.\n$/)
    const env = { PORT: 'http' }
    const { err: told, code: end } = await dewar(['dev', 'app.ts'], { folder: desk.folder, env })
    assert.equal(end, 1)
    assert.match(told, /^dewar: The port is "http"; it must be a whole number from 0 to 65535\. /)
  })

  it('is refused by a Node that cannot tell which files an app loads', async () => {
    const old = "data:text/javascript,import module from 'node:module'; delete module.registerHooks"
    const env = { NODE_OPTIONS: `--import "${old}"` }
    assert.deepEqual(
      await dewar(['dev', 'app.ts'], { folder: desk.folder, env }),
      failed(`dewar dev needs Node 22.15 or newer, and this is ${process.version}.`),
    )
  })

  it('takes the next free port where one is in use, and says so', async () => {
    for (const [words, env] of [
      [['--port', `${port}`], {}],
      [['--port', `${port}`], { PORT: '1' }],
    ] as const) {
      const developing = await desk.dev(['app.ts', ...words], env)
      assert.ok(Number(new URL(developing.url).port) > port)
      assert.equal(developing.err, `dewar: Port ${port} is in use: listening on ${developing.url}\n`)
      assert.match(await developing.page(), /tea/)
    }
  })

  it('shows an error with its source, to this machine alone', async () => {
    const developing = await desk.dev(['app.ts', '--host', '0.0.0.0'])
    assert.match(developing.out, / {2}app +http:\/\/127\.0\.0\.1:\d+ \(listening on 0\.0\.0\.0\)\n/)
    const { status, text, headers } = await developing.ask('/throws', page)
    assert.deepEqual([status, headers['cache-control']], [500, 'no-store'])
    assert.match(text, /it broke[\s\S]*app\.ts/)
    assert.match(text, /new Error\(|<span class="shj-/)
    const others = [{ host: 'tea.example' }, { host: '192.0.2.1' }]
    for (const other of others) {
      assert.doesNotMatch(await developing.page('/throws', { ...page, ...other }), /it broke|_dewar|app\.ts/)
      assert.doesNotMatch(await developing.page('/', { ...page, ...other }), /_dewar/)
      assert.equal((await developing.ask('/_dewar/reload', other)).status, 404)
      assert.equal((await developing.ask('/_dewar/reload.js', other)).status, 404)
    }
    assert.match(await developing.page('/', page), /_dewar\/reload\.js/)
    for (const address of ownAddresses()) {
      const url = new URL(developing.url)
      url.hostname = address
      assert.equal((await ask(`${url.origin}/_dewar/reload.js`)).status, 404)
      assert.equal((await ask(`${url.origin}/_dewar/reload.js`, { host: 'localhost' })).status, 404)
      assert.doesNotMatch((await ask(`${url.origin}/throws`, page)).text, /it broke/)
    }
  })

  for (const host of ['0', '0.0.0.0', '::', '::0']) {
    it(`says where this machine reaches it, and its inspector, with --host ${host}`, async () => {
      const developing = await desk.dev(['app.ts', '--host', host])
      assert.match(await developing.page(), /tea/)
      assert.match(developing.url, /^http:\/\/127\.0\.0\.1:\d+$/)
      assert.ok(
        developing.out.includes(` (listening on ${host})\n  inspector  ${developing.url}/_dewar\n`),
        developing.out,
      )
      assert.equal((await developing.ask('/_dewar')).status, 200)
    })
  }

  it('says nothing of an inspector where that does not answer', async () => {
    for (const address of ownAddresses()) {
      const developing = await desk.dev(['app.ts', '--host', address])
      assert.match(await developing.page(), /tea/)
      assert.equal(new URL(developing.url).hostname, address)
      assert.doesNotMatch(developing.out, /_dewar/)
      assert.equal((await developing.ask('/_dewar')).status, 404)
    }
  })

  it('says without colours what was asked, where it is no terminal', async () => {
    const developing = await desk.dev(['app.ts'])
    await developing.page('/none?secret=1')
    await until(() => developing.out.includes(' ms\n'))
    assert.match(developing.out, /\n\d\d:\d\d:\d\d GET \/none 404 [\d.]+ ms\n$/)
    assert.ok(!developing.out.includes('secret') && !developing.out.includes('\u001b'), developing.out)
  })
})

describe('dewar dev on a terminal', { skip: skipWithout(script) }, () => {
  const desk = new DevDesk()
  before(() =>
    desk.write(
      'ends.ts',
      `${app}\nsetTimeout(async () => {
        await app.fetch(new Request('http://localhost/'))
        process.kill(process.ppid, 'SIGINT')
      }, 300)\n`,
    ),
  )
  after(() => desk.remove())

  const seen = (env: Readonly<Record<string, string>> = {}): Promise<string> =>
    seenOnTerminal('dev ends.ts --port 0', { folder: desk.folder, env })

  it('colours addresses and the status of an answer', async () => {
    const text = await seen()
    assert.match(text, / {2}app {8}ESC\[36mhttp:\/\/127\.0\.0\.1:\d+ESC\[39m\r\n/)
    assert.match(text, /GET \/ ESC\[32m200ESC\[39m [\d.]+ ms\r\n/)
    assert.doesNotMatch(text, /ESC\[[HJ2]/) // nothing is wiped
  })

  it('colours nothing where NO_COLOR is set', async () => {
    const text = await seen({ NO_COLOR: '1' })
    assert.match(text, /GET \/ 200 [\d.]+ ms\r\n/)
    assert.doesNotMatch(text, /ESC/)
  })
})

/** The addresses of this machine that others reach it by. */
function ownAddresses(): readonly string[] {
  return Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address)
}
