import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { Delimiter } from './delimiter.ts'

describe('a delimiter', () => {
  it('is CRLF, two dashes and the boundary', () => {
    assert.equal(Buffer.from(new Delimiter('a b').bytes).toString(), '\r\n--a b')
  })

  it('is found where it stands first, at or after an index', () => {
    const chunk = Buffer.from('\r\n--b\r\n--\r\n--b')
    const delimiter = new Delimiter('b')
    assert.deepEqual(
      [0, 1, 9, 10].map((from) => delimiter.indexIn(chunk, from)),
      [0, 9, 9, chunk.length],
    )
  })

  it('is found where a chunk ends with its beginning', () => {
    const delimiter = new Delimiter('bc')
    for (const [text, at] of [
      ['x\r', 1],
      ['\r\r', 1],
      ['x\r\n--b', 1],
      ['x\r\n-b', 5],
      ['\n--bc', 5],
      ['', 0],
    ] as const) {
      assert.equal(delimiter.indexIn(Buffer.from(text), 0), at, JSON.stringify(text))
    }
  })

  it('is found where a plain search finds it, whatever stands around it', () => {
    const boundary = fc.constantFrom('b', '-', 'aaaa', 'abab', 'aab', '--a', `${'a'.repeat(69)}b`)
    fc.assert(
      fc.property(
        boundary.chain((text) => {
          const whole = `\r\n--${text}`
          const bit = fc.oneof(
            fc.constantFrom('\r', '\n', '-', 'a', 'b', text, whole, `\r${whole}`),
            fc.integer({ min: 1, max: whole.length }).map((length) => whole.slice(0, length)),
            fc.integer({ min: 1, max: whole.length }).map((length) => whole.slice(-length)),
          )
          return fc.tuple(fc.constant(text), fc.array(bit))
        }),
        fc.nat(20),
        ([text, bits], from) => {
          const chunk = bits.join('')
          const at = Math.min(from, chunk.length)
          assert.equal(new Delimiter(text).indexIn(Buffer.from(chunk), at), plainSearch(chunk, `\r\n--${text}`, at))
        },
      ),
      { numRuns: 3000 },
    )
  })

  function plainSearch(chunk: string, delimiter: string, from: number): number {
    for (let at = from; at < chunk.length; at++) {
      if (delimiter.startsWith(chunk.slice(at, at + delimiter.length))) return at
    }
    return chunk.length
  }
})
