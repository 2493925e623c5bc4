import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { sqlite } from '../../src/sqlite.ts'
import { freePort } from '../store/servers/free-port.ts'
import { completing, kept, make, newId, now } from '../store/stage.ts'
import { Desk, type Ran } from './dewar.ts'

const app = `
  import { Dewar } from 'dewar'
  import { sqlite } from 'dewar/sqlite'

  export default new Dewar({ store: sqlite('app.db') })
`
const done = (out: string): Ran => ({ code: 0, out, err: '' })
const failed = (err: string): Ran => ({ code: 1, out: '', err })
const misused = (err: string): Ran => ({ code: 2, out: '', err })

describe('dewar sessions', { concurrency: 4 }, () => {
  const desk = new Desk()
  const store = sqlite(join(desk.folder, 'app.db'))

  before(() => desk.write('app.ts', app))
  after(async () => {
    await store.close()
    desk.remove()
  })

  it('init makes the tables, and may be done again', async () => {
    const own = new Desk()
    own.write('app.ts', app)
    for (let times = 0; times < 2; times++) {
      assert.deepEqual(await own.run('sessions', 'init', 'app.ts'), done('The sqlite store of app.ts is ready.\n'))
      assert.ok(existsSync(join(own.folder, 'app.db')))
    }
    own.remove()
  })

  it('sweep removes all that is over, however much it is, and nothing else', async () => {
    const own = new Desk()
    own.write('app.ts', app)
    const there = sqlite(join(own.folder, 'app.db'))
    const alive = await make(there)
    for (let times = 0; times < 120; times++) {
      await make(there, { expiresSeconds: now - 1, createdSeconds: now - 100, seenSeconds: now - 100 })
      await there.commit(completing(newId(), { expiresSeconds: now - 1 }))
    }
    assert.deepEqual(await own.run('sessions', 'sweep', 'app.ts'), done('Removed 240 rows that were over.\n'))
    assert.deepEqual(await own.run('sessions', 'sweep', 'app.ts'), done('Removed 0 rows that were over.\n'))
    assert.deepEqual(await kept(there, alive.family), alive)
    await there.close()
    own.remove()
  })

  it('list shows the sessions of a user, the one seen last first, and no text that moves a cursor', async () => {
    const user = 'list me'
    const device = { user, createdSeconds: 1_800_000_000, expiresSeconds: now + 1000 }
    const old = await make(store, { ...device, seenSeconds: 1_800_000_000, address: '203.0.113.9' })
    const userAgent = 'Evil/1.0\u001b[2J\u009b2J\n'
    const recent = await make(store, { ...device, seenSeconds: 1_800_000_060, userAgent })
    await make(store, { user: 'another' })
    const lines = [
      `2027-01-15T08:01:00Z  2027-01-15T08:00:00Z  ${recent.family}  -  Evil/1.0?[2J?2J \n`,
      `2027-01-15T08:00:00Z  2027-01-15T08:00:00Z  ${old.family}  203.0.113.9  -\n`,
    ]
    assert.deepEqual(await desk.run('sessions', 'list', 'app.ts', user), done(lines.join('')))
    assert.deepEqual(await desk.run('sessions', 'list', 'app.ts', 'nobody'), done('nobody has no sessions.\n'))
  })

  it('revoke ends one session, also one whose id begins with a dash', async () => {
    const [plain, dashed] = [await make(store), await make(store, { family: `-${newId().slice(1)}` })]
    for (const { family } of [plain, dashed]) {
      assert.deepEqual(await desk.run('sessions', 'revoke', 'app.ts', family), done('Ended 1 session.\n'))
      assert.equal(await kept(store, family), null)
      const none = failed(`dewar: There is no session ${family}, or it is over.\n`)
      assert.deepEqual(await desk.run('sessions', 'revoke', 'app.ts', family), none)
    }
  })

  it('revoke --user ends all of theirs', async () => {
    await make(store, { user: 'ada' })
    await make(store, { user: 'ada' })
    const bob = await make(store, { user: 'bob' })
    assert.deepEqual(await desk.run('sessions', 'revoke', 'app.ts', '--user', 'ada'), done('Ended 2 sessions.\n'))
    assert.deepEqual(await desk.run('sessions', 'revoke', '--user=ada', 'app.ts'), done('Ended 0 sessions.\n'))
    assert.deepEqual(await kept(store, bob.family), bob)
  })
})

