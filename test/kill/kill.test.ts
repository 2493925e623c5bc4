import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { postgresPlace, sqlitePlace } from './places.ts'
import { run } from './run.ts'
import { isKept, remarksOn, tableOf } from './table.ts'

describe('three processes that are killed every 50 to 250 ms, and visitors who send every payment three times', () => {
  for (const place of [sqlitePlace, postgresPlace]) {
    it(`make each payment once and lose nothing of a session, on ${place.name}`, { skip: place.skip }, async () => {
      const seed = Date.now() % 1_000_000
      const size = { submissions: 300, processes: 3, killSeconds: 8 }
      const report = await run(place, { ...size, seed, durability: 'quick', progress: () => {} })
      const said = `seed ${seed}\n${tableOf([report])}\n${remarksOn(report)}`
      assert.ok(isKept(report), said)
      assert.equal(report.rows, 300, said)
      assert.ok(report.tally.sent >= 900 && report.kills >= 3, said)
      assert.equal(report.failedStarts, 0, said)
    })
  }
})
