import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { assertLinear } from '../../test/linear.ts'
import { defaultLimits, type FormLimits } from './limits.ts'
import { decodeQuery, decodeUrlencoded, type Entry } from './urlencoded.ts'

function decoded(body: string | Uint8Array, limits: Partial<FormLimits> = {}): readonly Entry[] {
  const result = decode(body, limits)
  assert.equal(result.kind, 'decoded')
  return result.kind === 'decoded' ? result.entries : []
}

function refusal(body: string | Uint8Array, limits: Partial<FormLimits> = {}): string {
  const result = decode(body, limits)
  return result.kind === 'refused' ? result.code : result.kind
}

function decode(body: string | Uint8Array, limits: Partial<FormLimits>) {
  return decodeUrlencoded(typeof body === 'string' ? Buffer.from(body) : body, { ...defaultLimits, ...limits })
}

describe('a urlencoded body', () => {
  it('gives its fields in the order sent, equal names included', () => {
    assert.deepEqual(decoded('a=1&b=2&a=3'), [
      ['a', '1'],
      ['b', '2'],
      ['a', '3'],
    ])
  })

  it('has spaces as plus or %20, and everything else as percent escapes of UTF-8', () => {
    assert.deepEqual(decoded('full+name=Zo%C3%AB+%2B+Ada%20%f0%9f%98%80'), [['full name', 'Zoë + Ada 😀']])
  })

  it('may hold raw UTF-8', () => assert.deepEqual(decoded('ë=😀'), [['ë', '😀']]))

  it('has an equals sign in a value, not in a name', () => {
    assert.deepEqual(decoded('a=b=c&%3D=%3D'), [
      ['a', 'b=c'],
      ['=', '='],
    ])
  })

  it('has a name without a value, or a value without a name', () => {
    assert.deepEqual(decoded('a&b=&=c&='), [
      ['a', ''],
      ['b', ''],
      ['', 'c'],
      ['', ''],
    ])
  })

  it('ignores empty pairs', () => {
    assert.deepEqual(decoded(''), [])
    assert.deepEqual(decoded('&&&'), [])
    assert.deepEqual(decoded('&a=1&&b=2&'), [
      ['a', '1'],
      ['b', '2'],
    ])
  })

  it('keeps a percent sign that escapes nothing', () => {
    assert.deepEqual(decoded('a=100%&b=%zz%4&c=%%41'), [
      ['a', '100%'],
      ['b', '%zz%4'],
      ['c', '%A'],
    ])
  })

  it('keeps a byte order mark, raw or escaped', () => {
    assert.deepEqual(decoded('\ufeffa=\ufeff&%EF%BB%BFb=%EF%BB%BF'), [
      ['\ufeffa', '\ufeff'],
      ['\ufeffb', '\ufeff'],
    ])
  })

  it('keeps NUL and line ends as they are', () => assert.deepEqual(decoded('a=%00%0D%0A\n'), [['a', '\0\r\n\n']]))

  it('has names that mean something elsewhere as names like any other', () => {
    assert.deepEqual(decoded('__proto__=1&constructor=2&a[b]=3&a.b=4'), [
      ['__proto__', '1'],
      ['constructor', '2'],
      ['a[b]', '3'],
      ['a.b', '4'],
    ])
  })

  it('is read as URLSearchParams reads it, whenever its escapes are UTF-8', () => {
    const unit = fc.constantFrom(
      ...'%+&=0aAfF2Cc3 ;',
      '%2',
      '%C3%A9',
      '%41',
      '%26',
      '%3d',
      '%F0%9F%98%80',
      'é',
      '😀',
      '\ufeff',
      '\0',
    )
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 40 }), (body) => {
        // Escaped first: Node's URLSearchParams misreads raw characters of several bytes beside a lone percent sign.
        const standard = [...new URLSearchParams(`?${body.replace(/[^\0-\x7f]+/g, encodeURIComponent)}`)]
        if (standard.flat().some((text) => text.includes('\ufffd'))) assert.equal(refusal(body), 'form/not-utf8')
        else assert.deepEqual(decoded(body), standard)
      }),
      { numRuns: 3000 },
    )
  })

  it('comes back from what URLSearchParams writes', () => {
    const entries = fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' })), {
      maxLength: 5,
    })
    fc.assert(fc.property(entries, (some) => assert.deepEqual(decoded(String(new URLSearchParams(some))), some)))
  })
})

