import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { OnceRow } from '../store/store.ts'
import { claimUntil, judgeStanding, ownerOf } from './standing.ts'

const nowSeconds = 1_800_000_000
const asked = { fingerprint: 'this', nowSeconds }

const done: OnceRow = {
  key: 'key',
  fingerprint: 'this',
  state: 'done',
  owner: '',
  leaseUntilSeconds: 0,
  answer: 'the answer',
  expiresSeconds: nowSeconds + 100,
}

function running(owner: string, leaseUntilSeconds: number): OnceRow {
  return { ...done, state: 'running', answer: null, owner, leaseUntilSeconds }
}

describe('how a submission stands', () => {
  it('is the first when nothing is known of it, or when it is claimed by this request itself', () => {
    assert.deepEqual(judgeStanding({ once: null, isMine: false }, asked), { kind: 'first' })
    const mine = running('me', nowSeconds + 30)
    assert.deepEqual(judgeStanding({ once: mine, isMine: true }, asked), { kind: 'first' })
  })

  it('is a repeat when the same was done, and changed when something else was', () => {
    assert.deepEqual(judgeStanding({ once: done, isMine: false }, asked), { kind: 'repeat', answer: 'the answer' })
    const other = { ...done, fingerprint: 'that' }
    assert.deepEqual(judgeStanding({ once: other, isMine: false }, asked), { kind: 'changed', answer: 'the answer' })
  })

  it('is running until the lease is over, and unknown from then on', () => {
    const kindAt = (leaseUntilSeconds: number) =>
      judgeStanding({ once: running('somebody', leaseUntilSeconds), isMine: false }, asked).kind
    assert.deepEqual([nowSeconds - 1, nowSeconds, nowSeconds + 1].map(kindAt), ['unknown', 'unknown', 'running'])
  })

  it('is unknown when the lease is over though nobody may take over', () => {
    const owner = ownerOf('somebody', nowSeconds - 1)
    const row = running(owner, done.expiresSeconds)
    assert.equal(judgeStanding({ once: row, isMine: false }, asked).kind, 'unknown')
    const fresh = running(ownerOf('somebody', nowSeconds + 1), done.expiresSeconds)
    assert.equal(judgeStanding({ once: fresh, isMine: false }, asked).kind, 'running')
  })
})

describe('a claim', () => {
  const until = { leaseUntilSeconds: nowSeconds + 30, expiresSeconds: nowSeconds + 100 }
  const rules = { mode: 'guard', changed: 'confirm' } as const

  it('is taken over when its lease is over, where the work may be done again', () => {
    assert.equal(claimUntil({ ...rules, onCrash: 'rerun' }, until), until.leaseUntilSeconds)
  })

  it('is taken over by nobody where a person is to be asked', () => {
    assert.equal(claimUntil({ ...rules, onCrash: 'confirm' }, until), until.expiresSeconds)
  })
})
