import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { readCookies, writeCookie } from './cookies.ts'

describe('a Cookie header', () => {
  const read: Record<string, Record<string, string>> = {
    'a=1; b=2': { a: '1', b: '2' },
    'a=1;b=2 ;  c = 3 ': { a: '1', b: '2', c: '3' },
    'a=1; a=2': { a: '1' },
    'a=; a=2': { a: '' },
    'a=b=c; d="e"': { a: 'b=c', d: '"e"' },
    'a=%C3%A9; b=%ff; c=%': { a: 'é', b: '%ff', c: '%' },
    'garbage; a=1; more garbage;; ;b=2': { a: '1', b: '2' },
    'A=1; a=2': { A: '1', a: '2' },
    '': {},
    ';;;': {},
    a: {},
  }
  for (const [header, cookies] of Object.entries(read)) {
    it(`is read: ${JSON.stringify(header)}`, () => assert.deepEqual({ ...readCookies(header) }, cookies))
  }

  it('may be missing', () => assert.deepEqual({ ...readCookies(null) }, {}))

  it('has names that objects have as names like any other', () => {
    for (const header of [null, 'a=1']) {
      for (const name of ['__proto__', 'constructor', 'toString']) assert.equal(readCookies(header)[name], undefined)
    }
    assert.deepEqual(Object.entries(readCookies('__proto__=x; constructor=y')), [
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ])
  })

  it('is never a reason to throw', () => {
    const headers = fc.string({ unit: fc.constantFrom(...'a=;%," \t\\', '__proto__', '%ff', '\0', 'é') })
    fc.assert(fc.property(headers, (header) => assert.equal(typeof readCookies(header), 'object')))
  })

  it('gives back what writeCookie wrote', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (value) => {
        const [pair = ''] = writeCookie({ name: 'a', value, path: '/', httpOnly: true }).split(';', 1)
        assert.equal(readCookies(`x=1; ${pair}; y=2`).a, value)
      }),
    )
  })
})

describe('a Set-Cookie header', () => {
  it('says what the cookie is allowed', () => {
    const cookie = {
      name: 'session',
      value: 'abc',
      path: '/',
      maxAge: 60,
      httpOnly: true,
      secure: true,
      sameSite: 'lax',
    } as const
    assert.equal(writeCookie(cookie), 'session=abc; Max-Age=60; Path=/; HttpOnly; Secure; SameSite=Lax')
  })

  it('cannot be led to other attributes by a value, and is refused for a name, path or domain that would', () => {
    assert.doesNotMatch(writeCookie({ name: 'a', value: 'b; Domain=evil.example\r\nSet-Cookie: c=d' }), /[;\r\n]/)
    assert.throws(() => writeCookie({ name: 'a;b', value: '' }), TypeError)
    assert.throws(() => writeCookie({ name: 'a\r\nb', value: '' }), TypeError)
    assert.throws(() => writeCookie({ name: 'a', value: '', path: '/; Secure' }), TypeError)
    assert.throws(() => writeCookie({ name: 'a', value: '', domain: 'a.example; Secure' }), TypeError)
  })
})
