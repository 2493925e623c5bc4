import assert from 'node:assert/strict'
import { it } from 'node:test'
import { begin } from './sqlite-changes.ts'
import type { Statements } from './sqlite-statements.ts'

it('gives a session that is never newer than what is known of the submission, though both are read apart', () => {
  let isCommitted = false
  const reads = {
    once: () => (isCommitted ? { key: 'key', state: 'done' } : null),
    begun: () => {
      isCommitted = true // by another process, between the two
      return { session: { family: 'family' }, incarnation: 'AAAA' }
    },
  }
  // Of the statements only these two are called to begin.
  const begun = begin(reads as unknown as Statements, { family: 'family', nowSeconds: 0, once: { key: 'key' } })
  assert.deepEqual(begun.once, { key: 'key', state: 'done' })
})
