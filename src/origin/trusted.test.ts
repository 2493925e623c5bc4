import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readTrustedOrigins } from './trusted.ts'

describe('trusted origins', () => {
  it('are those named, and none by default', () => {
    const named = [
      'https://admin.example',
      'http://localhost:3000',
      'https://xn--bcher-kva.example',
      'http://[::1]:8080',
    ]
    assert.deepEqual([...readTrustedOrigins(named)], named)
    assert.equal(readTrustedOrigins([]).size, 0)
  })

  for (const origin of [
    'https://a.example/',
    'https://a.example/path',
    'https://a.example?',
    'a.example',
    'a.example:443',
    '//a.example',
    'null',
    '*',
    'https://*',
    'https://*.example',
    'https://*.example/',
    'https://A.example',
    'HTTPS://a.example',
    'https://a.example:443',
    'https://user@a.example',
    'https://bücher.example',
    ' https://a.example',
    'https://a.example ',
    'file://',
    'data:',
    'blob:https://a.example/1',
    '',
  ]) {
    it(`are never ${JSON.stringify(origin)}, which no browser sends, and the message shows one that is`, () => {
      assert.throws(() => readTrustedOrigins(['https://good.example', origin]), {
        code: 'app/option-invalid',
        message: `trustedOrigins has ${JSON.stringify(origin)}; an origin looks like "https://admin.example.com". [app/option-invalid]`,
      })
    })
  }
})
