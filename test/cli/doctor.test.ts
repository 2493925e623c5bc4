import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { after, before, describe, it } from 'node:test'
import * as z from 'zod'
import { houseOf } from '../../src/app/dewar.ts'
import { checkUploads } from '../../src/cli/check-uploads.ts'
import { DewarError } from '../../src/errors/dewar-error.ts'
import { Dewar, form } from '../../src/index.ts'
import { freePort } from '../store/servers/free-port.ts'
import { type PostgresServer, skipPostgres, startPostgres } from '../store/servers/postgres-server.ts'
import { skipRedis, startRedis } from '../store/servers/redis-server.ts'
import { Desk, type Ran, secret } from './dewar.ts'

const stored = (store: string, imports = ''): string => `
  import { Dewar } from 'dewar'
  import { ${store.split('(')[0]} } from 'dewar/${store.split('(')[0]}'
  ${imports}
  export default new Dewar({ store: ${store} })
`
const sealed = (options = ''): string => `import { Dewar } from 'dewar'\nexport default new Dewar(${options})\n`

/** What was said about something, verdict first. */
function about(ran: Ran, subject: string): string {
  const lines = ran.out.split('\n').map((line) => line.split(/ {2,}/))
  const said = lines.filter(([, each]) => each === subject).map(([verdict, , says]) => `${verdict}: ${says}`)
  return said.join('\n')
}

