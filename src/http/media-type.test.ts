import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readMediaType } from './media-type.ts'

describe('a Content-Type header', () => {
  const read: Record<string, readonly [essence: string, parameters: Record<string, string>]> = {
    'application/x-www-form-urlencoded': ['application/x-www-form-urlencoded', {}],
    'Text/HTML': ['text/html', {}],
    '  text/html  ': ['text/html', {}],
    'text/html;': ['text/html', {}],
    'text/html;charset=utf-8': ['text/html', { charset: 'utf-8' }],
    'text/html ; Charset=UTF-8 ; a=b': ['text/html', { charset: 'UTF-8', a: 'b' }],
    'text/html; a=1; A=2; a=3': ['text/html', { a: '1' }],
    'multipart/form-data; boundary="a;b=c, d"; x=y': ['multipart/form-data', { boundary: 'a;b=c, d', x: 'y' }],
    'text/plain; a="b\\"c\\\\d\\e"': ['text/plain', { a: 'b"c\\de' }],
    'text/plain; a=""; b=': ['text/plain', { a: '', b: '' }],
    'multipart/form-data; flag; boundary=x': ['multipart/form-data', { boundary: 'x' }],
    'multipart/form-data;; ;boundary=x': ['multipart/form-data', { boundary: 'x' }],
    'text/plain; __proto__=a; constructor=b': ['text/plain', { ['__proto__']: 'a', constructor: 'b' }],
    'a!#$&-^_.+/b~1': ['a!#$&-^_.+/b~1', {}],
  }
  for (const [header, [essence, parameters]] of Object.entries(read)) {
    it(`is read: ${header}`, () => {
      const type = readMediaType(header)
      assert.equal(type?.essence, essence)
      assert.deepEqual([...(type?.parameters ?? [])], Object.entries(parameters))
    })
  }

  it('says which parameters are given twice', () => {
    const twice = (header: string) => [...(readMediaType(header)?.repeated ?? [])]
    assert.deepEqual(twice('text/plain; a=1; b=2'), [])
    assert.deepEqual(twice('text/plain; a=1; b=2; A=1; c=3; a=4'), ['a'])
  })

  it('says whether it is broken behind the type', () => {
    for (const whole of ['', ';', '; a', '; a=b', '; a="b;" ;', ';; a=b ;c']) {
      assert.equal(readMediaType(`text/plain${whole}`)?.isBroken, false, whole)
    }
    for (const broken of ['; a="b', '; a="b"c', '; a=b c', '; a=b; =c', '; a=b; c d=e']) {
      assert.equal(readMediaType(`text/plain${broken}`)?.isBroken, true, broken)
    }
  })

  it('gives no parameter after one that breaks the grammar', () => {
    for (const broken of ['a="b; x=y', 'a="b"c; x=y', 'a=b"c; x=y', 'a=b c; x=y', '=b; x=y', 'a b=c; x=y']) {
      assert.deepEqual([...(readMediaType(`text/plain; ${broken}`)?.parameters ?? [])], [], broken)
    }
  })

  for (const header of [
    null,
    '',
    ';',
    'text',
    'text/',
    '/html',
    'text/html/x',
    'text html',
    'text/html x',
    '"text/html"',
    'text/html, application/x-www-form-urlencoded',
    'application/x-www-form-urlencoded, text/html',
    'téxt/html',
    'text/html\0',
    'text/(html)',
  ]) {
    it(`is none: ${JSON.stringify(header)}`, () => assert.equal(readMediaType(header), null))
  }

  it('is read in linear time, however many quotes, spaces and backslashes it has', () => {
    for (const flood of ['"', '\\"', ' ', ';', 'a', 'a=', 'a="";', 'a="\\', '; ']) {
      const header = `text/plain; a="${flood.repeat(100_000)}`
      const before = process.cpuUsage() // not the clock: other tests run at the same time
      readMediaType(header)
      readMediaType(`text/plain; ${flood.repeat(100_000)}`)
      const { user, system } = process.cpuUsage(before)
      assert.ok(user + system < 1_000_000, flood) // microseconds; a quadratic reading takes minutes
    }
  })
})
