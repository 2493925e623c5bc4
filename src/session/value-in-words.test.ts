import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { valueInWords } from './value-in-words.ts'

describe('a value in words', () => {
  it('is written in one line as long as it fits into 100 characters, with what it stands behind', () => {
    const fits = { texts: ['a'.repeat(42), 'b'.repeat(39)] }
    assert.equal(valueInWords(fits).length, 100)
    assert.doesNotMatch(valueInWords(fits), /\n/)
    assert.match(valueInWords({ texts: ['a'.repeat(42), 'b'.repeat(40)] }), /^\{\n {2}texts: \[.*\]\n\}$/)
  })

  it('is broken into lines where it does not fit, from the outside', () => {
    const long = 'x'.repeat(60)
    const value = new Map<unknown, unknown>([
      ['list', [long, { [long]: long }]],
      ['set', new Set([1])],
    ])
    const lines = [
      'Map {',
      '  "list" => [',
      `    "${long}",`,
      '    {',
      `      ${long}: "${long}"`,
      '    }',
      '  ],',
      '  "set" => Set { 1 }',
      '}',
    ]
    assert.equal(valueInWords(value), lines.join('\n'))
  })

  it('has the first 32 of many bytes', () => {
    assert.equal(valueInWords(new Uint8Array(32)), `Uint8Array(32)${' 00'.repeat(32)}`)
    assert.equal(valueInWords(new Uint8Array(33)), `Uint8Array(33)${' 00'.repeat(32)} …`)
  })

  it('has no control character, whatever a text or a key holds', () => {
    const all = String.fromCodePoint(
      ...Array.from({ length: 0x100 }, (_, code) => code),
      0x202e,
      0x2028,
      0xfeff,
      0xe0001,
    )
    const text = valueInWords({ [all]: all, list: [all] })
    assert.doesNotMatch(text.replaceAll('\n', ''), /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
    assert.match(text, /\\u\{e0001\}/)
  })

  it('of nothing has no place between its brackets', () => {
    assert.equal(valueInWords([{}, [], new Map(), new Set()]), '[{}, [], Map {}, Set {}]')
  })
})
