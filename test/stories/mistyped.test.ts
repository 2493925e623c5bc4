import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as z from 'zod'
import { attachment, Dewar, form, memory, redirect } from '../../src/index.ts'
import { inspector } from '../../src/inspector.ts'
import { serve, toNodeHandler } from '../../src/node.ts'
import { redis } from '../../src/redis.ts'
import { sqlite } from '../../src/sqlite.ts'
import { browser } from '../../src/testing.ts'

// What TypeScript would not let through: from JavaScript, from a configuration, from `as any`.

const secret = 'x8Vn2QeP4mZt7KcR1yWd9LbJ5hGs3fUa'
// biome-ignore lint/suspicious/noExplicitAny: to give what the types refuse is what is tested
type Anything = any
const make: Anything = (options: object) => new Dewar({ secret, env: 'production', ...options })
const guest = form(z.object({ name: z.string() }))
const search = form(z.object({ q: z.string() }), { method: 'get' })
const handlers = { view: () => 'form', submit: () => 'done' }
const client = { call() {}, status: 'ready' }

async function told(work: () => unknown): Promise<string> {
  try {
    await work()
    return 'nothing'
  } catch (error) {
    return error instanceof Error ? error.message.replace(/ \[[^\]]*\]$/, '') : String(error)
  }
}

describe('an author who gives an app what it does not take', () => {
  const cases: readonly (readonly [name: string, work: () => unknown, message: string])[] = [
    ['no options', () => new Dewar(null as Anything), 'new Dewar takes an object of options, and not null.'],
    ['a number for the options', () => new Dewar(5 as Anything), 'new Dewar takes an object of options, and not 5.'],
    ['a number for the lifetime', () => make({ lifetime: 60 }), 'lifetime takes an object of options, and not 60.'],
    ['null for limits', () => make({ limits: null }), 'limits takes an object of options, and not null.'],
    [
      'a text as session',
      () => make({ session: 'x' }),
      'session is "x"; it takes a schema, as z.object({ username: z.string() }), or shape<Visitor>().',
    ],
    [
      'a missing second secret',
      () => make({ secret: [secret, undefined] }),
      'secret is […, undefined]; it takes a text, or a list of texts.',
    ],
    [
      'bytes as the secret',
      () => make({ secret: new Uint8Array(32) }),
      'secret is a Uint8Array object; it takes a text, or a list of texts.',
    ],
    ['a number as name', () => make({ name: 5 }), 'name is 5; it takes a text.'],
    [
      'one origin',
      () => make({ trustedOrigins: 'https://a.example' }),
      'trustedOrigins is "https://a.example"; it takes a list of origins.',
    ],
    [
      'one path',
      () => make({ unsafelySkipOriginCheck: '/hook' }),
      'unsafelySkipOriginCheck is "/hook"; it takes a list of paths.',
    ],
    ['a function as clock', () => make({ clock: Date.now }), 'clock is a function; it takes an object with now().'],
    [
      'a function as chance',
      () => make({ random: Math.random }),
      'random is a function; it takes an object with bytes().',
    ],
    [
      'a schema for a form',
      () => make({}).form('/x', z.object({}), handlers),
      'app.form /x takes what form(schema) gives, and not a ZodObject object.',
    ],
    [
      'a search form to post',
      () => make({}).form('/x', search, handlers),
      'app.form /x takes what form(schema) gives, and not a form with the method get.',
    ],
    [
      'a form to search with',
      () => make({}).get('/x', guest, () => ''),
      "The route GET /x takes what form(schema, { method: 'get' }) gives, and not a form with the method post.",
    ],
    [
      'no view and submit',
      () => make({}).form('/x', guest),
      'app.form /x takes an object of options, and not undefined.',
    ],
    [
      'null for the rules of a route',
      () => make({}).post('/x', () => '', null),
      'The route POST /x takes an object of options, and not null.',
    ],
    [
      'two middleware at once',
      () =>
        make({}).use(
          () => '',
          () => '',
        ),
      'app.use takes a path and a function, or one function.',
    ],
    [
      'an object with fetch to mount',
      () => make({}).mount('/x', { fetch() {} }),
      'app.mount /x takes another app or a function, and not an object.',
    ],
    ['an object for notFound', () => make({}).notFound({}), 'app.notFound takes a function, and not an object.'],
    ['nothing for onError', () => make({}).onError(), 'app.onError takes a function, and not undefined.'],
    [
      'a mistyped flash',
      () => redirect('/x', { falsh: 'Saved' } as Anything),
      'redirect has no option falsh; it has status, flash, category, external.',
    ],
    [
      'a status for the options',
      () => redirect('/x', 302 as Anything),
      'redirect takes an object of options, and not 302.',
    ],
    [
      'a way out for back',
      () => redirect.back('/x', { external: true } as Anything),
      'redirect.back has no option external; it has status, flash, category.',
    ],
    [
      'a mistyped button',
      () => form(z.object({}), { buton: 'Go' } as Anything),
      'form has no option buton; it has method, button, fields, order.',
    ],
    [
      'a method in capitals',
      () => form(z.object({}), { method: 'GET' } as Anything),
      'form: method is "GET"; it may be "post" or "get".',
    ],
    [
      'a mistyped label',
      () => form(z.object({ a: z.string() }), { fields: { a: { lable: 'A' } } } as Anything),
      'form: fields.a has no option lable; it has label, hint, control, autocomplete, placeholder, choices, accept, multiple, required.',
    ],
    [
      'a mistyped folder',
      () => attachment('x', { foldr: '/x' } as Anything),
      'attachment has no option foldr; it has name, type, inline, folder.',
    ],
    [
      'no app to serve',
      () => serve(undefined as Anything, { port: 0 }),
      'This takes an app, as new Dewar() of this copy of Dewar makes one, and not undefined.',
    ],
    [
      'a module to serve',
      () => serve({ default: make({}) } as Anything, { port: 0 }),
      'This takes an app, as new Dewar() of this copy of Dewar makes one, and not an object.',
    ],
    [
      'no app for a server',
      () => toNodeHandler(undefined as Anything),
      'This takes an app, as new Dewar() of this copy of Dewar makes one, and not undefined.',
    ],
    [
      'a number as host',
      () => serve(make({}), { port: 0, host: 5 } as Anything),
      'The host is 5; it takes an address, as "0.0.0.0".',
    ],
    [
      'no app to inspect',
      () => inspector({} as Anything),
      'This takes an app, as new Dewar() of this copy of Dewar makes one, and not an object.',
    ],
    [
      'no path for SQLite',
      () => sqlite(undefined as Anything),
      'sqlite() takes the path of a file, or a DatabaseSync of node:sqlite, and not undefined.',
    ],
    [
      'an empty path for SQLite',
      () => sqlite(''),
      'sqlite() takes the path of a file, or a DatabaseSync of node:sqlite, and not "".',
    ],
    [
      'a mistyped prefix',
      () => redis(client as Anything, { perfix: 'x' } as Anything),
      'redis has no option perfix; it has prefix.',
    ],
    [
      'a mistyped origin',
      () => browser(make({}), { orgin: 'x' } as Anything),
      'browser has no option orgin; it has origin, now, elsewhere.',
    ],
    ['no app to visit', () => browser(undefined as Anything), 'browser takes an app, and not undefined.'],
  ]
  for (const [name, work, message] of cases) {
    it(`is told where it was: ${name}`, async () => {
      assert.equal(await told(work), message)
    })
  }
})

