import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { utf8Text } from './utf8-text.ts'

describe('text from bytes', () => {
  it('is what was encoded, of any length and from any piece', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40, unit: 'binary' }), fc.nat(40), (text, before) => {
        const bytes = Buffer.from(text)
        assert.equal(utf8Text(bytes), text)
        const within = Buffer.concat([Buffer.alloc(before, 'x'), bytes, Buffer.from('\xff')])
        assert.equal(utf8Text(within, before, before + bytes.length), text)
      }),
    )
  })

  it('keeps a byte order mark and NUL', () => assert.equal(utf8Text(Buffer.from('\ufeffa\0')), '\ufeffa\0'))

  it('is none when the bytes are not UTF-8', () => {
    for (const bytes of [[0x80], [0xc3], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0x61, 0xff]]) {
      assert.equal(utf8Text(Uint8Array.from(bytes)), null)
      assert.equal(utf8Text(Uint8Array.from([...bytes, ...Buffer.alloc(50, 'x')])), null)
    }
  })
})
