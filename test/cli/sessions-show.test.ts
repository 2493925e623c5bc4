import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { Dewar, html, type Session } from '../../src/index.ts'
import { sqlite } from '../../src/sqlite.ts'
import { Desk, dewar, type Ran, secret } from './dewar.ts'

// A time at which the sessions of these tests are alive, and the days before it.
const nowSeconds = Math.floor(Date.now() / 1000)
const daySeconds = 24 * 60 * 60
const time = (seconds: number): string => new Date(seconds * 1000).toISOString().replace('.000', '')
const failed = (sentence: string): Ran => ({ code: 1, out: '', err: `dewar: ${sentence}\n` })

type Does = (session: Session<Record<string, unknown>>, flash: (message: string, category: string) => void) => void

/** The cookie that an app in this process sends after something was done to a session. */
async function cookieOf(
  app: Dewar<Record<string, unknown>, ReturnType<typeof sqlite> | undefined>,
  does: Does,
  { origin = 'https://example.com', cookie = '' }: { readonly origin?: string; readonly cookie?: string } = {},
): Promise<string> {
  const path = `/${Math.random()}`
  app.get(path, ({ session, flash }) => {
    does(session, flash)
    return 'done'
  })
  const { headers } = await app.fetch(new Request(`${origin}${path}`, { headers: { cookie, 'user-agent': 'Test/1' } }))
  return headers.getSetCookie()[0]?.split(';')[0] ?? ''
}

const textOf = (cookie: string): string => cookie.slice(cookie.indexOf('=') + 1)

