import assert from 'node:assert/strict'
import { it } from 'node:test'
import { gcm } from './gcm.ts'
import { xaes, xaes256gcm } from './xaes.ts'
import { xchacha } from './xchacha.ts'

// https://c2sp.org/XAES-256-GCM, test vectors
const nonce = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWX')

for (const { keyByte, aad, sealed } of [
  { keyByte: 1, aad: '', sealed: 'ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271' },
  { keyByte: 3, aad: 'c2sp.org/XAES-256-GCM', sealed: '986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d' },
]) {
  it(`XAES-256-GCM seals the published vector with key ${keyByte} and opens it`, () => {
    const cipher = xaes256gcm(new Uint8Array(32).fill(keyByte))
    const { ciphertext, tag } = cipher.encrypt(nonce, 'XAES-256-GCM', Buffer.from(aad))
    assert.equal(Buffer.concat([ciphertext, tag]).toString('hex'), sealed)
    assert.equal(cipher.decrypt(nonce, Buffer.from(sealed, 'hex'), Buffer.from(aad)).toString(), 'XAES-256-GCM')
  })
}

for (const [name, codec] of Object.entries({ gcm, xaes, xchacha })) {
  it(`${name} opens what it sealed, and nothing changed by one character`, () => {
    const session = { username: 'Zoë', visits: 3, issuedAt: 1_700_000_000 }
    const cookie = codec.seal(session)
    assert.deepEqual(codec.open(cookie), session)
    for (let at = 0; at < cookie.length; at++) {
      const changed = cookie.slice(0, at) + (cookie[at] === 'A' ? 'B' : 'A') + cookie.slice(at + 1)
      assert.equal(codec.open(changed), undefined)
    }
  })
}
