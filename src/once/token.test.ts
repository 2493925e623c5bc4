import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { decodeBase64url, encodeBase64url } from '../crypto/base64url.ts'
import { frameBytes, utf8 } from '../crypto/bytes.ts'
import { type Key, keyring } from '../crypto/keyring.ts'
import { systemRandom } from '../crypto/random.ts'
import { actionOf, isOfEpoch, isOfIncarnation, mintToken, readToken, type TokenSubject, tokenSeconds } from './token.ts'

const [key, olderKey] = keyring([utf8('one secret'), utf8('older secret')], 'dewar').keysFor('form-token')
interface Subject extends TokenSubject {
  readonly epoch: number
  readonly incarnation: string
}

const subject: Subject = { family: 'family', epoch: 3, incarnation: 'aZ-_', action: '/orders' }
const nowSeconds = 1_800_000_000

function mint(of: Subject = subject, by: Key = key): string {
  return mintToken(of, of, { key: by, nowSeconds, random: systemRandom })
}

function proves(token: string, of: Subject = subject, { keys = [key] as readonly Key[], at = nowSeconds } = {}) {
  const proven = readToken(token, of, { keys, nowSeconds: at })
  return proven !== null && isOfEpoch(proven, of.epoch)
}

describe('the token of a form', () => {
  const token = mint()
  const bytes = decodeBase64url(token) ?? new Uint8Array()

  it('has 48 characters of base64url and is another one each time', () => {
    assert.match(token, /^[\w-]{48}$/)
    assert.notEqual(mint(), token)
  })

  it('proves the form it was made for', () => assert.equal(proves(token), true))

  it('says of which incarnation of the store it is, whatever else names its instance', () => {
    const nonce = new Uint8Array(12).fill(7)
    const minted = mintToken(subject, { ...subject, nonce }, { key, nowSeconds, random: systemRandom })
    for (const each of [token, minted]) {
      const proven = readToken(each, subject, { keys: [key], nowSeconds })
      assert.ok(proven)
      for (const incarnation of ['aZ-A', 'AZ-_', 'aZ__', '']) assert.equal(isOfIncarnation(proven, incarnation), false)
      assert.equal(isOfIncarnation(proven, 'aZ-_'), true)
    }
    assert.deepEqual(decodeBase64url(minted)?.subarray(11, 20), nonce.subarray(3))
    const proven = readToken(mint({ ...subject, incarnation: '' }), subject, { keys: [key], nowSeconds })
    assert.deepEqual(proven?.nonce.subarray(0, 3), new Uint8Array(3))
    assert.equal(proven && isOfIncarnation(proven, ''), true)
  })

  it('proves nothing about another family, epoch or action', () => {
    for (const other of [{ family: 'famil' }, { epoch: 4 }, { action: '/order' }, { action: '/orders/' }]) {
      assert.equal(proves(token, { ...subject, ...other }), false, JSON.stringify(other))
    }
    assert.equal(
      proves(mint({ ...subject, family: 'a', action: 'b/c' }), { ...subject, family: 'ab', action: '/c' }),
      false,
    )
  })

  it('proves nothing to another key, even to one with the same id', () => {
    assert.ok(olderKey)
    assert.equal(proves(token, subject, { keys: [olderKey] }), false)
    assert.equal(proves(token, subject, { keys: [{ ...olderKey, id: key.id }] }), false)
    assert.equal(proves(token, subject, { keys: [] }), false)
  })

  it('made with an older key proves as long as that key is in the list', () => {
    assert.ok(olderKey)
    assert.equal(proves(mint(subject, olderKey), subject, { keys: [key, olderKey] }), true)
  })

  it('is good for 24 hours to the second, and not a second more', () => {
    assert.equal(tokenSeconds, 86_400)
    assert.equal(proves(token, subject, { at: nowSeconds + tokenSeconds }), true)
    assert.equal(proves(token, subject, { at: nowSeconds + tokenSeconds + 1 }), false)
  })

  it('may come from a clock that is a minute ahead, and not a second more', () => {
    assert.equal(proves(token, subject, { at: nowSeconds - 60 }), true)
    assert.equal(proves(token, subject, { at: nowSeconds - 61 }), false)
  })

  it('proves nothing with any single bit flipped', () => {
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = bytes.slice()
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      assert.equal(proves(encodeBase64url(flipped)), false, `bit ${bit}`)
    }
  })

  it('proves nothing cut short, lengthened or padded', () => {
    for (let at = 0; at < token.length; at++) assert.equal(proves(token.slice(0, at)), false)
    for (const more of ['A', 'AAAA', '=', ' ', token]) assert.equal(proves(token + more), false)
  })

  it('is signed by HMAC-SHA-256 over all it says, and its version and purpose count even if the signature is right', () => {
    const signed = (lead: number, purpose: number): string => {
      const head = Buffer.concat([Buffer.from([lead, purpose]), bytes.subarray(2, 20)])
      const message = frameBytes('dewar', head, subject.family, subject.action)
      const mac = createHmac('sha256', key.bytes).update(message).digest().subarray(0, 16)
      return Buffer.concat([head, mac]).toString('base64url')
    }
    const lead = bytes[0] ?? 0
    assert.equal(signed(lead, 1), token)
    assert.equal(proves(signed(lead, 2)), false)
    assert.equal(proves(signed(lead ^ 0x10, 1)), false)
    assert.equal(proves(signed(lead ^ 0x01, 1)), false)
  })

  it('is never a reason to throw', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.uint8Array({ minLength: 36, maxLength: 36 }).map((any) => encodeBase64url(any)),
      fc
        .uint8Array({ minLength: 34, maxLength: 34 })
        .map((any) => encodeBase64url(new Uint8Array([...bytes.subarray(0, 2), ...any]))),
    )
    fc.assert(fc.property(texts, (text) => assert.equal(proves(text), false)))
  })
})

describe('the action of a form', () => {
  const actions = {
    '/orders': '/orders',
    '/orders/': '/orders',
    '/orders?page=2#top': '/orders',
    '/orders/?page=2': '/orders',
    '/orders#a?b': '/orders',
    '/': '/',
    '/?a': '/',
    '/%6frders': '/orders',
    '/a%2fb': '/a%2Fb',
    '/caf%c3%a9': '/caf%C3%A9',
    '/café': '/caf%C3%A9',
    '/a b': '/a%20b',
    '/a/../orders': '/orders',
    '/./orders': '/orders',
    '/%2e%2e/orders': '/orders',
    '/a\\b': '/a/b',
    '/%zz': '/%zz',
  }
  for (const [address, action] of Object.entries(actions)) {
    it(`${address} is ${action}`, () => assert.equal(actionOf(address), action))
  }

  it('is the same whether an author wrote it or a browser asked for it', () => {
    const paths = fc.string({
      unit: fc.constantFrom('/', 'a', 'é', ' ', '%41', '%c3%a9', '.', '..', '%2e', '?', '#', "'", '~', ':'),
    })
    fc.assert(
      fc.property(paths, (path) => {
        const asked = new URL(`http://x/${path}`).pathname
        assert.equal(actionOf(asked), actionOf(`/${path}`))
      }),
      { numRuns: 1000 },
    )
  })
})
