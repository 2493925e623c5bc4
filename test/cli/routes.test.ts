import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { Desk, type Ran } from './dewar.ts'

const zod = import.meta.resolve('zod')
const shop = `
  import { Dewar, form } from 'dewar'
  import { sqlite } from 'dewar/sqlite'
  import * as z from '${zod}'

  const search = form(z.object({ q: z.string(), page: z.number().default(1) }), { method: 'get' })
  const order = form(
    z.object({
      name: z.string(),
      count: z.int(),
      gift: z.boolean(),
      size: z.enum(['s', 'm']),
      address: z.object({ city: z.string() }),
      tags: z.array(z.string()),
      items: z.array(z.object({ sku: z.string(), day: z.date() })),
      photo: z.file(),
    }),
  )
  const silent = form({ '~standard': { version: 1, vendor: 'own', validate: (value) => ({ value }) } })

  const app = new Dewar({ store: sqlite('app.db') })
  app.use(async function timing(_, next) { return next() })
  app.use('/orders/', (_, next) => next())
  app.get('/', () => 'hello')
  app.get('/search', search, () => 'found')
  app.form('/orders/:id', order, { view: () => '', submit: () => '', guard: () => {} })
  app.post('/like', () => '')
  app.post('/pay', silent, () => '', { once: { mode: 'guard' } })
  app.put('/things/:id', () => '', { once: true })
  app.delete('/things/:id', () => '', { guard: () => {} })
  app.mount('/static', () => new Response())

  const admin = new Dewar()
  admin.use(function admins(_, next) { return next() })
  admin.use('/users', function onlyAdmins(_, next) { return next() })
  admin.get('/', () => 'admin')
  admin.form('/users', form(z.object({})), { view: () => '', submit: () => '' })
  app.mount('/admin', admin)
  export default app
`
const done = (...lines: string[]): Ran => ({ code: 0, out: `${lines.join('\n')}\n`, err: '' })

describe('dewar routes', { concurrency: 4 }, () => {
  const desk = new Desk()
  after(() => desk.remove())

  const routesOf = async (file: string, text: string): Promise<Ran> => {
    desk.write(file, text)
    return desk.run('routes', file)
  }

  it('lists what an app answers in its order, with what is mounted in it, and opens no store', async () => {
    const asks =
      'name: text, count: number, gift: checkbox, size: choice, address.city: text, ' +
      'tags: list of text, items.*.sku: text, items.*.day: date, photo: file'
    const says = done(
      'METHOD  PATH          GUARD  ONCE       FORM',
      'GET     /             -      -          -',
      'GET     /search       -      -          q: text, page: number',
      'GET     /orders/:id   yes    -          is shown',
      `POST    /orders/:id   yes    tx         ${asks}`,
      'POST    /like         -      each time  -',
      'POST    /pay          -      guard      fields unknown',
      'PUT     /things/:id   -      tx         -',
      'DELETE  /things/:id   yes    each time  -',
      'ANY     /static/**    -      -          mounts a function',
      'ANY     /admin/**     -      -          mounts an app',
      'GET     /admin/       -      -          -',
      'GET     /admin/users  -      -          is shown',
      'POST    /admin/users  -      guard      no fields',
      '',
      'MIDDLEWARE  AT AND BELOW',
      'timing      /',
      '-           /orders',
      'admins      /admin',
      'onlyAdmins  /admin/users',
    )
    assert.deepEqual(await routesOf('shop.ts', shop), says)
    assert.equal(existsSync(join(desk.folder, 'app.db')), false)
  })

  it('needs no secret, and says nothing of one', async () => {
    desk.write('secretless.ts', "import { Dewar } from 'dewar'\nexport default new Dewar()\n")
    for (const environment of ['development', 'production']) {
      const env = { DEWAR_SECRET: undefined, DEWAR_ENV: environment }
      assert.deepEqual(await desk.runWith(env, 'routes', 'secretless.ts'), done('secretless.ts has no routes.'))
    }
  })

  it('says that an app has none', async () => {
    const text = "import { Dewar } from 'dewar'\nexport default new Dewar()\n"
    assert.deepEqual(await routesOf('none.ts', text), done('none.ts has no routes.'))
  })

  it('comes to an end with apps that are mounted in each other', async () => {
    const text = `
      import { Dewar } from 'dewar'
      const [one, other] = [new Dewar(), new Dewar()]
      one.use((_, next) => next())
      one.mount('/other', other)
      other.mount('/one', one)
      other.mount('/self', other)
      export default one
    `
    const says = done(
      'METHOD  PATH            GUARD  ONCE  FORM',
      'ANY     /other/**       -      -     mounts an app',
      'ANY     /other/one/**   -      -     mounts an app',
      'ANY     /other/self/**  -      -     mounts an app',
      '',
      'MIDDLEWARE  AT AND BELOW',
      '-           /',
    )
    assert.deepEqual(await routesOf('each.ts', text), says)
  })

  it('sends nothing to a terminal that moves its cursor', async () => {
    const text = `
      import { Dewar } from 'dewar'
      const app = new Dewar()
      app.get('/\\u009b2J', () => '')
      export default app
    `
    const { out } = await routesOf('moves.ts', text)
    assert.match(out, /^METHOD {2}PATH.*\nGET {5}\/\?2J /)
  })

  it('says what is wrong with a file, as every command does', async () => {
    const failed = (err: string): Ran => ({ code: 1, out: '', err: `dewar: ${err}\n` })
    assert.deepEqual(await desk.run('routes', 'absent.ts'), failed('There is no file absent.ts.'))
    assert.deepEqual(
      await routesOf('number.ts', 'export default 1\n'),
      failed('number.ts has no default export that is a Dewar app. Write: export default app'),
    )
    assert.deepEqual(
      await routesOf('broken.ts', 'export default {\n  x: 1 2\n}\n'),
      failed("broken.ts:2: SyntaxError: Expected ',', got 'numeric literal'"),
    )
  })

  it('--help says how it is written, with an example', async () => {
    const { code, out } = await desk.run('routes', '--help')
    assert.equal(code, 0)
    assert.match(out, /^dewar routes FILE\n[\s\S]*\nExample:\n {2}dewar routes app\.ts\n$/)
  })
})
