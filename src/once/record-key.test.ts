import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { utf8 } from '../crypto/bytes.ts'
import { keyring } from '../crypto/keyring.ts'
import { nonceOf, recordKeyFor, recordKeyOf } from './record-key.ts'

const [key, other] = keyring([utf8('one secret'), utf8('older secret')], 'dewar').keysFor('submission')
const nonce = new Uint8Array(12).fill(7)
const subject = { family: 'family', action: '/orders' }

describe('the key of a submission’s record', () => {
  it('is the same each time, and another one for another family, action, nonce or secret', () => {
    assert.ok(other)
    const keys = [
      recordKeyOf(subject, nonce, key),
      recordKeyOf({ ...subject, family: 'famil' }, nonce, key),
      recordKeyOf({ ...subject, action: '/order' }, nonce, key),
      recordKeyOf({ family: 'famil', action: 'y/orders' }, nonce, key),
      recordKeyOf(subject, new Uint8Array(12), key),
      recordKeyOf(subject, nonce, other),
    ]
    for (const each of keys) assert.match(each, /^[\w-]{22}$/)
    assert.equal(new Set(keys).size, keys.length)
    assert.equal(recordKeyOf(subject, nonce, key), keys[0])
  })

  it('is one for each text where each is done once', () => {
    const record = recordKeyOf(subject, nonce, key)
    const keys = ['this', 'that'].map((fingerprint) => recordKeyFor(record, fingerprint, key))
    assert.equal(new Set([record, ...keys]).size, 3)
  })
})

describe('the nonce of an intent', () => {
  it('is 12 bytes, the same for the same facts', () => {
    assert.equal(nonceOf('["cart 7"]', key).length, 12)
    assert.deepEqual(nonceOf('["cart 7"]', key), nonceOf('["cart 7"]', key))
    assert.notDeepEqual(nonceOf('["cart 8"]', key), nonceOf('["cart 7"]', key))
  })
})
