import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Head, headLimits, judgeFraming } from './framing.ts'

const plain: Head = { method: 'GET', target: '/', rawHeaders: ['Host', 'shop.example'], httpVersion: '1.1' }
const host = ['Host', 'shop.example']

/** As many headers of a size that with Host they are of this many bytes. */
function headersOf(bytes: number): string[] {
  const left = bytes - 'Host: shop.example\r\n'.length
  return [...host, 'x-long', 'y'.repeat(left - 'x-long: \r\n'.length)]
}

// The first host of this process: nothing was remembered of one before it.
test('a head with an empty host is refused, also when it is the first of all', () => {
  assert.deepEqual(judgeFraming({ ...plain, rawHeaders: ['Host', ''] }), { kind: 'refused', reason: 'host-malformed' })
})

const table: [name: string, head: Partial<Head>, expected: string][] = [
  ['plain', {}, 'plain'],
  ['of HTTP/1.0 without a host', { httpVersion: '1.0', rawHeaders: [] }, 'plain'],
  ['about the server', { method: 'OPTIONS', target: '*' }, 'server-wide'],
  ['of another version', { httpVersion: '2.0' }, 'version-unknown'],
  ['of an older version', { httpVersion: '0.9' }, 'version-unknown'],
  ['without a host', { rawHeaders: [] }, 'host-missing'],
  ['with two hosts', { rawHeaders: [...host, 'host', 'shop.example'] }, 'host-repeated'],
  ['with a host that is none', { rawHeaders: ['Host', 'shop.example.'] }, 'host-malformed'],
  ['for another host', { target: 'http://evil.example/' }, 'host-differs'],
  ['with a fragment', { target: '/a#b' }, 'target-malformed'],
  ['with the longest address', { target: `/${'a'.repeat(headLimits.targetBytes - 1)}` }, 'plain'],
  ['with a longer address', { target: `/${'a'.repeat(headLimits.targetBytes)}` }, 'target-too-long'],
  ['with the largest headers', { rawHeaders: headersOf(headLimits.headerBytes) }, 'plain'],
  ['with larger headers', { rawHeaders: headersOf(headLimits.headerBytes + 1) }, 'headers-too-large'],
  ['with the most headers', { rawHeaders: [...host, ...Array(99).fill(['a', 'b']).flat()] }, 'plain'],
  ['with more headers', { rawHeaders: [...host, ...Array(100).fill(['a', 'b']).flat()] }, 'headers-too-many'],
  ['with a body in chunks', { rawHeaders: [...host, 'Transfer-Encoding', 'Chunked'] }, 'plain'],
  ['with a coding that is not ours', { rawHeaders: [...host, 'Transfer-Encoding', 'xchunked'] }, 'coding-without-end'],
  [
    'with chunks that are not last',
    { rawHeaders: [...host, 'Transfer-Encoding', 'chunked, gzip'] },
    'coding-without-end',
  ],
  ['with another coding', { rawHeaders: [...host, 'transfer-encoding', 'gzip, chunked'] }, 'coding-unknown'],
  [
    'with two codings',
    { rawHeaders: [...host, 'Transfer-Encoding', 'gzip', 'Transfer-Encoding', 'chunked'] },
    'coding-unknown',
  ],
  [
    'of HTTP/1.0 with chunks',
    { httpVersion: '1.0', rawHeaders: [...host, 'Transfer-Encoding', 'chunked'] },
    'coding-with-1.0',
  ],
]

describe('a head', () => {
  for (const [name, head, expected] of table) {
    test(`${name} is ${expected}`, () => {
      const verdict = judgeFraming({ ...plain, ...head })
      assert.equal(verdict.kind === 'refused' ? verdict.reason : verdict.kind, expected)
    })
  }
})
