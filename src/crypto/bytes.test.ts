import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { equalBytes, frameBytes, joinBytes, uint32 } from './bytes.ts'
import { systemRandom } from './random.ts'

const bytes = fc.uint8Array({ maxLength: 20 })

describe('bytes', () => {
  it('are joined in order', () => {
    fc.assert(
      fc.property(fc.array(bytes), (parts) => assert.deepEqual(Buffer.from(joinBytes(...parts)), Buffer.concat(parts))),
    )
  })

  it('are framed so that no two lists give the same', () => {
    const lists = fc.array(fc.string({ maxLength: 4 }), { maxLength: 4 })
    fc.assert(
      fc.property(lists, lists, (one, other) => {
        const same = JSON.stringify(one) === JSON.stringify(other)
        assert.equal(equalBytes(frameBytes(...one), frameBytes(...other)), same)
      }),
      { numRuns: 1000 },
    )
    assert.notDeepEqual(frameBytes('ab', 'c'), frameBytes('a', 'bc'))
    assert.notDeepEqual(frameBytes('a'), frameBytes('a', ''))
  })

  it('are equal exactly when all of them are', () => {
    fc.assert(
      fc.property(bytes, bytes, (one, other) => {
        assert.equal(equalBytes(one, other), Buffer.compare(one, other) === 0)
        assert.equal(equalBytes(one, one.slice()), true)
      }),
    )
  })

  it('hold a whole number of 32 bits, the highest first', () => {
    fc.assert(
      fc.property(fc.nat(0xffffffff), (value) => {
        const four = Buffer.alloc(4)
        four.writeUInt32BE(value)
        assert.deepEqual(Buffer.from(uint32(value)), four)
      }),
    )
  })

  it('come from the system in the number asked for, never the same twice', () => {
    assert.equal(systemRandom.bytes(24).length, 24)
    assert.notDeepEqual(systemRandom.bytes(24), systemRandom.bytes(24))
  })
})
