import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fileSize } from './file-size.ts'

describe('the size of a file in words', () => {
  const kilo = 1024
  const sizes: [bytes: number, words: string][] = [
    [0, '0 bytes'],
    [1, '1 byte'],
    [1000, '1000 bytes'],
    [1023, '1023 bytes'],
    [1024, '1 kB'],
    [1536, '1.5 kB'],
    [kilo * 1023.9, '1023.9 kB'],
    [kilo * kilo - 1, '1 MB'],
    [kilo * kilo, '1 MB'],
    [1_258_291, '1.2 MB'],
    [5 * kilo * kilo, '5 MB'],
    [20_000_000, '19.1 MB'],
    [2.5 * kilo ** 3, '2.5 GB'],
    [5000 * kilo ** 4, '5000 TB'],
  ]
  for (const [bytes, words] of sizes) {
    it(`is ${words} for ${bytes} bytes`, () => {
      assert.equal(fileSize(bytes), words)
    })
  }
})
