import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as z from 'zod'
import { Dewar, type DewarOptions, HttpError, type Session, shape } from '../../src/index.ts'
import { quietly } from './quietly.ts'

const secret = 'x8Vn2QeP4mZt7KcR1yWd9LbJ5hGs3fUa'
const older = 'Qw3rTy7uIo9pAs1dFg5hJk2lZx8cVb4n'

interface Visitor {
  name: string
  visits: number
  cart: readonly { readonly sku: string; readonly since: Date }[]
  seen: ReadonlyMap<string, ReadonlySet<number>>
  big: bigint
  bytes: Uint8Array
  text: string
}

/** A person at one app: does things to the session in a request of their own, and keeps the cookie as a browser does. */
class Person {
  readonly app: Dewar<Visitor>
  cookie = ''
  #work: (session: Session<Visitor>) => unknown = () => undefined

  constructor(options: DewarOptions<Visitor> = {}) {
    this.app = new Dewar<Visitor>({ session: shape<Visitor>(), secret, env: 'production', ...options })
    this.app.get('/', async ({ session }) => ({ result: (await this.#work(session)) ?? null }))
  }

  async does(work: (session: Session<Visitor>) => unknown): Promise<Response> {
    this.#work = work
    const headers = this.cookie === '' ? {} : { cookie: this.cookie }
    const answer = await quietly(() => this.app.fetch(new Request('http://localhost/', { headers })))
    for (const line of answer.headers.getSetCookie())
      this.cookie = line.startsWith('session=;') ? '' : (line.split(';')[0] ?? '')
    return answer
  }

  async finds(work: (session: Session<Visitor>) => unknown): Promise<unknown> {
    return (await (await this.does(work)).json()).result
  }
}

describe('what a session holds', () => {
  test('is there in the next request: JSON, Date, Map, Set, bigint and bytes, nested', async () => {
    const person = new Person()
    const since = new Date('2026-11-25T12:00:00.123Z')
    await person.does((session) => {
      session.set('name', 'Ada')
      session.set('cart', [{ sku: 'a', since }])
      session.set('seen', new Map([['x', new Set([1, 2])]]))
      session.set('big', 12345678901234567890n)
      session.set('bytes', new Uint8Array([0, 255]))
    })
    await person
      .does((session) => {
        assert.equal(session.get('name'), 'Ada')
        assert.deepEqual(session.get('cart'), [{ sku: 'a', since }])
        assert.deepEqual(session.get('seen'), new Map([['x', new Set([1, 2])]]))
        assert.equal(session.get('big'), 12345678901234567890n)
        assert.deepEqual(session.get('bytes'), new Uint8Array([0, 255]))
        assert.deepEqual(
          { ...session.all() },
          {
            name: 'Ada',
            cart: [{ sku: 'a', since }],
            seen: session.get('seen'),
            big: session.get('big'),
            bytes: session.get('bytes'),
          },
        )
        assert.equal(session.size, 5)
        assert.equal(session.has('name'), true)
        assert.equal(session.has('visits'), false)
      })
      .then(async (answer) => assert.equal(answer.status, 200, await answer.text()))
  })

  test('is frozen: changing it in place throws instead of getting lost', async () => {
    const person = new Person()
    await person.does((session) => {
      session.set('cart', [{ sku: 'a', since: new Date(0) }])
      session.set('seen', new Map([['x', new Set([1])]]))
    })
    const answer = await person.does((session) => {
      const cart = session.get('cart') as { sku: string; since: Date }[]
      const seen = session.get('seen') as Map<string, Set<number>>
      assert.throws(() => cart.push({ sku: 'b', since: new Date() }), TypeError)
      assert.throws(() => {
        ;(cart[0] as { sku: string }).sku = 'b'
      }, TypeError)
      assert.throws(() => cart[0]?.since.setFullYear(1999), /frozen/)
      assert.throws(() => seen.set('y', new Set()), /frozen/)
      assert.throws(() => seen.get('x')?.add(2), /frozen/)
      assert.throws(() => seen.clear(), /frozen/)
    })
    assert.equal(answer.status, 200)
    assert.equal(await person.finds((session) => session.get('cart')?.length), 1)
  })

  test('is a copy: what is changed after set, or in bytes that were given out, changes nothing', async () => {
    const person = new Person()
    await person.does((session) => {
      const bytes = new Uint8Array([1, 2, 3])
      const cart = [{ sku: 'a', since: new Date(0) }]
      session.set('bytes', bytes)
      session.set('cart', cart)
      bytes[0] = 9
      cart.push({ sku: 'b', since: new Date(0) })
      const out = session.get('bytes')
      if (out !== undefined) out[1] = 9
      assert.deepEqual(session.get('bytes'), new Uint8Array([1, 2, 3]))
    })
    assert.equal(await person.finds((session) => session.get('cart')?.length), 1)
  })

  test('cannot be what JSON and the five kinds have no place for, and the error names the path', async () => {
    class Money {}
    const cyclic: Record<string, unknown> = {}
    cyclic.self = cyclic
    const table: [value: unknown, message: RegExp][] = [
      [{ a: { b: () => 1 } }, /text\.a\.b is function/],
      [[1, Symbol('x')], /text\[1\] is symbol/],
      [new Money(), /text is a Money object/],
      [{ at: new Date(Number.NaN) }, /text\.at is an invalid Date/],
      [[Number.POSITIVE_INFINITY], /text\[0\] is Infinity/],
      [[undefined], /text\[0\] is undefined/],
      [new Map([['k', new WeakMap()]]), /text\.get\(k\) is a WeakMap object/],
      [cyclic, /nested deeper than 100 levels/],
      [undefined, /text is undefined/],
    ]
    const person = new Person()
    await person
      .does((session) => {
        for (const [value, message] of table) assert.throws(() => session.set('text', value as string), message)
      })
      .then((answer) => assert.equal(answer.status, 200))
  })

  test('keeps names such as __proto__ and one-key objects that look like tags', async () => {
    const person = new Person()
    const odd = JSON.parse('{"__proto__":{"polluted":true},"constructor":1}')
    await person.does((session) => {
      session.set('cart', odd)
      session.set('text', { $date: 'not a date' } as unknown as string)
    })
    await person
      .does((session) => {
        assert.deepEqual(Object.keys(session.get('cart') as object), ['__proto__', 'constructor'])
        assert.equal(({} as { polluted?: boolean }).polluted, undefined)
        assert.deepEqual(session.get('text'), { $date: 'not a date' })
      })
      .then((answer) => assert.equal(answer.status, 200))
  })

  test('a key can be deleted, and when the last is gone so is the cookie', async () => {
    const person = new Person()
    await person.does((session) => {
      session.set('name', 'Ada')
      session.set('visits', 1)
    })
    await person.does((session) => session.delete('name'))
    assert.equal(await person.finds((session) => session.has('name')), false)
    assert.equal(await person.finds((session) => session.get('visits')), 1)
    await person.does((session) => session.delete('visits'))
    assert.equal(person.cookie, '')
  })

  test('what an older release kept in another shape is not there, and the rest is', async () => {
    const before = new Person()
    await before.does((session) => {
      session.set('name', 'Ada')
      session.set('visits', 'three' as unknown as number)
    })
    const after = new Dewar({
      session: z.object({ name: z.string(), visits: z.number(), extra: z.string() }),
      secret,
      env: 'production',
    })
    after.get('/', ({ session }) => ({ ...session.all() }))
    const answer = await after.fetch(new Request('http://localhost/', { headers: { cookie: before.cookie } }))
    assert.deepEqual(await answer.json(), { name: 'Ada' })
  })
})

describe('what is kept', () => {
  test('reading writes nothing, and so does a change that comes to the same state', async () => {
    const person = new Person()
    await person.does((session) => session.set('name', 'Ada'))
    for (const work of [
      (s: Session<Visitor>) => s.get('name'),
      (s: Session<Visitor>) => s.delete('visits'),
      (s: Session<Visitor>) => s.size,
    ]) {
      assert.deepEqual((await person.does(work)).headers.getSetCookie(), [])
    }
  })

  test('a handler that throws, in any way, has changed nothing', async () => {
    for (const thrown of [new Error('x'), new HttpError(404), null]) {
      const person = new Person()
      await person.does((session) => session.set('name', 'Ada'))
      const answer = await person.does((session) => {
        session.set('name', 'Eve')
        throw thrown
      })
      assert.deepEqual(answer.headers.getSetCookie(), [])
      assert.equal(await person.finds((session) => session.get('name')), 'Ada')
    }
  })

  test('a handler that answers 5xx has changed nothing, one that answers 4xx has', async () => {
    for (const [status, kept] of [
      [500, 0],
      [503, 0],
      [404, 1],
      [422, 1],
    ] as const) {
      const app = new Dewar({ session: shape<Visitor>(), secret, env: 'production' })
      app.get('/', ({ session }) => {
        session.set('name', 'Eve')
        return new Response('x', { status })
      })
      assert.equal(
        (await app.fetch(new Request('http://localhost/'))).headers.getSetCookie().length,
        kept,
        String(status),
      )
    }
  })

  test('clear and then throw keeps the session; clear and then set keeps its name and nothing else', async () => {
    const person = new Person()
    await person.does((session) => session.set('name', 'Ada'))
    const first = await person.finds((session) => session.id)
    await person.does((session) => {
      session.clear()
      throw new Error('x')
    })
    assert.equal(await person.finds((session) => session.get('name')), 'Ada')
    await person.does((session) => {
      session.clear()
      session.set('visits', 1)
    })
    assert.deepEqual(await person.finds((session) => ({ ...session.all() })), { visits: 1 })
    assert.equal(await person.finds((session) => session.id), first)
  })

  test('a session that does not fit into a cookie is a 500 that names the largest keys, and nothing is sent', async () => {
    const app = new Dewar({ session: shape<Visitor>(), env: 'development' })
    app.post('/', ({ session }) => {
      session.set('name', 'Ada')
      session.set('text', 'x'.repeat(6000))
      return new Response(null, { status: 303, headers: { location: '/next' } })
    })
    const answer = await quietly(() => app.fetch(new Request('http://localhost/', { method: 'POST' })))
    assert.equal(answer.status, 500)
    assert.deepEqual(answer.headers.getSetCookie(), [])
    assert.equal(answer.headers.get('location'), null)
    assert.match(
      await answer.text(),
      /session\/cookie-too-large[\s\S]*The largest parts are text \(6\d{3} bytes\), name/,
    )
  })

  test('a cookie of exactly 4,096 bytes is sent, one byte more is not', async () => {
    const sizeOf = async (length: number): Promise<number> => {
      const answer = await new Person().does((session) => session.set('text', 'x'.repeat(length)))
      return answer.status === 200 ? (answer.headers.getSetCookie()[0]?.split(';')[0]?.length ?? 0) - 1 : -1
    }
    let length = 2800
    while ((await sizeOf(length + 1)) !== -1) length += 1
    const largest = await sizeOf(length)
    assert.ok(largest <= 4095 && largest >= 4092, `${largest}`) // base64url grows by one or two characters at a time
  })

  test('after the answer left, writing throws', async () => {
    let late: Session<Visitor> | undefined
    const person = new Person()
    await person.does((session) => {
      late = session
    })
    assert.throws(() => late?.set('name', 'Ada'), /app\/answer-left/)
  })
})

describe('who is signed in', () => {
  test('login remembers the user and keeps the data, logout ends everything', async () => {
    const person = new Person()
    await person.does((session) => session.set('visits', 3))
    await person.does((session) => session.login('ada'))
    assert.deepEqual(await person.finds((session) => [session.user, session.get('visits')]), ['ada', 3])
    await person.does((session) => session.logout())
    assert.equal(person.cookie, '')
    assert.equal(await person.finds((session) => session.user), null)
  })

  test('login takes text and nothing else', async () => {
    await new Person()
      .does((session) => {
        for (const user of ['', 7, null, undefined]) assert.throws(() => session.login(user as string), TypeError)
      })
      .then((answer) => assert.equal(answer.status, 200))
  })

  test('login takes no name that a database cannot keep', async () => {
    const person = new Person()
    await person.does((session) => {
      for (const user of ['a\0da', '\0', 'a\ud800', '\udc00\ud800']) {
        assert.throws(() => session.login(user), { code: 'session/value', message: /^The name of a user/ })
      }
      session.login('Zoë 🧪')
    })
    assert.equal(await person.finds((session) => session.user), 'Zoë 🧪')
  })
})

describe('how long it lives', () => {
  const day = 24 * 60 * 60 * 1000
  function timed(lifetime: DewarOptions<Visitor>['lifetime'] & object): {
    person: Person
    pass: (milliseconds: number) => void
  } {
    let now = Date.UTC(2026, 0, 1)
    return {
      person: new Person({ lifetime, clock: { now: () => now } }),
      pass: (milliseconds) => {
        now += milliseconds
      },
    }
  }

  test('it ends after its idle lifetime without a visit', async () => {
    const { person, pass } = timed({ idleSeconds: 3600 })
    await person.does((session) => session.set('name', 'Ada'))
    pass(3600 * 1000 - 1000)
    assert.equal(await person.finds((session) => session.has('name')), true)
    pass(3600 * 1000)
    assert.equal(await person.finds((session) => session.has('name')), false)
  })

  test('a visit after more than 5 % of the idle lifetime begins it anew, one before writes nothing', async () => {
    const { person, pass } = timed({ idleSeconds: 1000 })
    await person.does((session) => session.set('name', 'Ada'))
    pass(50_000)
    assert.deepEqual((await person.does((session) => session.get('name'))).headers.getSetCookie(), [])
    pass(1000)
    assert.match((await person.does((session) => session.get('name'))).headers.getSetCookie()[0] ?? '', /Max-Age=1000;/)
    pass(990_000)
    assert.equal(await person.finds((session) => session.get('name')), 'Ada')
  })

  test('it ends at its absolute lifetime however often the visitor comes, and the cookie says so', async () => {
    const { person, pass } = timed({ idleSeconds: 2 * 24 * 3600, absoluteSeconds: 3 * 24 * 3600 })
    await person.does((session) => session.set('name', 'Ada'))
    pass(1.5 * day)
    assert.match((await person.does((session) => session.refresh())).headers.getSetCookie()[0] ?? '', /Max-Age=129600;/)
    pass(1.4 * day)
    assert.equal(await person.finds((session) => session.get('name')), 'Ada')
    pass(0.2 * day)
    assert.equal(await person.finds((session) => session.get('name') ?? null), null)
  })

  test('a cookie that was opened before is not opened any longer than it lives', async () => {
    const { person, pass } = timed({ idleSeconds: 100, absoluteSeconds: 100 })
    await person.does((session) => session.set('name', 'Ada'))
    assert.equal(await person.finds((session) => session.get('name')), 'Ada')
    pass(100_000)
    assert.equal(await person.finds((session) => session.get('name') ?? null), null)
  })
})

describe('a cookie that does not open', () => {
  test('means an anonymous visitor for each single bit that is flipped, and no difference can be seen', async () => {
    const person = new Person()
    await person.does((session) => session.set('name', 'Ada'))
    const text = person.cookie.slice('session='.length)
    const bytes = Buffer.from(text, 'base64url')
    const stranger = new Person()
    const anonymous = headersOf(await stranger.does((session) => session.get('name') ?? null))
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = Buffer.from(bytes)
      flipped.writeUInt8((flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7)), bit >> 3)
      person.cookie = `session=${flipped.toString('base64url')}`
      const answer = await person.does((session) => session.get('name') ?? null)
      assert.deepEqual(await answer.json(), { result: null }, `bit ${bit}`)
      assert.deepEqual(headersOf(answer), anonymous, `bit ${bit}`)
    }
  })

  test('nor does one cut short, padded, spelled otherwise, of another name, another app, or another secret', async () => {
    const person = new Person()
    await person.does((session) => session.set('name', 'Ada'))
    const text = person.cookie.slice('session='.length)
    const others = [
      text.slice(0, -1),
      text.slice(1),
      `${text}=`,
      `${text}A`,
      ` ${text}!`,
      '',
      'x',
      text.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')),
    ]
    for (const other of others) {
      person.cookie = `session=${other}`
      assert.equal(await person.finds((session) => session.get('name') ?? null), null, other)
    }
    for (const options of [{ name: 'another' }, { secret: older }]) {
      const stranger = new Person(options)
      stranger.cookie = `session=${text}`
      assert.equal(await stranger.finds((session) => session.get('name') ?? null), null)
    }
    const secure = await person.app.fetch(
      new Request('https://shop.example/', { headers: { cookie: `__Host-Http-session=${text}` } }),
    )
    assert.deepEqual(await secure.json(), { result: null })
  })

  test('secrets rotate: a cookie of the older one opens, and is sealed anew with the newer', async () => {
    const before = new Person({ secret: older })
    await before.does((session) => session.set('name', 'Ada'))
    const both = new Person({ secret: [secret, older] })
    both.cookie = before.cookie
    assert.equal(await both.finds((session) => session.get('name')), 'Ada')
    assert.notEqual(both.cookie, before.cookie)
    const after = new Person({ secret })
    after.cookie = both.cookie
    assert.equal(await after.finds((session) => session.get('name')), 'Ada')
    assert.deepEqual((await both.does((session) => session.get('name'))).headers.getSetCookie(), [])
  })
})

test('requests at once never see each other: each has the session of its own cookie, before and after a pause', async () => {
  const app = new Dewar({ session: shape<Visitor>(), secret, env: 'production' })
  app.get('/enter/:name', ({ session, params }) => {
    session.set('name', params.name)
    return 'welcome'
  })
  app.get('/name', async ({ session, url }) => {
    const before = session.get('name')
    session.set('text', url.search)
    await new Promise((resolve) => setTimeout(resolve, 1 + (before?.length ?? 0)))
    return [before, session.get('name'), session.get('text')]
  })
  const people = Array.from({ length: 20 }, (_, index) => 'x'.repeat(index + 1))
  const answers = people.map(async (name) => {
    const entered = await app.fetch(new Request(`http://localhost/enter/${name}`))
    const cookie = entered.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    return (await app.fetch(new Request(`http://localhost/name?${name}`, { headers: { cookie } }))).json()
  })
  assert.deepEqual(
    await Promise.all(answers),
    people.map((name) => [name, name, `?${name}`]),
  )
})

function headersOf(answer: Response): Record<string, string> {
  const { etag: _etag, ...headers } = Object.fromEntries(answer.headers)
  return headers
}
