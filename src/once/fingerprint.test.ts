import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { utf8 } from '../crypto/bytes.ts'
import { keyring } from '../crypto/keyring.ts'
import { type FileFacts, fingerprintOf } from './fingerprint.ts'

type Texts = readonly (readonly [string, string])[]

const [key, other] = keyring([utf8('one secret'), utf8('older secret')], 'dewar').keysFor('submission')

function of(entries: Texts, files: readonly (readonly [string, FileFacts])[] = []): string {
  return fingerprintOf({ entries, files }, key)
}

const photo: FileFacts = { name: 'sea.png', type: 'image/png', sha256: 'aa' }

describe('the fingerprint of what was posted', () => {
  it('is the same whatever the order of the names, and another when values of one name change places', () => {
    const fields: Texts = [
      ['sku', '7'],
      ['tag', 'a'],
      ['qty', '1'],
      ['tag', 'b'],
    ]
    assert.match(of(fields), /^[\w-]{22}$/)
    assert.equal(of([...fields].sort()), of(fields))
    assert.equal(
      of([
        ['tag', 'a'],
        ['tag', 'b'],
        ['qty', '1'],
        ['sku', '7'],
      ]),
      of(fields),
    )
    assert.notEqual(of([...fields].reverse()), of(fields))
  })

  it('is the same however lines end', () => {
    assert.equal(of([['note', 'a\r\nb']]), of([['note', 'a\nb']]))
    assert.notEqual(of([['note', 'a\nb']]), of([['note', 'a b']]))
  })

  it('does not count what differs each time: the token, and the answers of captchas', () => {
    const volatile = ['_token', 'cf-turnstile-response', 'g-recaptcha-response', 'h-captcha-response']
    for (const name of volatile)
      assert.equal(
        of([
          [name, String(Math.random())],
          ['sku', '7'],
        ]),
        of([['sku', '7']]),
      )
    assert.notEqual(
      of([
        ['_tokens', 'x'],
        ['sku', '7'],
      ]),
      of([['sku', '7']]),
    )
  })

  it('counts the button that was pressed', () => {
    assert.notEqual(
      of([
        ['sku', '7'],
        ['do', 'buy'],
      ]),
      of([
        ['sku', '7'],
        ['do', 'reserve'],
      ]),
    )
  })

  it('counts files by name, type and content, and tells a file from a text', () => {
    const files = (changed: Partial<FileFacts>) => of([], [['file', { ...photo, ...changed }]])
    const all = [files({}), files({ name: 'sky.png' }), files({ type: 'image/gif' }), files({ sha256: 'ab' })]
    assert.equal(new Set([...all, of([]), of([['file', 'sea.png']])]).size, 6)
  })

  it('is another one for other fields, whatever they are made of', () => {
    const texts = fc.array(fc.tuple(fc.string({ maxLength: 3 }), fc.string({ maxLength: 3 })), { maxLength: 4 })
    const sorted = (fields: Texts) => [...fields].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    fc.assert(
      fc.property(texts, texts, (one, two) => {
        const isSame = JSON.stringify(sorted(one)) === JSON.stringify(sorted(two))
        assert.equal(of(one) === of(two), isSame)
      }),
    )
  })

  it('says nothing to who has not the key', () => {
    assert.ok(other)
    assert.notEqual(fingerprintOf({ entries: [['a', 'b']], files: [] }, other), of([['a', 'b']]))
  })
})
