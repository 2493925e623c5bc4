import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { compile, htmlPattern } from './pattern.ts'

// What a browser makes of <input pattern>.  WHATWG HTML §4.10.5.3.6
function matchesInHtml(pattern: string, text: string): boolean {
  return new RegExp(`^(?:${pattern})$`, 'v').test(text)
}

describe('a pattern in HTML', () => {
  const told: Record<string, string | null> = {
    '^[a-z]+$': '^[a-z]+$',
    abc: '.*(?:abc).*',
    '^abc': '(?:^abc).*',
    abc$: '.*(?:abc$)',
    'costs \\$': '.*(?:costs \\$).*',
    '\\\\$': '.*(?:\\\\$)',
    '^a|b$': '.*(?:^a|b$).*',
    '^(a|b)$': '^(a|b)$',
    '^[|]$': '^[\\|]$',
    '^a\\|b$': '^a\\|b$',
    '^[a-z0-9-]+$': '^[a-z0-9\\-]+$',
    '^[-a]$': '^[\\-a]$',
    '^[(){}/[]$': '^[\\(\\)\\{\\}\\/\\[]$',
    '^[\\w.]+@[^@]+$': '^[\\w.]+@[^@]+$',
    '^[a&&b]$': null,
    '^\\-$': null,
    '^[': null,
    '^(?<a>x)\\k<b>$': null,
  }
  for (const [pattern, html] of Object.entries(told)) {
    it(`of ${pattern} is ${html ?? 'left out'}`, () => {
      assert.equal(htmlPattern(pattern), html)
    })
  }

  it('takes and refuses what the pattern of the schema does', () => {
    const patterns = Object.keys(told).filter((pattern) => told[pattern] !== null)
    const letters = fc.string({ unit: fc.constantFrom(...'ab$|\\-(){}/[]@c x1.'), maxLength: 12 })
    const near = fc.constantFrom('abc', 'xabc', 'abcx', 'ab', 'b', 'a|b', 'costs $', 'a@b', '-', '|', '\\', 'a-1')
    fc.assert(
      fc.property(fc.constantFrom(...patterns), fc.oneof(letters, near), (pattern, text) => {
        assert.equal(matchesInHtml(htmlPattern(pattern) ?? '', text), new RegExp(pattern).test(text))
      }),
      { numRuns: 5000 },
    )
  })
})

describe('compiling a pattern', () => {
  it('reads it as strictly as it allows', () => {
    assert.equal(compile('^\\p{L}+$')?.test('ä'), true)
    assert.equal(compile('^\\-$')?.flags, '')
    assert.equal(compile('^[a-z-]$')?.test('-'), true)
  })

  it('gives null for what is no regular expression', () => {
    assert.equal(compile('('), null)
  })
})
