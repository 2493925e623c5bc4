import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { Desk, dewar, type Ran } from './dewar.ts'
import { ask } from './shop.ts'

const failed = (err: string): Ran => ({ code: 1, out: '', err: `dewar: ${err}\n` })
const misused = (err: string): Ran => ({ code: 2, out: '', err: `dewar: ${err} See dewar start --help.\n` })
const unsaid = { DEWAR_ENV: undefined, NODE_ENV: undefined }

const kept = `
  import { Dewar } from 'dewar'
  import { sqlite } from 'dewar/sqlite'

  const app = new Dewar({ store: sqlite('app.db') })
  app.get('/', () => 'front')
  let begun = 0
  app.get('/begun', () => String(begun))
  app.get('/slow', () => new Promise((resolve) => { begun += 1; setTimeout(() => resolve('slow'), 1000) }))
  app.get('/never', () => new Promise(() => { begun += 1 }))
  app.get('/broken', () => { throw new Error('it broke') })
  app.get('/late', () => { setTimeout(() => { throw new Error('too late') }, 5); return 'ok' })
  app.get('/env', () => [process.env.DEWAR_ENV ?? null, process.env.NODE_ENV ?? null])
  app.get('/whence', ({ url }) => url.href)
  export default app
`

describe('dewar start, refused', { concurrency: 4 }, () => {
  const desk = new Desk()
  let taken: Server
  before(async () => {
    desk.write('app.ts', kept)
    desk.write('sealed.ts', "import { Dewar } from 'dewar'\nexport default new Dewar()\n")
    desk.write('memory.ts', "import { Dewar, memory } from 'dewar'\nexport default new Dewar({ store: memory() })\n")
    taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
  })
  after(() => {
    taken.close()
    desk.remove()
  })

  const workers = '; it must be a whole number from 1 to 64.'
  const uses: readonly (readonly [string, string])[] = [
    ['', 'FILE is missing: the module whose default export is the app.'],
    ['app.ts --workers 0', `--workers is "0"${workers}`],
    ['app.ts --workers two', `--workers is "two"${workers}`],
    ['app.ts --workers 65', `--workers is "65"${workers}`],
    ['app.ts --workers 1.5', `--workers is "1.5"${workers}`],
    ['app.ts --port 65536', '--port is "65536"; it must be a whole number from 0 to 65535.'],
    ['app.ts --port http', '--port is "http"; it must be a whole number from 0 to 65535.'],
    [
      'app.ts --trust-proxy yes',
      '--trust-proxy is "yes"; it may be loopback, a number of proxies, or IP addresses with commas between.',
    ],
    ['app.ts --watch', 'There is no option --watch.'],
  ]
  for (const [words, says] of uses) {
    it(`is told, for “dewar start ${words}”: ${says}`, async () => {
      assert.deepEqual(await desk.run('start', ...words.split(' ').filter(Boolean)), misused(says))
    })
  }

  it('--help says how it is written, with an example', async () => {
    const { code, out } = await desk.run('start', '--help')
    assert.equal(code, 0)
    assert.ok(out.startsWith('dewar start FILE\n'), out)
    for (const option of ['port', 'host', 'workers', 'trust-proxy']) assert.match(out, new RegExp(`\n {2}--${option} `))
    assert.match(out, /\nExample:\n {2}dewar start app\.ts/)
    assert.ok(out.split('\n').every((line) => line.length <= 120))
  })

  for (const several of [[], ['--workers', '2']]) {
    const [many, words] = several.length === 0 ? ['', []] : [', told once by two workers', several]
    const startOf = (file: string, text: string): Promise<Ran> => {
      desk.write(file, text)
      return desk.run('start', file, ...words, '--port', '0')
    }

    it(`says what is wrong with a module${many}`, async () => {
      assert.deepEqual(await desk.run('start', 'none.ts', ...words), failed('There is no file none.ts.'))
      assert.deepEqual(
        await startOf(`nothing${words.length}.ts`, 'export const app = 1\n'),
        failed(`nothing${words.length}.ts has no default export that is a Dewar app. Write: export default app`),
      )
      assert.deepEqual(
        await startOf(`broken${words.length}.ts`, 'export default {\n  x: 1 2\n}\n'),
        failed(`broken${words.length}.ts:2: SyntaxError: Expected ',', got 'numeric literal'`),
      )
    })

    it(`says that a secret is weak, or that there is none${many}`, async () => {
      const start = (env: Record<string, string | undefined>): Promise<Ran> =>
        dewar(['start', 'app.ts', ...words, '--port', '0'], { folder: desk.folder, env: { ...unsaid, ...env } })
      const short = await start({ DEWAR_SECRET: 'short' })
      assert.deepEqual([short.code, short.out], [1, ''])
      assert.match(short.err, /^dewar: app\.ts:5: Secret 1 has 5 bytes; 32 are needed\. .* \[session\/\S+\]\n$/)
      const weak = await start({ DEWAR_SECRET: 'change-me-change-me-change-me-change-me' })
      assert.match(weak.err, /^dewar: app\.ts:5: Secret 1 is easy to guess\. .* \[session\/secret-weak\]\n$/)
      const none = await start({ DEWAR_SECRET: undefined })
      assert.match(none.err, /^dewar: app\.ts:5: .* \[session\/secret-missing\]\n$/)
    })

    it(`says that the port is in use, and what to do${many}`, async () => {
      const { port } = taken.address() as AddressInfo // it listens on a port
      const says = `Port ${port} on 127.0.0.1 is in use. Stop the program that listens there, or choose another port with --port.`
      assert.deepEqual(await desk.run('start', 'app.ts', ...words, '--port', `${port}`), failed(says))
      const env = { PORT: `${port}` }
      assert.deepEqual(await dewar(['start', 'app.ts', ...words], { folder: desk.folder, env }), failed(says))
    })

    it(`says that an app may not serve itself${many}`, async () => {
      const itself = `import { serve } from 'dewar/node'\n${kept}\nserve(app, { port: 0, quiet: true })\n`
      assert.deepEqual(
        await startOf(`itself${words.length}.ts`, itself),
        failed(
          `itself${words.length}.ts serves its app itself. Take serve(app) out of it, or run it without dewar: node itself${words.length}.ts`,
        ),
      )
      assert.deepEqual(
        await startOf(`main${words.length}.ts`, itself.replace('export default app', '')),
        failed(
          `main${words.length}.ts serves its app itself and exports none. Name the module that has: export default app`,
        ),
      )
    })
  }

  it('says that another app may be served by the module, and serves its own', async () => {
    const own = new Desk()
    own.write(
      'two.ts',
      `import { serve } from 'dewar/node'\n${kept}\nawait serve(new Dewar(), { port: 0, quiet: true })\n`,
    )
    const started = await own.start(['two.ts'])
    assert.equal((await ask(started.url)).text, 'front')
    started.process.kill('SIGTERM')
    assert.equal((await started.ended).code, 0)
    own.remove()
  })

  it('says that several workers need one store, also for an app that is mounted', async () => {
    const inCookies = (whose: string): string =>
      `${whose} keeps what was submitted in the memory of its process: with several workers a form that is sent twice could be done twice. Give it a store that they share, as store: sqlite('app.db'), or start one worker.`
    const two = (file: string): Promise<Ran> => desk.run('start', file, '--workers', '2', '--port', '0')
    assert.deepEqual(await two('sealed.ts'), failed(inCookies('sealed.ts')))
    assert.deepEqual(
      await two('memory.ts'),
      failed(
        "memory.ts keeps its sessions in the memory of its process: with several workers each would know other visitors. Give it a store that they share, as store: sqlite('app.db'), or start one worker.",
      ),
    )
    desk.write('apart.ts', kept.replace("'app.db'", "':memory:'"))
    const apart =
      'Each worker has a store of its own, so that a form that is sent twice could be done twice. Give them one that they share: a file, not :memory:.'
    assert.deepEqual(await two('apart.ts'), failed(apart))
    desk.write('outer.ts', `import inner from './sealed.ts'\n${kept}\napp.mount('/inner', inner)\n`)
    assert.deepEqual(await two('outer.ts'), failed(inCookies('An app that is mounted in outer.ts')))
  })

  it('says that several workers need a secret, in development', async () => {
    const env = { DEWAR_SECRET: undefined, DEWAR_ENV: 'development' }
    const words = ['start', 'app.ts', '--workers', '2', '--port', '0']
    const { code, err } = await dewar(words, { folder: desk.folder, env })
    assert.equal(code, 1)
    assert.match(err, /\ndewar: Several workers need one secret\. Set DEWAR_SECRET\.\n$/)
    assert.equal(err.match(/dewar: Several/g)?.length, 1)
  })
})