describe('bytes that are not UTF-8 are refused, where the standard would lose them', () => {
  const bad = {
    'a lone continuation byte': [0x80],
    'a sequence cut short': [0xc3],
    'a sequence cut short in the middle': [0xf0, 0x9f, 0x98],
    'an overlong slash': [0xc0, 0xaf],
    'an overlong NUL': [0xc0, 0x80],
    'a surrogate': [0xed, 0xa0, 0x80],
    'a character above U+10FFFF': [0xf4, 0x90, 0x80, 0x80],
    'Latin-1': [0xe9],
    'a byte that no UTF-8 has': [0xff],
  }
  for (const [what, bytes] of Object.entries(bad)) {
    const escaped = bytes.map((byte) => `%${byte.toString(16)}`).join('')
    it(`${what}, raw or escaped, in a name or a value`, () => {
      for (const body of [`a=${escaped}`, `${escaped}=a`, `a=1&b=x${escaped}y&c=3`]) {
        assert.equal(refusal(body), 'form/not-utf8', body)
      }
      assert.equal(refusal(Buffer.from([0x61, 0x3d, ...bytes])), 'form/not-utf8')
      assert.equal(refusal(Buffer.from([...bytes, 0x3d, 0x61])), 'form/not-utf8')
    })
  }

  it('a sequence split between a raw byte and an escape', () => {
    assert.equal(refusal(Buffer.concat([Buffer.from('a='), Buffer.from([0xc3]), Buffer.from('%A9')])), 'form/not-utf8')
  })

  it('and the field is named', () => {
    assert.match(JSON.stringify(decode('good=1&bad=%ff', {})), /The field \\"bad\\" has bytes that are not UTF-8/)
  })
})

describe('a limit of a form holds to the last field and byte', () => {
  it('fields: as many as allowed pass, one more does not; empty pairs do not count', () => {
    assert.equal(decoded('a=1&&b=2&c=3&', { fields: 3 }).length, 3)
    assert.equal(refusal('a=1&b=2&c=3&d', { fields: 3 }), 'form/too-many-fields')
    assert.equal(refusal('=&=&=&=', { fields: 3 }), 'form/too-many-fields')
  })

  it('nameBytes: counted in UTF-8, after decoding', () => {
    assert.equal(decoded('abcdef=1', { nameBytes: 6 }).length, 1)
    assert.equal(decoded('%61%62%63%64%65%66', { nameBytes: 6 }).length, 1)
    assert.equal(refusal('abcdefg=1', { nameBytes: 6 }), 'form/name-too-long')
    assert.equal(decoded('ééé=1', { nameBytes: 6 }).length, 1)
    assert.equal(refusal('éééa=1', { nameBytes: 6 }), 'form/name-too-long')
    assert.equal(refusal('😀€', { nameBytes: 6 }), 'form/name-too-long')
  })

  it('fieldBytes: counted in UTF-8, after decoding', () => {
    assert.equal(decoded('a=123456', { fieldBytes: 6 }).length, 1)
    assert.equal(refusal('a=1234567', { fieldBytes: 6 }), 'form/field-too-large')
    assert.equal(decoded('a=%E2%82%AC€', { fieldBytes: 6 }).length, 1)
    assert.equal(refusal('a=€€+', { fieldBytes: 6 }), 'form/field-too-large')
    assert.equal(decoded('a=😀12', { fieldBytes: 6 }).length, 1)
    assert.equal(refusal('a=😀123', { fieldBytes: 6 }), 'form/field-too-large')
  })

  it('holds for any text as TextEncoder counts it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 12 }), fc.nat(30), (text, limit) => {
        const isLonger = new TextEncoder().encode(text).length > limit
        const body = String(new URLSearchParams([['a', text]]))
        assert.equal(refusal(body, { fieldBytes: limit }), isLonger ? 'form/field-too-large' : 'decoded')
      }),
    )
  })
})

describe('a query', () => {
  it('is decoded as a body is, and bytes that are not UTF-8 become U+FFFD', () => {
    assert.deepEqual(decodeQuery('a=1&a=%C3%A9+b&c=%ff'), [
      ['a', '1'],
      ['a', 'é b'],
      ['c', '\ufffd'],
    ])
    assert.deepEqual(decodeQuery(''), [])
  })

  it('keeps a question mark that is its own', () => assert.deepEqual(decodeQuery('?a=1'), [['?a', '1']]))
})

describe('decoding takes twice the time for twice the input, even for the worst', () => {
  const worst: Record<string, (length: number) => string> = {
    'percent signs': (length) => '%'.repeat(length),
    'percent signs before half an escape': (length) => '%4'.repeat(length / 2),
    escapes: (length) => `a=${'%41'.repeat(length / 3)}`,
    'escapes of bytes that are not UTF-8, at the end': (length) => `a=${'%41'.repeat(length / 3)}%ff`,
    'plus signs': (length) => '+'.repeat(length),
    'empty pairs': (length) => '&'.repeat(length),
    'equals signs': (length) => '='.repeat(length),
    'many short fields': (length) => 'a&'.repeat(length / 2),
    'wide characters': (length) => '€'.repeat(length / 3),
  }
  const limits = { ...defaultLimits, bodyBytes: Infinity, fields: Infinity, nameBytes: Infinity, fieldBytes: Infinity }
  for (const [what, make] of Object.entries(worst)) {
    it(what, () => {
      const length = 384 * 1024
      assertLinear(length, (bytes) => {
        const body = Buffer.from(make(bytes))
        return () => decodeUrlencoded(body, limits)
      })
    })
  }
})