describe('dewar sessions without a store to ask', { concurrency: 4 }, () => {
  const desk = new Desk()
  after(() => desk.remove())

  const initOf = async (file: string, text: string): Promise<Ran> => {
    desk.write(file, text)
    return desk.run('sessions', 'init', file)
  }

  it('says that there is no such file', async () => {
    assert.deepEqual(await desk.run('sessions', 'init', 'none.ts'), failed('dewar: There is no file none.ts.\n'))
  })

  it('says that a module has no default export that is an app', async () => {
    const sentence = (file: string): Ran =>
      failed(`dewar: ${file} has no default export that is a Dewar app. Write: export default app\n`)
    assert.deepEqual(await initOf('nothing.ts', 'export const app = 1\n'), sentence('nothing.ts'))
    assert.deepEqual(await initOf('object.ts', 'export default { fetch() {} }\n'), sentence('object.ts'))
  })

  it('says that an app is of another copy of dewar', async () => {
    const says = failed(
      'dewar: other.ts uses another copy of dewar than this command. Run the one that it uses: npx dewar.\n',
    )
    assert.deepEqual(await initOf('other.ts', 'class Dewar {}\nexport default new Dewar()\n'), says)
  })

  it('names the file and the line of a syntax error, also of one in another file', async () => {
    const broken = 'const fine = 1\nexport default {\n  x: 1 2\n}\n'
    const says = (place: string, error: string): Ran => failed(`dewar: ${place}: SyntaxError: ${error}\n`)
    const number = "Expected ',', got 'numeric literal'"
    assert.deepEqual(await initOf('broken.ts', broken), says('broken.ts:3', number))
    assert.deepEqual(await initOf('imports.ts', "import './broken.ts'\n"), says('broken.ts:3', number))
    assert.deepEqual(await initOf('broken.mjs', broken), says('broken.mjs:3', 'Unexpected number'))
    assert.match((await initOf('enum.ts', '\nenum A { B }\n')).err, /^dewar: enum\.ts:2: SyntaxError: .*enum.*\n$/)
  })

  it('says what to write where package.json makes a module of imports none', async () => {
    const common = new Desk()
    common.write('package.json', '{ "type": "commonjs" }')
    common.write('common.ts', "import { Dewar } from 'dewar'\nexport default new Dewar()\n")
    const { err } = await common.run('sessions', 'init', 'common.ts')
    common.remove()
    assert.equal(
      err,
      'dewar: common.ts:1: SyntaxError: Cannot use import statement outside a module. Write "type": "module" into package.json.\n',
    )
  })

  it('names the file and the line of what is thrown while an app is made', async () => {
    const thrown = "const fine = 1\nthrow new Error('one\\ntwo')\nexport {}\n"
    assert.deepEqual(await initOf('throws.ts', thrown), failed('dewar: throws.ts:2: Error: one two\n'))
    const deep = `import { form } from 'dewar'
import * as z from '${import.meta.resolve('zod')}'
export const way = form(z.object({ a: z.object({ b: z.object({ c: z.set(z.string()) }) }) }))
`
    assert.match((await initOf('deep.ts', deep)).err, /^dewar: deep\.ts:3: The field a\.b\.c is a tuple, a set/)
    const option = "import { Dewar } from 'dewar'\n\nexport default new Dewar({ stroe: 1 } as never)\n"
    const { code, err } = await initOf('option.ts', option)
    assert.equal(code, 1)
    assert.match(err, /^dewar: option\.ts:3: new Dewar has no option stroe; it has .* \[app\/option-invalid\]\n$/)
    const { err: missing } = await initOf('missing.ts', "import './absent.ts'\n")
    assert.match(missing, /^dewar: missing\.ts: Error: Cannot find module .*absent\.ts.*\n$/)
  })

  it('says that sessions in cookies, or in the memory of a process, are not there to be asked', async () => {
    const sealed = "import { Dewar } from 'dewar'\nexport default new Dewar()\n"
    assert.deepEqual(
      await initOf('sealed.ts', sealed),
      failed(
        'dewar: sealed.ts has no store: its sessions are sealed into cookies, and nothing is kept on the server.\n',
      ),
    )
    const inMemory = "import { Dewar, memory } from 'dewar'\nexport default new Dewar({ store: memory() })\n"
    const { code, err } = await initOf('memory.ts', inMemory)
    assert.equal(code, 1)
    assert.match(err, /^dewar: memory\.ts keeps its sessions in the memory of its own process/)
  })

  it('says that a store is away, and ends', async () => {
    const port = await freePort()
    const pg = import.meta.resolve('pg')
    const pool = `import pg from '${pg}'\nimport { Dewar } from 'dewar'\nimport { postgres } from 'dewar/postgres'
      export default new Dewar({ store: postgres(new pg.Pool({ host: '127.0.0.1', port: ${port} })) })\n`
    const says = failed(
      `dewar: The store cannot be asked: connect ECONNREFUSED 127.0.0.1:${port} [store/unavailable]\n`,
    )
    assert.deepEqual(await initOf('away.ts', pool), says)
    assert.deepEqual(await desk.run('sessions', 'sweep', 'away.ts'), says)
    const nowhere = `import { Dewar } from 'dewar'\nimport { sqlite } from 'dewar/sqlite'
      export default new Dewar({ store: sqlite('no/such/folder/app.db') })\n`
    const { code, err } = await initOf('nowhere.ts', nowhere)
    assert.equal(code, 1)
    assert.match(err, /^dewar: The database no\/such\/folder\/app\.db cannot be opened: .*\. \[store\/refused\]\n$/)
  })

  it('says what it is when a client of Redis tells of it to nobody', async () => {
    const client = import.meta.resolve('redis')
    const text = `import { createClient } from '${client}'\nimport { Dewar } from 'dewar'\nimport { redis } from 'dewar/redis'
      const client = await createClient({ url: 'redis://127.0.0.1:${await freePort()}' }).connect()
      export default new Dewar({ store: redis(client) })\n`
    const { code, err } = await initOf('redis.ts', text)
    assert.equal(code, 1)
    assert.match(err, /^dewar: .*ECONNREFUSED.*\n$/)
  })

  it('ends when an app never finishes loading', async () => {
    assert.deepEqual(
      await initOf('waits.ts', 'await new Promise(() => setInterval(() => {}, 1000))\n'),
      failed('dewar: waits.ts is still loading after 10 seconds. Does it wait for a server that is away?\n'),
    )
  })

  it('ends though the app keeps its process alive', async () => {
    const text = `setInterval(() => {}, 1000)\n${app}`
    assert.equal((await initOf('alive.ts', text)).code, 0)
  })
})