describe('dewar start with one process', { concurrency: 4 }, () => {
  const desk = new Desk()
  before(() => desk.write('app.ts', kept))
  after(() => desk.remove())

  it('is production where nothing else is said, before the app is made', async () => {
    const started = await desk.start(['app.ts'], unsaid)
    assert.deepEqual(JSON.parse((await ask(`${started.url}/env`)).text), ['production', 'production'])
    assert.doesNotMatch((await ask(`${started.url}/broken`)).text, /it broke/)
    assert.ok(existsSync(join(desk.folder, 'app.db')))
    started.process.kill('SIGTERM')
    const { code, out, err } = await started.ended
    assert.deepEqual([code, out], [0, ''])
    assert.deepEqual(
      started.log().map(({ level, event }) => `${level} ${event}`),
      ['info listening', 'error request-failed', 'info stopping', 'info stopped'],
      err,
    )
  })

  it('is development if that is said, tells so, and says its address in a plain line', async () => {
    for (const env of [{ DEWAR_ENV: 'development' }, { DEWAR_ENV: undefined, NODE_ENV: 'development' }]) {
      const [name] = Object.entries(env).find(([, value]) => value !== undefined) ?? []
      const started = await desk.start(['app.ts'], env)
      const says = `dewar: This is development, as ${name} is development. For production unset it.\n`
      assert.equal(started.said(), `${says}listening on ${started.url}\n`)
      started.process.kill('SIGTERM')
      assert.equal((await started.ended).err, `${says}listening on ${started.url}\nstopping: SIGTERM\nstopped\n`)
    }
  })

  it('logs what nobody catches, and lives', async () => {
    const started = await desk.start(['app.ts'])
    await ask(`${started.url}/late`)
    while (!started.said().includes('too late')) await wait(20)
    assert.equal((await ask(started.url)).text, 'front')
    assert.deepEqual(
      started.log().map(({ event }) => event),
      ['listening', 'uncaught'],
    )
    started.process.kill('SIGTERM')
    assert.equal((await started.ended).code, 0)
  })

  it('believes the proxies that it is told to, and nobody else', async () => {
    const headers = { 'x-forwarded-host': 'shop.example', 'x-forwarded-proto': 'https', 'x-forwarded-for': '192.0.2.1' }
    for (const [words, isBelieved] of [
      [[], false],
      [['--trust-proxy', '192.0.2.9'], false],
      [['--trust-proxy', '192.0.2.9, 127.0.0.1'], true],
      [['--trust-proxy', 'loopback'], true],
      [['--trust-proxy', '1'], true],
    ] as const) {
      const started = await desk.start(['app.ts', ...words])
      const whence = await (await fetch(`${started.url}/whence`, { headers })).text()
      assert.equal(whence, isBelieved ? 'https://shop.example/whence' : `${started.url}/whence`)
      started.process.kill('SIGKILL')
    }
  })

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`lets the request that runs finish when ${signal} comes, accepts no other, and exits 0`, async () => {
      const started = await desk.start(['app.ts'])
      const slow = ask(`${started.url}/slow`)
      while ((await ask(`${started.url}/begun`)).text !== '1') await wait(10)
      started.process.kill(signal)
      while (!started.said().includes('"stopping"')) await wait(10)
      await assert.rejects(ask(started.url), /ECONNREFUSED|ECONNRESET|hang up/)
      assert.equal((await slow).text, 'slow')
      assert.equal((await started.ended).code, 0)
      assert.equal(started.log()[1]?.signal, signal)
    })
  }

  it('ends at once when a second signal comes', async () => {
    const started = await desk.start(['app.ts'])
    const never = assert.rejects(ask(`${started.url}/never`))
    while ((await ask(`${started.url}/begun`)).text !== '1') await wait(10)
    started.process.kill('SIGTERM')
    while (!started.said().includes('"stopping"')) await wait(10)
    started.process.kill('SIGTERM')
    assert.equal((await started.ended).code, 1)
    await never
  })
})