describe('dewar doctor', { concurrency: 3 }, () => {
  const desk = new Desk()
  let port = 0
  before(async () => {
    port = await freePort()
    desk.write('sealed.ts', sealed())
    desk.write('sqlite.ts', stored("sqlite('app.db')"))
  })
  after(() => desk.remove())

  const examine = (file: string, env: Readonly<Record<string, string | undefined>> = {}): Promise<Ran> => {
    return desk.runWith({ PORT: `${port}`, HOST: undefined, NODE_ENV: undefined, ...env }, 'doctor', file)
  }

  it('has nothing against an app on SQLite that is set up for production', async () => {
    const ran = await examine('sqlite.ts')
    const https =
      'put a proxy that speaks https in front, and name it: dewar start --trust-proxy, or serve(app, { trustProxy }).'
    const lines = [
      `ok  node         Node ${process.version}.`,
      'ok  environment  It is production.',
      'ok  secret       DEWAR_SECRET is set, long enough and not easy to guess.',
      'ok  store        sqlite is ready; a session was written to it, read and removed.',
      'ok  durability   journal_mode is wal, synchronous FULL: what is committed is on disk.',
      `ok  address      127.0.0.1 port ${port}, by HOST and PORT, is free. serve(app, { host, port }) may say another.`,
      `ok  cookies      127.0.0.1 is this machine alone. For visitors from elsewhere, ${https}`,
      'ok  uploads      A file was written to the folder for files on their way, and removed.',
    ]
    assert.deepEqual(ran, { code: 0, out: `${lines.join('\n')}\n`, err: '' })
    const sessions = await desk.run('sessions', 'sweep', 'sqlite.ts')
    assert.equal(sessions.out, 'Removed 0 rows that were over.\n')
  })

  it('leaves no session in the store', async () => {
    desk.write('count.ts', `${stored("sqlite('count.db')")}`)
    desk.write(
      'counted.ts',
      "import app from './count.ts'\nconsole.log(await app.sessions.count())\nexport default app\n",
    )
    await examine('count.ts')
    assert.match((await desk.run('sessions', 'sweep', 'counted.ts')).out, /^0\n/)
  })

  it('looks at the stores of apps that are mounted too, and at one that is shared once', async () => {
    desk.write(
      'house.ts',
      `import { Dewar, memory } from 'dewar'
      import { sqlite } from 'dewar/sqlite'
      const shared = sqlite('house.db')
      const app = new Dewar({ store: shared })
      app.mount('/shared', new Dewar({ store: shared }))
      app.mount('/lost', new Dewar({ store: memory() }))
      export default app`,
    )
    const ran = await examine('house.ts')
    assert.match(about(ran, 'store'), /^ok: sqlite is ready; [^\n]*$/)
    assert.match(about(ran, 'store, mounted'), /^warn: Sessions are kept in the memory of the process [^\n]*$/)
  })

  it('fails without a secret and with a weak one, and then looks at what is left', async () => {
    const missing = await examine('sealed.ts', { DEWAR_SECRET: undefined })
    assert.equal(missing.code, 1)
    assert.match(about(missing, 'secret'), /^fail: There is no secret\. .*`npx dewar secret`.* were not looked at\.$/)
    assert.match(about(missing, 'address'), /^ok: /)
    for (const subject of ['environment', 'store', 'uploads']) assert.equal(about(missing, subject), '')
    const weak = await examine('sealed.ts', { DEWAR_SECRET: 'change-me-change-me-change-me-change-me' })
    assert.equal(weak.code, 1)
    assert.match(about(weak, 'secret'), /^fail: Secret 1 is easy to guess\. /)
    assert.doesNotMatch(weak.out, /change-me/)
  })

  it('fails without a secret also where development would have made one', async () => {
    const ran = await examine('sealed.ts', { DEWAR_SECRET: undefined, DEWAR_ENV: undefined })
    assert.equal(ran.code, 1)
    assert.match(about(ran, 'secret'), /^fail: There is no secret\./)
  })

  it('finds the secret that an app reads from a file, and tells one that it was made with', async () => {
    desk.write('secrets.env', 'DEWAR_SECRET=Uq2Wc8Ze5Rb1Tn7Ym4Ko9Lp3Xa6Vs0Hd,vJ3kQ8wZ1mN5xT7rB2hL9pD4sF6gC0yA\n')
    desk.write('load.ts', "process.loadEnvFile('secrets.env')\n")
    desk.write('file.ts', `import './load.ts'\n${sealed()}`)
    const ofFile = await examine('file.ts', { DEWAR_SECRET: undefined })
    assert.match(about(ofFile, 'secret'), /^ok: DEWAR_SECRET has 2 secrets, /)
    desk.write('own.ts', sealed("{ secret: 'Uq2Wc8Ze5Rb1Tn7Ym4Ko9Lp3Xa6Vs0Hd' }"))
    const own = await examine('own.ts', { DEWAR_SECRET: undefined })
    assert.match(about(own, 'secret'), /^warn: It is an option of the app, /)
    assert.equal(own.code, 0)
  })

  it('warns where nothing says production, and fails where the app says otherwise', async () => {
    const unsaid = await examine('sealed.ts', { DEWAR_ENV: undefined })
    assert.match(about(unsaid, 'environment'), /^warn: Neither DEWAR_ENV nor NODE_ENV said production/)
    assert.equal(unsaid.code, 0)
    desk.write('teaching.ts', sealed("{ env: 'development' }"))
    const teaching = await examine('teaching.ts')
    assert.match(about(teaching, 'environment'), /^fail: The app is made with env: "development"/)
    assert.equal(teaching.code, 1)
  })

  it('warns of sessions that are nowhere but in cookies, or in the memory of a process', async () => {
    const inCookies = await examine('sealed.ts')
    assert.match(about(inCookies, 'store'), /^warn: Sessions are sealed into cookies: they cannot be listed or ended/)
    assert.equal(inCookies.code, 0)
    desk.write('memory.ts', "import { Dewar, memory } from 'dewar'\nexport default new Dewar({ store: memory() })\n")
    assert.match(about(await examine('memory.ts'), 'store'), /^warn: .* in the memory of the process and lost with it/)
  })

  it('fails when a store is away, may not be written, or is lost with the process', async () => {
    const away = `new pg.Pool({ host: '127.0.0.1', port: ${await freePort()} })`
    desk.write('away.ts', stored(`postgres(${away})`, `import pg from '${import.meta.resolve('pg')}'`))
    const refused = await examine('away.ts')
    assert.equal(refused.code, 1)
    assert.match(
      about(refused, 'store'),
      /^fail: The store cannot be asked: connect ECONNREFUSED .*\[store\/unavailable\]$/,
    )
    assert.match(about(refused, 'uploads'), /^ok: /)

    desk.write('nowhere.ts', stored("sqlite('no/such/folder/app.db')"))
    assert.match(
      about(await examine('nowhere.ts'), 'store'),
      /^fail: The database no\/such\/folder\/app\.db cannot be /,
    )

    desk.write('in-memory.ts', stored("sqlite(':memory:')"))
    const inMemory = await examine('in-memory.ts')
    assert.equal(inMemory.code, 1)
    assert.match(about(inMemory, 'durability'), /^fail: journal_mode is memory, .* lost with the process\./)
  })

  it('warns of a port that is in use, and fails for one that cannot be had', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    assert.ok(typeof address === 'object' && address !== null)
    const taken = await examine('sealed.ts', { PORT: `${address.port}` })
    server.close()
    assert.equal(
      about(taken, 'address'),
      `warn: 127.0.0.1 port ${address.port} is in use. If it is not by this app, set HOST or PORT.`,
    )
    assert.equal(taken.code, 0)
    const wrong = await examine('sealed.ts', { PORT: '80.5' })
    assert.equal(about(wrong, 'address'), 'fail: PORT is "80.5"; it must be a whole number from 0 to 65535.')
    assert.equal(wrong.code, 1)
    const foreign = await examine('sealed.ts', { HOST: '203.0.113.1' })
    assert.match(about(foreign, 'address'), /^fail: Nobody can listen on 203\.0\.113\.1 port \d+: .*EADDRNOTAVAIL/)
    assert.equal(foreign.code, 1)
  })

  it('warns of cookies that browsers drop where others can ask over plain http', async () => {
    const open = await examine('sealed.ts', { HOST: '0.0.0.0' })
    assert.match(
      about(open, 'cookies'),
      /^warn: 0\.0\.0\.0 is open to others, whose browsers drop the cookies, .*trustProxy/,
    )
    assert.match(about(await examine('sealed.ts', { HOST: '::1' }), 'cookies'), /^ok: ::1 is this machine alone\. /)
  })

  it('fails when no file can be taken and a form asks for one, and warns when none does', async () => {
    const folder = "{ uploads: { folder: 'sealed.ts/below' } }"
    desk.write('no-folder.ts', sealed(folder))
    const warned = await examine('no-folder.ts')
    assert.match(about(warned, 'uploads'), /^warn: No file could be taken, .*ENOTDIR/)
    assert.equal(warned.code, 0)
    const text = `
      import { Dewar, form } from 'dewar'
      import * as z from '${import.meta.resolve('zod')}'
      const app = new Dewar(${folder})
      app.form('/', form(z.object({ photo: z.file() })), { view: () => '', submit: () => '' })
      export default app
    `
    desk.write('photo.ts', text)
    const failed = await examine('photo.ts')
    assert.match(about(failed, 'uploads'), /^fail: No file can be taken: .*ENOTDIR.*\. Set uploads\.folder\.$/)
    assert.equal(failed.code, 1)
  })

  it('fails when a form asks for a file and nobody can tell its type, and needs nobody where none does', async () => {
    const missing = async (): Promise<never> => {
      throw new DewarError('upload/sniffer-missing')
    }
    const app = new Dewar({ secret })
    assert.equal((await checkUploads(houseOf(app), missing)).verdict, 'ok')
    app.form('/', form(z.object({ photo: z.file() })), { view: () => '', submit: () => '' })
    const { verdict, says } = await checkUploads(houseOf(app), missing)
    assert.equal(verdict, 'fail')
    assert.match(says, /npm install file-type\. \[upload\/sniffer-missing\]$/)
    assert.equal((await checkUploads(houseOf(app))).verdict, 'ok')
  })

  it('says what is wrong with a file, as every command does', async () => {
    const failed = (err: string): Ran => ({ code: 1, out: '', err: `dewar: ${err}\n` })
    assert.deepEqual(await examine('absent.ts'), failed('There is no file absent.ts.'))
    desk.write('broken.ts', 'export default {\n  x: 1 2\n}\n')
    assert.deepEqual(
      await examine('broken.ts'),
      failed("broken.ts:2: SyntaxError: Expected ',', got 'numeric literal'"),
    )
    desk.write('number.ts', 'export default 1\n')
    assert.match((await examine('number.ts')).err, /^dewar: number\.ts has no default export that is a Dewar app\./)
  })

  it('--help says how it is written, with an example', async () => {
    const { code, out } = await desk.run('doctor', '--help')
    assert.equal(code, 0)
    assert.match(out, /^dewar doctor FILE\n[\s\S]*\nExample:\n {2}dewar doctor app\.ts\n$/)
  })
})

