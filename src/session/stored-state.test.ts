import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as z from 'zod'
import type { SessionRow } from '../store/store.ts'
import { defaultLifetime } from './lifetime.ts'
import { createStateReader, rowOf, stateOf } from './stored-state.ts'

describe('the reader of rows', () => {
  const rowWith = (data: Record<string, unknown>, family = 'f'): SessionRow =>
    rowOf(
      {
        family,
        epoch: 0,
        user: null,
        createdSeconds: 100,
        seenSeconds: 100,
        data: new Map(Object.entries(data)),
        flashes: [],
      },
      { version: 1, secretHash: '', previousHash: null, previousUntilSeconds: 0, userAgent: '', address: '' },
      defaultLifetime,
    )

  it('reads as stateOf does, the first time and the next', () => {
    const read = createStateReader({})
    const row = rowWith({ name: 'Ann', since: new Date(5) })
    assert.deepEqual(read(row), stateOf(row))
    assert.deepEqual(read(row), stateOf(row))
  })

  it('gives two sessions with the same text each their own name and time', () => {
    const read = createStateReader({})
    read(rowWith({ name: 'Ann' }, 'one'))
    const other = { ...rowWith({ name: 'Ann' }, 'other'), user: 'ben', epoch: 3, seenSeconds: 200 }
    assert.deepEqual(read(other), stateOf(other))
  })

  it('leaves out what the schema no longer accepts, the first time and the next', () => {
    const read = createStateReader(z.object({ name: z.string() }))
    const row = rowWith({ name: 7 })
    for (const state of [read(row), read(row)]) assert.equal(state?.data.size, 0)
  })

  it('reads nothing in the text of another release', () => {
    assert.equal(createStateReader({})({ ...rowWith({}), content: '[2]' }), null)
  })
})
