import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type ForwardedHeaders, type Forwarding, readForwarded } from './forwarded.ts'
import { readTrustProxy, type TrustProxy } from './trust-proxy.ts'

type Said = Partial<ForwardedHeaders>

function read(trusted: TrustProxy, said: Said, peer = '127.0.0.1'): Forwarding {
  return readForwarded({ for: said.for, proto: said.proto, host: said.host }, peer, readTrustProxy(trusted))
}

/** `client protocol host`, with `-` for what nobody says. */
function short(forwarding: Forwarding): string {
  if (forwarding.kind === 'direct') return 'direct'
  if (forwarding.kind === 'refused') return forwarding.reason
  return `${forwarding.client} ${forwarding.protocol ?? '-'} ${forwarding.host ?? '-'}`
}

const all: Said = { for: '1.1.1.1, 2.2.2.2', proto: 'https, http', host: 'evil.example, shop.example' }

const table: [name: string, trusted: TrustProxy, said: Said, expected: string, peer?: string][] = [
  ['nobody', false, all, 'direct'],
  ['no proxy', 0, all, 'direct'],
  ['one proxy', 1, all, '2.2.2.2 http: shop.example'],
  ['two proxies', 2, all, '1.1.1.1 https: evil.example'],
  ['more proxies than values', 3, all, '1.1.1.1 https: evil.example'],
  ['one proxy that says nothing', 1, {}, '127.0.0.1 - -'],
  ['one proxy, and lists of different lengths', 2, { ...all, proto: 'https' }, '1.1.1.1 https: evil.example'],
  ['one proxy, whoever the peer is', 1, all, '2.2.2.2 http: shop.example', '9.9.9.9'],
  [
    'empty members of a list',
    1,
    { for: ', 1.1.1.1 , ', proto: ' ,,https', host: 'shop.example,' },
    '1.1.1.1 https: shop.example',
  ],
  ['empty headers', 1, { for: '', proto: '', host: '' }, '127.0.0.1 - -'],
  ['capitals', 1, { proto: 'HTTPS' }, '127.0.0.1 https: -'],
  ['another protocol', 1, { proto: 'ftp' }, 'forwarded-proto-malformed'],
  ['a protocol with more', 1, { proto: 'https:' }, 'forwarded-proto-malformed'],
  ['another protocol further left', 1, { proto: 'ftp, https' }, '127.0.0.1 https: -'],
  ['a host with a path', 1, { host: 'shop.example/x' }, 'forwarded-host-malformed'],
  ['a host with a user', 1, { host: 'a@shop.example' }, 'forwarded-host-malformed'],
  ['a host with a bad port', 1, { host: 'shop.example:99999' }, 'forwarded-host-malformed'],
  ['a bad host further left', 1, { host: 'a@b, shop.example' }, '127.0.0.1 - shop.example'],
  ['a host with a port', 1, { host: 'shop.example:8443' }, '127.0.0.1 - shop.example:8443'],
  ['a client with a port', 1, { for: '1.1.1.1:4711' }, '1.1.1.1 - -'],
  ['a client of IPv6 in brackets', 1, { for: '[2001:db8::1]:4711' }, '2001:db8::1 - -'],
  ['a client of IPv6', 1, { for: '2001:db8::1' }, '2001:db8::1 - -'],
  ['a client that is no address', 1, { for: 'unknown' }, '127.0.0.1 - -'],
  ['loopback, from there', 'loopback', all, '2.2.2.2 http: shop.example'],
  ['loopback, from there in IPv6', 'loopback', all, '2.2.2.2 http: shop.example', '::ffff:127.0.0.1'],
  ['loopback, from elsewhere', 'loopback', all, 'direct', '9.9.9.9'],
  [
    'loopback, without a list of clients',
    'loopback',
    { host: 'evil.example, shop.example' },
    '127.0.0.1 - shop.example',
  ],
  ['loopback, two of them', 'loopback', { ...all, for: '1.1.1.1, 127.0.0.1' }, '1.1.1.1 https: evil.example'],
  ['loopback, and nobody else', 'loopback', { ...all, for: '127.0.0.1' }, '127.0.0.1 http: shop.example'],
  [
    'loopback, with a client that says it is there',
    'loopback',
    { ...all, for: '127.0.0.1, 2.2.2.2' },
    '2.2.2.2 http: shop.example',
  ],
  ['a list, from one of them', ['10.0.0.5', '10.0.0.6'], all, '2.2.2.2 http: shop.example', '10.0.0.5'],
  [
    'a list, through both',
    ['10.0.0.5', '10.0.0.6'],
    { ...all, for: '1.1.1.1, 10.0.0.6' },
    '1.1.1.1 https: evil.example',
    '10.0.0.5',
  ],
  ['a list, from elsewhere', ['10.0.0.5'], all, 'direct', '10.0.0.7'],
  [
    'a list, from one of them in another spelling',
    ['2001:db8::5'],
    all,
    '2.2.2.2 http: shop.example',
    '2001:0db8:0:0:0:0:0:5',
  ],
  ['an empty list', [], all, 'direct'],
]

describe('what proxies say', () => {
  for (const [name, trusted, said, expected, peer] of table) {
    test(`is read right with trust in ${name}`, () => {
      assert.equal(short(read(trusted, said, peer)), expected)
    })
  }

  test('is not trusted by an option that is none', () => {
    for (const bad of [
      true,
      -1,
      1.5,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      'localhost',
      ['localhost'],
      [1],
      null,
      {},
    ]) {
      assert.throws(() => readTrustProxy(bad as TrustProxy), /trustProxy is .*; it may be false, a number of proxies/)
    }
  })
})
