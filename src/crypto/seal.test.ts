import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { decodeBase64url, encodeBase64url } from './base64url.ts'
import { utf8 } from './bytes.ts'
import { type Key, keyring, type Purpose } from './keyring.ts'
import { systemRandom } from './random.ts'
import { createSealer, type Sealer } from './seal.ts'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const newest = utf8('the newest of all secrets is 32 bytes long')
const older = utf8('an older secret, 32 bytes long as well')
const content = utf8('{"username":"Zoë"}')

function keysOf(secrets: readonly Uint8Array[], app = 'dewar', purpose: Purpose = 'session-cookie') {
  return keyring(secrets, app).keysFor(purpose)
}

function sealerOf(keys: readonly [Key, ...Key[]], boundTo = 'session'): Sealer {
  return createSealer({ keys, boundTo, random: systemRandom })
}

describe('a sealed text', () => {
  const sealer = sealerOf(keysOf([newest]))
  const sealed = sealer.seal(content)
  const bytes = decodeBase64url(sealed) ?? new Uint8Array()

  it('opens to what was sealed, whatever it was', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (any) => {
        assert.deepEqual(sealer.open(sealer.seal(any)), { content: any, stale: false })
      }),
    )
  })

  it('is another one each time, and tells nothing but the length', () => {
    assert.notEqual(sealer.seal(content), sealed)
    assert.equal(bytes.length, content.length + 42)
    assert.equal(Buffer.from(bytes).includes('username'), false)
  })

  it('does not open with any single bit flipped', () => {
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = bytes.slice()
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      assert.equal(sealer.open(encodeBase64url(flipped)), null, `bit ${bit}`)
    }
  })

  it('does not open with any one character changed, to whatever digit', () => {
    for (let at = 0; at < sealed.length; at++) {
      for (const digit of alphabet.replace(sealed[at] ?? '', '')) {
        assert.equal(sealer.open(sealed.slice(0, at) + digit + sealed.slice(at + 1)), null, `${digit} at ${at}`)
      }
    }
  })

  it('does not open cut short anywhere, at either end', () => {
    for (let at = 0; at < sealed.length; at++) assert.equal(sealer.open(sealed.slice(0, at)), null)
    for (let at = 1; at <= sealed.length; at++) assert.equal(sealer.open(sealed.slice(at)), null)
    for (let at = 0; at < bytes.length; at++) assert.equal(sealer.open(encodeBase64url(bytes.subarray(0, at))), null)
  })

  it('does not open with anything added', () => {
    for (const more of ['A', 'AA', 'AAAA', '=', '==', ' ', '\n', '.', sealed]) {
      assert.equal(sealer.open(sealed + more), null, JSON.stringify(more))
      assert.equal(sealer.open(more + sealed), null, JSON.stringify(more))
    }
  })

  it('does not open spelled in another way', () => {
    const odd = sealer.seal(new Uint8Array(2)) // 44 bytes: two bytes are left over, so the last digit has two spare bits
    const last = alphabet.indexOf(odd.at(-1) ?? '')
    for (const spare of [1, 2, 3]) assert.equal(sealer.open(odd.slice(0, -1) + alphabet[last + spare]), null)
    assert.equal(sealer.open(`${odd}=`), null)
    assert.notEqual(sealer.open(odd), null)
  })

  it('is never a reason to throw', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 120 }),
      fc.uint8Array({ maxLength: 120 }).map((any) => encodeBase64url(new Uint8Array([1, bytes[1] ?? 0, ...any]))),
    )
    fc.assert(
      fc.property(texts, (text) => assert.equal(sealer.open(text), null)),
      { numRuns: 1000 },
    )
  })
})

describe('a sealed text opens in its own place alone', () => {
  const sealed = sealerOf(keysOf([newest])).seal(content)

  it('not with another secret', () => {
    assert.equal(sealerOf(keysOf([older])).open(sealed), null)
  })

  it('not for another app with the same secret', () => {
    assert.equal(sealerOf(keysOf([newest], 'shop')).open(sealed), null)
  })

  it('not for another purpose', () => {
    assert.equal(sealerOf(keysOf([newest], 'dewar', 'form-token')).open(sealed), null)
  })

  it('not for another cookie', () => {
    assert.equal(sealerOf(keysOf([newest]), '__Host-Http-session').open(sealed), null)
    assert.equal(sealerOf(keysOf([newest]), 'sessio').open(sealed), null)
  })

  it('not with another key that happens to have the same id', () => {
    const [key] = keysOf([newest])
    const [other] = keysOf([older])
    assert.equal(sealerOf([{ id: key.id, bytes: other.bytes }]).open(sealed), null)
  })

  it('not under another key id, even with the same key', () => {
    const [key] = keysOf([newest])
    const id = key.id ^ 1
    const bytes = decodeBase64url(sealed) ?? new Uint8Array()
    bytes[1] = id
    assert.equal(sealerOf([{ id, bytes: key.bytes }]).open(encodeBase64url(bytes)), null)
  })
})

describe('after a change of secrets', () => {
  const before = sealerOf(keysOf([older]))
  const after = sealerOf(keysOf([newest, older]))

  it('what the older secret sealed opens, and is stale', () => {
    assert.deepEqual(after.open(before.seal(content)), { content, stale: true })
  })

  it('the newest secret seals, so the older one alone opens nothing new', () => {
    const sealed = after.seal(content)
    assert.deepEqual(after.open(sealed), { content, stale: false })
    assert.equal(before.open(sealed), null)
  })

  it('an older secret taken out of the list opens nothing', () => {
    assert.equal(sealerOf(keysOf([newest])).open(before.seal(content)), null)
  })

  it('two keys with one id are both tried', () => {
    const [first, second] = keysOf([newest, older])
    assert.ok(second)
    const twins = sealerOf([first, { ...second, id: first.id }])
    const sealed = sealerOf([{ ...second, id: first.id }]).seal(content)
    assert.deepEqual(twins.open(sealed), { content, stale: true })
  })
})