describe('dewar doctor, of an app on PostgreSQL', { skip: skipPostgres }, () => {
  const desk = new Desk()
  let server: PostgresServer
  before(async () => {
    server = await startPostgres({ fsync: 'on' })
  })
  after(async () => {
    await server.stop()
    desk.remove()
  })

  const examine = (
    file: string,
    { port, options = '' }: { port: number; options?: string },
    before = '',
  ): Promise<Ran> => {
    const pool = `new pg.Pool({ host: '127.0.0.1', port: ${port}, user: 'app', database: 'postgres', options: '${options}' })`
    desk.write(file, before + stored(`postgres(${pool})`, `import pg from '${import.meta.resolve('pg')}'`))
    return desk.run('doctor', file)
  }

  it('asks the server what becomes of a commit, and what time it is', async () => {
    const ran = await examine('app.ts', { port: server.port })
    assert.equal(about(ran, 'store'), 'ok: postgres is ready; a session was written to it, read and removed.')
    assert.equal(about(ran, 'durability'), 'ok: fsync is on, synchronous_commit on: what is committed is on disk.')
    assert.equal(about(ran, 'clock'), "ok: The clock of the store's server and this one are less than a second apart.")
  })

  it('warns when the commits of the app may be lost, and fails when the database may', async () => {
    const hasty = await examine('hasty.ts', { port: server.port, options: '-c synchronous_commit=off' })
    assert.match(about(hasty, 'durability'), /^warn: fsync is on, synchronous_commit off: /)
    const careless = await startPostgres({ fsync: 'off' })
    try {
      const ran = await examine('careless.ts', { port: careless.port })
      assert.match(about(ran, 'durability'), /^fail: fsync is off, .* Set fsync = on in postgresql\.conf\.$/)
      assert.equal(ran.code, 1)
    } finally {
      await careless.stop()
    }
  })

  it('fails when the clocks are more than five seconds apart, either way', async () => {
    for (const [ms, verdict] of [
      [60_000, 'fail: '],
      [-60_000, 'fail: '],
      [3_000, 'ok: '],
    ] as const) {
      const ran = await examine(
        'late.ts',
        { port: server.port },
        `const now = Date.now\nDate.now = () => now() + ${ms}\n`,
      )
      const seconds = Math.abs(ms) / 1000
      assert.ok(
        about(ran, 'clock').startsWith(
          `${verdict}The clock of the store's server and this one are ${seconds} seconds apart.`,
        ),
        ran.out,
      )
    }
  })

  it('fails when the store may not be written', async () => {
    await examine('app.ts', { port: server.port })
    const ran = await examine('read.ts', { port: server.port, options: '-c default_transaction_read_only=on' })
    assert.match(about(ran, 'store'), /^fail: The store cannot be asked: cannot execute .* read-only transaction/)
    assert.equal(ran.code, 1)
  })
})

