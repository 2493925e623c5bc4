import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { systemRandom } from './random.ts'
import { freshSecret, readSecrets } from './secret.ts'

const strong = 'vJ3kQ8wZ1mN5xT7rB2hL9pD4sF6gC0yA'
const another = 'Uq2Wc8Ze5Rb1Tn7Ym4Ko9Lp3Xa6Vs0Hd'

function texts(secrets: readonly Uint8Array[]): string[] {
  return secrets.map((bytes) => new TextDecoder().decode(bytes))
}

describe('the secrets of an app', () => {
  it('are one text, several separated by commas, or a list, newest first', () => {
    assert.deepEqual(texts(readSecrets(strong)), [strong])
    assert.deepEqual(texts(readSecrets(`${strong},${another}`)), [strong, another])
    assert.deepEqual(texts(readSecrets([strong, another])), [strong, another])
  })

  it('may have spaces, line ends and empty places around their commas', () => {
    assert.deepEqual(texts(readSecrets(` ${strong} ,\n ${another},, `)), [strong, another])
  })

  it('keep a comma that stands inside a list', () => {
    assert.deepEqual(texts(readSecrets([`${strong},x`])), [`${strong},x`])
  })

  it('are missing when there is no text at all', () => {
    for (const none of ['', ' ', ',', ' , ', [], ['', ' ']]) {
      assert.throws(() => readSecrets(none), { code: 'session/secret-missing' })
    }
  })

  it('have 32 bytes at least, not one less', () => {
    assert.equal(strong.length, 32)
    assert.doesNotThrow(() => readSecrets(strong))
    assert.throws(() => readSecrets(strong.slice(1)), {
      code: 'session/secret-too-short',
      message: /^Secret 1 has 31 bytes; 32 are needed\. .* \[session\/secret-too-short\]$/,
    })
  })

  it('are counted in bytes, not characters', () => {
    assert.doesNotThrow(() => readSecrets('äöüßéèêëàâîïôûçñ'))
  })

  it('are told apart by their position', () => {
    assert.throws(() => readSecrets([strong, 'short']), { message: /^Secret 2 has 5 bytes/ })
    assert.throws(() => readSecrets([strong, 'a'.repeat(40)]), { message: /^Secret 2 is easy to guess/ })
  })

  for (const weak of [
    'a'.repeat(64),
    '123123123123123123123123123123123',
    '01101001100101101001011001101001', // never the same thing three times, and still two characters
    'please-change-me-please-change-me-1',
    'CHANGEME-Qx7-Zk2-Wp9-Lr4-Nt6-Vb3-Hs8',
    'my-very-own-super-secret-session-key',
    'correct horse battery staple password',
    'dev.example.com-Kq7Zx2Wp9Lr4Nt6Vb3Hs8',
    '0123456789abcdef0123456789abcdef',
    'abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJ',
    'keyboard cat keyboard cat keyboard cat',
    'qwertyuiopqwertyuiopqwertyuiopqwerty',
  ]) {
    it(`are refused when they are easy to guess: ${weak}`, () => {
      assert.throws(() => readSecrets(weak), { code: 'session/secret-weak' })
    })
  }

  it('never appear in the message that refuses them', () => {
    for (const bad of ['hunter2-hunter2', 'hunter2hunter2hunter2hunter2hunter2']) {
      assert.throws(
        () => readSecrets(bad),
        (error: Error) => !error.message.includes('hunter2'),
      )
    }
  })

  it('may be any 32 random bytes as base64url or hex', () => {
    fc.assert(
      fc.property(fc.nat(), () => {
        const bytes = randomBytes(32)
        assert.doesNotThrow(() => readSecrets([bytes.toString('base64url'), bytes.toString('hex')]))
      }),
      { numRuns: 500 },
    )
  })
})

describe('a fresh secret', () => {
  it('is 32 random bytes as base64url, and another one each time', () => {
    const secrets = Array.from({ length: 100 }, () => freshSecret(systemRandom))
    assert.equal(new Set(secrets).size, 100)
    for (const secret of secrets) {
      assert.match(secret, /^[\w-]{43}$/)
      assert.doesNotThrow(() => readSecrets(secret))
    }
  })

  it('is never one that is refused: then chance is asked again', () => {
    const secretByChance = Buffer.from('aSecret4Z1mN5xT7rB2hL9pD4sF6gC0yAvJ3kQ8wZ1m', 'base64url')
    const fine = randomBytes(32)
    const given = [secretByChance, fine]
    assert.equal(freshSecret({ bytes: () => given.shift() ?? new Uint8Array() }), fine.toString('base64url'))
  })
})
