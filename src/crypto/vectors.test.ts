import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js'
import { expand, extract, hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import hkdfVectors from '../../test/vectors/hkdf-sha256.json' with { type: 'json' }
import hmacVectors from '../../test/vectors/hmac-sha256.json' with { type: 'json' }
import xchachaVectors from '../../test/vectors/xchacha20-poly1305.json' with { type: 'json' }
import { joinBytes } from './bytes.ts'
import { hash, mac16 } from './mac.ts'

describe('HKDF-SHA-256, by which keys are made, gives the published keys', () => {
  for (const { name, secret, salt, info, length, pseudorandomKey, key } of hkdfVectors.vectors) {
    it(`of RFC 5869 ${name}`, () => {
      assert.equal(hexOf(hkdf(sha256, bytes(secret), bytes(salt), bytes(info), length)), key)
      assert.equal(hexOf(extract(sha256, bytes(secret), bytes(salt))), pseudorandomKey)
      assert.equal(hexOf(expand(sha256, bytes(pseudorandomKey), bytes(info), length)), key)
    })
  }
})

describe('HMAC-SHA-256, by which tokens are signed, gives the published codes', () => {
  for (const { name, key, data, mac } of hmacVectors.vectors) {
    it(`of RFC 4231 ${name}`, () => {
      assert.equal(hexOf(mac16(bytes(key), bytes(data))), mac.slice(0, 32))
    })
  }
})

describe('XChaCha20-Poly1305, by which sessions are sealed', () => {
  for (const { name, key, nonce, associated, plaintext, ciphertext, tag } of xchachaVectors.vectors) {
    const cipher = () => xchacha20poly1305(bytes(key), bytes(nonce), bytes(associated))

    it(`gives the published ciphertext and tag of the draft's ${name}`, () => {
      assert.equal(hexOf(cipher().encrypt(bytes(plaintext))), ciphertext + tag)
    })

    it(`opens the published ciphertext of the draft's ${name}, and not with a tag cut short`, () => {
      const sealed = joinBytes(bytes(ciphertext), bytes(tag))
      assert.equal(hexOf(cipher().decrypt(sealed)), plaintext)
      assert.throws(() => cipher().decrypt(sealed.subarray(0, -4)))
    })
  }
})

// FIPS 180-4 example, https://csrc.nist.gov/projects/cryptographic-standards-and-guidelines/example-values (public domain)
it('SHA-256 gives the published hash of "abc"', () => {
  const published = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
  assert.equal(hexOf(hash(new TextEncoder().encode('abc'))), published)
})

function bytes(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, 'hex'))
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