describe('dewar sessions show, of a session in its cookie', { concurrency: 4 }, () => {
  const desk = new Desk()
  const options = { env: 'production', secret } as const
  const appAt = (seconds: number): Dewar => new Dewar({ ...options, clock: { now: () => seconds * 1000 } })
  before(() => desk.write('app.ts', "import { Dewar } from 'dewar'\nexport default new Dewar()\n"))
  after(() => desk.remove())

  it('shows what it holds, as what it is, and when it ends', async () => {
    const cookie = await cookieOf(appAt(nowSeconds), (session, flash) => {
      session.login('ada')
      session.set('cart', [{ sku: 'tea', count: 2 }])
      session.set('since', new Date(0))
      session.set('seen', new Set(['a', 'b']))
      session.set('prices', new Map([['tea', 3n]]))
      session.set('key', new Uint8Array([0, 255, 16]))
      session.set('odd key', { none: null, yes: true, list: [], object: {} })
      flash('Saved', 'success')
    })
    const { code, out, err } = await desk.run('sessions', 'show', 'app.ts', textOf(cookie))
    const [id = '', ...lines] = out.split('\n')
    assert.deepEqual([code, err], [0, ''])
    assert.match(id, /^id {10}[\w-]{22}$/)
    assert.deepEqual(lines, [
      'user        ada',
      'cookie      sealed as __Host-Http-session',
      `first seen  ${time(nowSeconds)}`,
      `last seen   ${time(nowSeconds)}`,
      `ends        ${time(nowSeconds + 14 * daySeconds)} without another visit, ${time(nowSeconds + 90 * daySeconds)} in any case`,
      '',
      '{',
      '  cart: [{ sku: "tea", count: 2 }],',
      '  since: Date 1970-01-01T00:00:00.000Z,',
      '  seen: Set { "a", "b" },',
      '  prices: Map { "tea" => 3n },',
      '  key: Uint8Array(3) 00 ff 10,',
      '  "odd key": { none: null, yes: true, list: [], object: {} }',
      '}',
      'message "Saved" (success), for the next page',
      '',
    ])
  })

  it('is shown for the cookie of http on this machine, and with the name of the cookie before it', async () => {
    const cookie = await cookieOf(appAt(nowSeconds), (session) => session.set('a', 1), { origin: 'http://localhost' })
    assert.match(cookie, /^session=/)
    for (const given of [cookie, textOf(cookie)]) {
      const { out } = await desk.run('sessions', 'show', 'app.ts', given)
      assert.match(out, /\nuser {8}-\ncookie {6}sealed as session\n[\s\S]*\n{ a: 1 }\n$/)
    }
  })

  it('is read from the standard input as well, where nobody else on the machine sees it', async () => {
    const cookie = await cookieOf(appAt(nowSeconds), (session) => session.set('a', 1))
    const show = (input: string): Promise<Ran> =>
      dewar(['sessions', 'show', 'app.ts', '-'], { folder: desk.folder, input })
    assert.match((await show(` ${cookie}\n`)).out, /\n\{ a: 1 \}\n$/)
    const malformed = 'The cookie opens nothing: it is no text that a session was ever sealed into. Is it whole?'
    assert.deepEqual(await show(''), failed(malformed))
  })

  it('sends nothing to a terminal that moves its cursor or turns its text', async () => {
    const cookie = await cookieOf(appAt(nowSeconds), (session, flash) => {
      session.login('eve\u001b[2J')
      session.set('\u009b', 'a\u001b[2J\u009b\u202e\u2028\n')
      flash('\u0007', '\u001b')
    })
    const { out } = await desk.run('sessions', 'show', 'app.ts', textOf(cookie))
    assert.match(out, /\nuser {8}eve\?\[2J\n/)
    assert.ok(out.includes('{ "\\u{9b}": "a\\u001b[2J\\u{9b}\\u{202e}\\u{2028}\\n" }\n'), out)
    assert.ok(out.includes('message "\\u0007" (?), for the next page\n'), out)
    assert.doesNotMatch(out.replaceAll('\n', ''), /\p{Cc}|\p{Cf}/u)
  })

  it('says which values the schema of the session refuses', async () => {
    const text = `
      import { Dewar } from 'dewar'
      import * as z from '${import.meta.resolve('zod')}'
      export default new Dewar({ session: z.object({ count: z.number(), name: z.string() }) })
    `
    desk.write('schema.ts', text)
    const cookie = await cookieOf(appAt(nowSeconds), (session) => {
      session.set('count', 'many')
      session.set('name', 'Ada')
    })
    const { out } = await desk.run('sessions', 'show', 'schema.ts', textOf(cookie))
    assert.ok(
      out.endsWith('\n{ name: "Ada" }\nThe schema of the session refuses count, so a request does not see it.\n'),
      out,
    )
  })

  it('says when it ended, and by which lifetime', async () => {
    const [old, young] = [nowSeconds - 89 * daySeconds, nowSeconds - 20 * daySeconds]
    const unseen = await cookieOf(appAt(young), (session) => session.set('a', 1))
    const until = time(young + 14 * daySeconds)
    assert.deepEqual(
      await desk.run('sessions', 'show', 'app.ts', unseen),
      failed(`The session is over: it ended without another visit at ${until}.`),
    )
    const text = "import { Dewar } from 'dewar'\nexport default new Dewar({ lifetime: { absoluteSeconds: 86_400 } })\n"
    desk.write('short.ts', text)
    const begun = await cookieOf(appAt(old), (session) => session.set('a', 1))
    assert.deepEqual(
      await desk.run('sessions', 'show', 'short.ts', begun),
      failed(`The session is over: it ended by its longest lifetime at ${time(old + daySeconds)}.`),
    )
  })

  it('says why a cookie opens nothing, and shows nothing of it', async () => {
    const whole = textOf(await cookieOf(appAt(nowSeconds), (session) => session.set('a', 1)))
    const other = new Dewar({ ...options, secret: 'Uq2Wc8Ze5Rb1Tn7Ym4Ko9Lp3Xa6Vs0Hd' })
    const named = new Dewar({ ...options, name: 'other' })
    const key =
      'The cookie was sealed with another secret than app.ts has, or for an app of another name. Is DEWAR_SECRET the one of the app that sent it?'
    const malformed = 'The cookie opens nothing: it is no text that a session was ever sealed into. Is it whole?'
    const damaged =
      'The cookie opens nothing: it was sealed with a secret of app.ts, as far as it says, and has been changed or cut since.'
    const release = 'The cookie opens nothing: it was made by another release of Dewar than this one.'
    const reasons: readonly (readonly [string, string])[] = [
      ['hello', malformed],
      [whole.slice(0, 40), malformed],
      [`${whole.slice(0, 60)}${whole[60] === 'A' ? 'B' : 'A'}${whole.slice(61)}`, damaged],
      [`AgAA${whole.slice(4)}`, release],
      [textOf(await cookieOf(other, (session) => session.set('a', 1))), key],
      [textOf(await cookieOf(named, (session) => session.set('a', 1))), key],
      [whole.repeat(40), 'The cookie opens nothing: it is longer than the 4,096 bytes that browsers keep.'],
      [
        `${'f'.repeat(22)}.${'s'.repeat(32)}`,
        'The cookie is of a session that is kept in a store, and app.ts has none.',
      ],
    ]
    for (const [cookie, sentence] of reasons) {
      assert.deepEqual(await desk.run('sessions', 'show', 'app.ts', cookie), failed(sentence))
    }
  })

  it('opens what an older secret has sealed', async () => {
    const cookie = await cookieOf(appAt(nowSeconds), (session) => session.set('a', 1))
    const both = { DEWAR_SECRET: `Uq2Wc8Ze5Rb1Tn7Ym4Ko9Lp3Xa6Vs0Hd,${secret}` }
    assert.equal((await desk.runWith(both, 'sessions', 'show', 'app.ts', cookie)).code, 0)
  })
})

describe('dewar sessions show, of a session in a store', { concurrency: 4 }, () => {
  const desk = new Desk()
  const store = sqlite(join(desk.folder, 'app.db'))
  const app = new Dewar({ env: 'production', secret, store, keepsAddress: true })
  before(() => {
    desk.write(
      'app.ts',
      "import { Dewar } from 'dewar'\nimport { sqlite } from 'dewar/sqlite'\nexport default new Dewar({ store: sqlite('app.db') })\n",
    )
  })
  after(async () => {
    await store.close()
    desk.remove()
  })

  it('shows what is kept, and nothing that opens it', async () => {
    const cookie = await cookieOf(app, (session) => {
      session.login('ada')
      session.set('cart', ['tea'])
    })
    const { code, out, err } = await desk.run('sessions', 'show', 'app.ts', cookie)
    const [family = '', opens = ''] = textOf(cookie).split('.')
    assert.deepEqual([code, err], [0, ''])
    assert.ok(out.startsWith(`id          ${family}\nuser        ada\ncookie      its secret is the right one\n`), out)
    assert.match(out, /\naddress {5}-\nbrowser {5}Test\/1\n\n{ cart: \["tea"\] }\n$/)
    const row = (await store.list('ada', nowSeconds)).find((each) => each.family === family)
    for (const never of [opens, row?.secretHash ?? '']) assert.ok(never !== '' && !out.includes(never))
  })

  it('says why a cookie opens nothing', async () => {
    const cookie = await cookieOf(app, (session) => session.set('a', 1))
    const ended = await cookieOf(app, (session) => session.set('a', 1))
    await cookieOf(app, (session) => session.logout(), { cookie: ended })
    await cookieOf(app, (session) => session.login('bob'), { cookie })
    const wrong = `${textOf(cookie).slice(0, 23)}${'s'.repeat(32)}`
    const reasons: readonly (readonly [string, string])[] = [
      [cookie, 'The cookie opens nothing any more: it is from before the last login of its session.'],
      [wrong, 'The cookie opens nothing: there is a session of this id, and the cookie has not its secret.'],
      [ended, 'The cookie opens nothing: there is no session of this id. It was ended, or is over.'],
      ['hello', 'The cookie is of no session in a store: there it has two parts and a dot between, 55 characters.'],
    ]
    for (const [given, sentence] of reasons) {
      assert.deepEqual(await desk.run('sessions', 'show', 'app.ts', given), failed(sentence))
    }
  })

  it('ends when its row does, also where the lifetime was longer since', async () => {
    const short = new Dewar({ env: 'production', secret, store, lifetime: { idleSeconds: 3600 } })
    const cookie = await cookieOf(short, (session) => session.login('carl'))
    const [row] = await store.list('carl', nowSeconds)
    const { out } = await desk.run('sessions', 'show', 'app.ts', cookie)
    assert.ok(out.includes(`\nends        ${time(row?.expiresSeconds ?? 0)} without another visit, `), out)
  })

  it('knows the cookie of a visitor who was shown a form and has no session', async () => {
    app.post('/like', () => 'done', { once: true })
    app.get(
      '/form',
      ({ hidden }) => html`<form method="post" action="/like">${hidden('/like')}<button>Like</button></form>`,
    )
    const { headers } = await app.fetch(new Request('https://example.com/form'))
    const cookie = headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const sentence =
      'The cookie opens nothing: it was given to a visitor with a form, for whom nothing has been kept yet.'
    assert.deepEqual(await desk.run('sessions', 'show', 'app.ts', cookie), failed(sentence))
  })

  it('takes a cookie that begins with a dash', async () => {
    const sentence = 'The cookie opens nothing: there is no session of this id. It was ended, or is over.'
    const cookie = `-${'f'.repeat(21)}.${'s'.repeat(32)}`
    assert.deepEqual(await desk.run('sessions', 'show', 'app.ts', cookie), failed(sentence))
  })

  it('--help says how it is written, with an example', async () => {
    const { code, out } = await desk.run('sessions', 'show', '--help')
    assert.equal(code, 0)
    assert.match(out, /^dewar sessions show FILE COOKIE\n[\s\S]*\nExample:\n {2}dewar sessions show app\.ts \S+\n$/)
  })
})
