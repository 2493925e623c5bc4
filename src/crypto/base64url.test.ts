import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { decodeBase64url, encodeBase64url } from './base64url.ts'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

describe('base64url', () => {
  // RFC 4648 §10, without the padding; IETF Trust Legal Provisions
  const published = { '': '', f: 'Zg', fo: 'Zm8', foo: 'Zm9v', foob: 'Zm9vYg', fooba: 'Zm9vYmE', foobar: 'Zm9vYmFy' }
  for (const [text, encoded] of Object.entries(published)) {
    it(`writes ${JSON.stringify(text)} as ${JSON.stringify(encoded)} and reads it back`, () => {
      assert.equal(encodeBase64url(Buffer.from(text)), encoded)
      assert.deepEqual(decodeBase64url(encoded), new Uint8Array(Buffer.from(text)))
    })
  }

  it('uses the alphabet of RFC 4648 §5, in order', () => {
    const sixBitsEach = Buffer.from(alphabet.replaceAll('-', '+').replaceAll('_', '/'), 'base64')
    assert.equal(encodeBase64url(sixBitsEach), alphabet)
  })

  it('writes any bytes as Buffer does, and reads them back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const text = encodeBase64url(bytes)
        assert.equal(text, Buffer.from(bytes).toString('base64url'))
        assert.deepEqual(decodeBase64url(text), bytes)
      }),
    )
  })

  it('reads no text but the one it writes, so that two texts never give the same bytes', () => {
    const almost = fc.string({ unit: fc.constantFrom(...alphabet, '=', '+', '/', ' ', 'é'), maxLength: 12 })
    fc.assert(
      fc.property(fc.oneof(almost, fc.string({ unit: 'binary' })), (text) => {
        const bytes = decodeBase64url(text)
        if (bytes !== null) assert.equal(encodeBase64url(bytes), text)
      }),
      { numRuns: 2000 },
    )
  })

  const refused = {
    padding: 'Zg==',
    'a dangling digit': 'Zm9vY',
    'spare bits that are not zero, one byte left': 'Zh',
    'spare bits that are not zero, two bytes left': 'Zm9',
    'the alphabet of plain base64': '+/+/',
    'a space': 'Zm 9',
    'a line feed at the end': 'Zm9v\n',
    'a character whose code ends in the byte of a digit': 'Zm9\u0176',
    'a lone surrogate': 'Zm9\ud800',
    NUL: 'Zm9\0',
  }
  for (const [what, text] of Object.entries(refused)) {
    it(`refuses ${what}`, () => assert.equal(decodeBase64url(text), null))
  }
})
