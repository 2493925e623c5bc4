import assert from 'node:assert/strict'
import { hkdfSync } from 'node:crypto'
import { describe, it } from 'node:test'
import { utf8 } from './bytes.ts'
import { keyring } from './keyring.ts'

const one = utf8('one secret of more than thirty-two bytes')
const other = utf8('other secret of more than thirty-two bytes')

describe('a key ring', () => {
  it('has one key for each secret, newest first, of 32 bytes and an id', () => {
    const keys = keyring([one, other], 'dewar').keysFor('session-cookie')
    assert.deepEqual(keys[0], keyring([one], 'dewar').keysFor('session-cookie')[0])
    assert.deepEqual(keys[1], keyring([other], 'dewar').keysFor('session-cookie')[0])
    assert.equal(keys.length, 2)
    for (const { bytes, id } of keys) {
      assert.equal(bytes.length, 32)
      assert.ok(Number.isInteger(id) && id >= 0 && id < 256)
    }
  })

  it('makes its keys by HKDF-SHA-256 as OpenSSL does, with purpose and app framed by their lengths', () => {
    const info = Buffer.from('\0\0\0\x0aform-token\0\0\0\x04shop', 'latin1')
    const expected = new Uint8Array(hkdfSync('sha256', one, 'dewar/1', info, 33))
    const [key] = keyring([one], 'shop').keysFor('form-token')
    assert.deepEqual(key, { id: expected[32], bytes: expected.subarray(0, 32) })
  })

  it('gives no two purposes, apps or secrets the same key', () => {
    const keys = [
      keyring([one], 'dewar').keysFor('session-cookie'),
      keyring([one], 'dewar').keysFor('form-token'),
      keyring([one], 'shop').keysFor('session-cookie'),
      keyring([one], 'shop').keysFor('form-token'),
      keyring([other], 'dewar').keysFor('session-cookie'),
    ]
    assert.equal(new Set(keys.map(([{ bytes }]) => Buffer.from(bytes).toString('hex'))).size, keys.length)
  })

  it('refuses to be empty', () => {
    assert.throws(() => keyring([], 'dewar').keysFor('session-cookie'), RangeError)
  })
})