describe('a handler that does to a session what it does not take', () => {
  const cases: readonly (readonly [name: string, work: (given: Anything) => unknown, message: string])[] = [
    [
      'a mistyped max',
      ({ session }) => session.push('list', 1, { mx: 3 }),
      'session.push has no option mx; it has max.',
    ],
    [
      'a mistyped strict',
      ({ session }) => session.set('a', 1, { stric: true }),
      'session.set has no option stric; it has strict.',
    ],
    [
      'text to add to a number',
      ({ session }) => session.increment('n', '1'),
      'session.increment adds a number to n, and not "1".',
    ],
    [
      'the age of a cookie',
      ({ cookies }) => cookies.set('theme', 'dark', { maxAge: 60 }),
      'cookies.set has no option maxAge; it has maxAgeSeconds, path, domain, httpOnly, secure, sameSite.',
    ],
    [
      'an object as message',
      ({ flash }) => flash({ text: 'x' }),
      'A flash message and its category are text, and not an object.',
    ],
    [
      'a number as message of a redirect',
      () => redirect('/', { flash: 5 } as Anything),
      'A flash message and its category are text, and not 5.',
    ],
  ]
  for (const [name, work, message] of cases) {
    it(`is told what it was: ${name}`, async () => {
      const app = make({ store: memory() })
      app.onError((error: Error) => error.message.replace(/ \[[^\]]*\]$/, ''))
      app.get('/', (given: object) => work(given) ?? 'nothing')
      const { error } = console
      console.error = () => {}
      const answer = await app.fetch(new Request('http://localhost/')).finally(() => {
        console.error = error
      })
      assert.equal(await answer.text(), message)
    })
  }
})

describe('who ends the sessions of a user but for one', () => {
  it('ends none with a mistyped option', async () => {
    const app = make({ store: memory() })
    app.get('/', ({ session }: Anything) => {
      session.login('ann')
      return 'in'
    })
    await app.fetch(new Request('http://localhost/'))
    const message = 'app.sessions.revokeAll has no option exept; it has except.'
    assert.equal(await told(() => app.sessions.revokeAll('ann', { exept: 'x' })), message)
    assert.equal(await app.sessions.count(), 1)
  })
})