describe('dewar, asked for help or used wrongly', { concurrency: 4 }, () => {
  const desk = new Desk()
  before(() => desk.write('app.ts', app))
  after(() => desk.remove())

  for (const name of ['init', 'sweep', 'list', 'revoke']) {
    it(`sessions ${name} --help says how it is written, with an example`, async () => {
      for (const words of [['--help'], ['app.ts', '-h']]) {
        const { code, out, err } = await desk.run('sessions', name, ...words)
        assert.deepEqual([code, err], [0, ''])
        assert.ok(out.startsWith(`dewar sessions ${name} FILE`), out)
        assert.match(out, /\nExample:\n {2}dewar sessions \w+ app\.ts/)
        assert.ok(out.split('\n').every((line) => line.length <= 120))
      }
    })
  }

  it('--help lists the commands', async () => {
    for (const words of [['--help'], ['sessions', '--help']]) {
      const { code, out } = await desk.run(...words)
      assert.equal(code, 0)
      for (const name of ['init', 'sweep', 'list', 'revoke'])
        assert.match(out, new RegExp(`\n {2}sessions ${name} +\\S`))
    }
    for (const words of [[], ['sessions']]) {
      const { code, out, err } = await desk.run(...words)
      assert.deepEqual([code, out], [2, ''])
      assert.match(err, /sessions sweep/)
    }
  })

  const uses: readonly (readonly [string, string])[] = [
    ['revok', 'There is no command revok. See dewar --help.'],
    ['strat app.ts', 'There is no command strat. See dewar --help.'],
    ['sessions sweap app.ts', 'There is no command sessions sweap. See dewar --help.'],
    ['constructor', 'There is no command constructor. See dewar --help.'],
    ['sessions sweep', 'FILE is missing: the module whose default export is the app. See dewar sessions sweep --help.'],
    ['sessions list app.ts', 'USER is missing: what session.login was given. See dewar sessions list --help.'],
    ['sessions sweep app.ts now', '"now" is one word too many. See dewar sessions sweep --help.'],
    ['sessions sweep app.ts --dry', 'There is no option --dry. See dewar sessions sweep --help.'],
    ['sessions revoke app.ts --usr ada', 'There is no option --usr. See dewar sessions revoke --help.'],
    ['sessions revoke app.ts', 'Say an ID or --user USER, and not both. See dewar sessions revoke --help.'],
    ['sessions revoke app.ts x --user y', 'Say an ID or --user USER, and not both. See dewar sessions revoke --help.'],
    [
      'sessions revoke app.ts --user ada --user bob',
      '--user is said more than once. See dewar sessions revoke --help.',
    ],
    [
      'sessions revoke app.ts --user',
      '--user needs a USER: what session.login was given. See dewar sessions revoke --help.',
    ],
  ]
  for (const [words, says] of uses) {
    it(`is told, for “dewar ${words}”: ${says}`, async () => {
      assert.deepEqual(await desk.run(...words.split(' ')), misused(`dewar: ${says}\n`))
    })
  }
})