describe('dewar doctor, of an app on Redis', { skip: skipRedis }, () => {
  const desk = new Desk()
  after(() => desk.remove())

  const importing = `
    import { createClient } from '${import.meta.resolve('redis')}'
    import { Redis } from '${import.meta.resolve('ioredis')}'
  `
  const nodeRedis = (url: string): string => `await createClient({ url: '${url}', RESP: 3 }).connect()`
  const examine = async (settings: Readonly<Record<string, string>>, client = nodeRedis): Promise<Ran> => {
    const server = await startRedis(settings)
    try {
      desk.write('app.ts', stored(`redis(${client(server.url)})`, importing))
      return await desk.run('doctor', 'app.ts')
    } finally {
      await server.stop()
    }
  }

  it('asks the server what it keeps, and what time it is', async () => {
    const ran = await examine({ appendonly: 'yes' })
    assert.equal(about(ran, 'store'), 'ok: redis is ready; a session was written to it, read and removed.')
    assert.equal(about(ran, 'memory'), 'ok: maxmemory-policy is noeviction: nothing is forgotten when it is full.')
    assert.equal(
      about(ran, 'durability'),
      'ok: appendonly is yes, appendfsync everysec: up to a second is lost when the power fails.',
    )
    assert.equal(about(ran, 'clock'), "ok: The clock of the store's server and this one are less than a second apart.")
    assert.equal(ran.code, 0)
    for (const client of [
      (url: string) => `new Redis('${url}')`,
      (url: string) => `await createClient({ url: '${url}', RESP: 2 }).connect()`,
    ]) {
      const other = await examine({ appendonly: 'yes' }, client)
      for (const subject of ['store', 'memory', 'durability', 'clock']) {
        assert.equal(about(other, subject), about(ran, subject))
      }
    }
  })

  it('warns of one that keeps nothing on disk, or writes seldom', async () => {
    assert.match(about(await examine({}), 'durability'), /^warn: appendonly is no: .* Set appendonly yes\.$/)
    const seldom = await examine({ appendonly: 'yes', appendfsync: 'no' })
    assert.match(about(seldom, 'durability'), /^warn: appendonly is yes, appendfsync no: /)
    const always = await examine({ appendonly: 'yes', appendfsync: 'always' })
    assert.equal(
      about(always, 'durability'),
      'ok: appendonly is yes, appendfsync always: what is committed is on disk.',
    )
  })

  it('fails for one that forgets when its memory is full', async () => {
    const ran = await examine({ 'maxmemory-policy': 'allkeys-lru' })
    assert.match(about(ran, 'store'), /^fail: The server removes keys when its memory is full: .*allkeys-lru/)
    assert.equal(ran.code, 1)
  })
})
