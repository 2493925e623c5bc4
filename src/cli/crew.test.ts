import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { pauseAfter } from './crew.ts'

describe('the pause before a worker is replaced', () => {
  it('begins at 100 ms, doubles with each death in a row, and is never above 5 seconds', () => {
    const pauses = [1, 2, 3, 4, 5, 6, 7, 8, 1000, 100_000].map(pauseAfter)
    assert.deepEqual(pauses, [100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000, 5000])
  })
})
