import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdirSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { Desk, secret } from './dewar.ts'
import { ask } from './shop.ts'

const other = 'Uq2Wc8Ze5Rb1Tn7Ym4Ko9Lp3Xa6Vs0Hd'
const app = `
  import { Dewar } from 'dewar'
  import { sqlite } from 'dewar/sqlite'
  const app = new Dewar({ store: sqlite('app.db') })
  app.get('/' + (process.env.PLACE ?? 'nowhere'), () => [process.env.DEWAR_SECRET, process.env.PLACE])
  export default app
`

describe('the file .env', { concurrency: 4 }, () => {
  const desk = new Desk()
  before(() => {
    desk.write('app.ts', app)
    desk.write('.env', `# of this machine\nDEWAR_SECRET=${other}\nPLACE="here"\n`)
  })
  after(() => desk.remove())

  it('is read by each command that takes an app, before the app is imported', async () => {
    const env = { DEWAR_SECRET: undefined } // without a secret nothing opens the app in production
    const routes = await desk.runWith(env, 'routes', 'app.ts')
    assert.match(routes.out, /^GET +\/here /m)
    const doctor = await desk.runWith({ ...env, PORT: '0' }, 'doctor', 'app.ts')
    assert.match(doctor.out, /^ok +secret +DEWAR_SECRET is set,/m)
    const words = ['sessions init', 'sessions sweep', 'sessions list ada', 'sessions revoke --user ada'] as const
    for (const [first = '', second = '', ...rest] of words.map((text) => text.split(' '))) {
      const { code, err } = await desk.runWith(env, first, second, 'app.ts', ...rest)
      assert.deepEqual([code, err], [0, ''], second)
    }
  })

  it('gives dewar start its secret, and its workers', async () => {
    for (const words of [[], ['--workers', '2']]) {
      const started = await desk.start(['app.ts', ...words], { DEWAR_SECRET: undefined, DEWAR_ENV: undefined })
      assert.deepEqual(JSON.parse((await ask(`${started.url}/here`)).text), [other, 'here'])
      started.process.kill('SIGTERM')
      assert.equal((await started.ended).code, 0)
    }
  })

  it('gives dewar start its port', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as AddressInfo // it listens on a port
    const own = new Desk()
    own.write('app.ts', app)
    own.write('.env', `DEWAR_SECRET=${other}\nPORT=${port}\n`)
    const { code, err } = await own.runWith({ DEWAR_SECRET: undefined, PORT: undefined }, 'start', 'app.ts')
    taken.close()
    own.remove()
    assert.equal(code, 1)
    assert.match(err, new RegExp(`^dewar: Port ${port} on 127\\.0\\.0\\.1 is in use\\.`))
  })

  it('changes nothing that is set in the environment', async () => {
    assert.match((await desk.runWith({ PLACE: 'there' }, 'routes', 'app.ts')).out, /^GET +\/there /m)
    const started = await desk.start(['app.ts'], { PLACE: 'there' })
    assert.deepEqual(JSON.parse((await ask(`${started.url}/there`)).text), [secret, 'there'])
    started.process.kill('SIGTERM')
    assert.equal((await started.ended).code, 0)
  })

  it('is that of the folder where the command runs, not that of the app', async () => {
    mkdirSync(join(desk.folder, 'below'))
    const below = new Desk(join(desk.folder, 'below'))
    assert.match((await below.run('routes', '../app.ts')).out, /^GET +\/nowhere /m)
  })

  it('that cannot be read is told, and nothing is done', async () => {
    const own = new Desk()
    own.write('app.ts', app)
    mkdirSync(join(own.folder, '.env'))
    const { code, out, err } = await own.run('routes', 'app.ts')
    assert.deepEqual([code, out], [1, ''])
    assert.match(err, /^dewar: The file \.env of this folder cannot be read: .+\n$/)
    assert.equal((await own.run('secret')).code, 0) // it takes no app
    rmSync(own.folder, { recursive: true })
  })
})
