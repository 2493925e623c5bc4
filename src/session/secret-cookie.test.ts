import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createSecretProof, hashOf } from './secret-cookie.ts'

describe('the proof of a secret', () => {
  const right = 'a'.repeat(32)
  const wrong = `${'a'.repeat(31)}b`

  it('takes the right one, the first time and the next', () => {
    const isSecretOf = createSecretProof()
    assert.deepEqual(
      [1, 2].map(() => isSecretOf(right, hashOf(right))),
      [true, true],
    )
  })

  it('refuses a wrong one, before and after the right one came', () => {
    const isSecretOf = createSecretProof()
    const hash = hashOf(right)
    const verdicts = [wrong, right, wrong, '', `${right}a`].map((secret) => isSecretOf(secret, hash))
    assert.deepEqual(verdicts, [false, true, false, false, false])
  })

  it('refuses the right one of another hash', () => {
    const isSecretOf = createSecretProof()
    assert.equal(isSecretOf(right, hashOf(right)), true)
    assert.equal(isSecretOf(right, hashOf(wrong)), false)
  })
})
