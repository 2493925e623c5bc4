import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { checkNode } from './check-node.ts'
import { judgeClock, judgeDurability } from './judge-told.ts'

describe('what a store is set to', () => {
  const cases: readonly (readonly [name: string, settings: Readonly<Record<string, string>>, verdicts: string])[] = [
    ['sqlite', { journal_mode: 'wal', synchronous: 'FULL' }, 'ok'],
    ['sqlite', { journal_mode: 'wal', synchronous: 'EXTRA' }, 'ok'],
    ['sqlite', { journal_mode: 'wal', synchronous: 'NORMAL' }, 'fail'],
    ['sqlite', { journal_mode: 'memory', synchronous: 'FULL' }, 'fail'],
    ['postgres', { fsync: 'on', synchronous_commit: 'local' }, 'ok'],
    ['postgres', { fsync: 'on', synchronous_commit: 'off' }, 'warn'],
    ['postgres', { fsync: 'off', synchronous_commit: 'on' }, 'fail'],
    ['redis', { 'maxmemory-policy': 'noeviction', appendonly: 'yes', appendfsync: 'always' }, 'ok ok'],
    ['redis', { 'maxmemory-policy': 'noeviction', appendonly: 'yes' }, 'ok ok'],
    ['redis', { 'maxmemory-policy': 'noeviction', appendonly: 'yes', appendfsync: 'no' }, 'ok warn'],
    ['redis', { 'maxmemory-policy': 'volatile-lru', appendonly: 'no' }, 'fail warn'],
    ['redis', {}, 'fail warn'],
    ['of a third party', { fsync: 'off' }, ''],
  ]
  for (const [name, settings, verdicts] of cases) {
    it(`${name}, with ${JSON.stringify(settings)}: ${verdicts || 'nothing is said'}`, () => {
      const said = judgeDurability(name, settings).map(({ verdict }) => verdict)
      assert.equal(said.join(' '), verdicts)
    })
  }
})

describe('the clock of a server', () => {
  it('may be 5 seconds away from when it was asked, or from when the answer came, and not more', () => {
    const asked = { before: 10_000, after: 12_000 }
    for (const serverMs of [5_000, 10_000, 11_000, 17_000]) assert.equal(judgeClock(serverMs, asked).verdict, 'ok')
    for (const serverMs of [4_999, 17_001]) assert.equal(judgeClock(serverMs, asked).verdict, 'fail')
  })
})

describe('Node', () => {
  it('has to be 22.13 or newer', () => {
    for (const version of ['v22.13.0', 'v24.0.0']) assert.equal(checkNode(version).verdict, 'ok')
    for (const version of ['v22.12.9', 'v20.20.2']) assert.equal(checkNode(version).verdict, 'fail')
  })
})
