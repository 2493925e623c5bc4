import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { brokenCopies } from './broken-copies.ts'
import { loadCopy } from './load-copy.ts'

const mostSeeds = 2_000

describe('the simulation finds', () => {
  for (const { name, mode, breaks } of brokenCopies) {
    it(`${name}, within ${mostSeeds} seeds`, async (test) => {
      const simulate = await loadCopy(name)
      for (let seed = 1; seed <= mostSeeds; seed++) {
        const { broken } = await simulate(seed, mode)
        if (broken === null || !breaks.includes(broken.property)) continue // what is wrong may show in other ways first
        test.diagnostic(`seed ${seed}: ${broken.message.slice(0, 150)}`)
        return
      }
      assert.fail(`In ${mostSeeds} seeds this held: ${breaks.join('; ')}`)
    })
  }
})
