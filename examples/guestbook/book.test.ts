import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Book } from './book.ts'

describe('a book', () => {
  it('has the newest message first, and lets the oldest go when it is full', () => {
    const book = new Book(2)
    for (const message of ['one', 'two', 'three']) book.add({ name: 'Ada', message, writtenAt: new Date(0) })
    assert.deepEqual(
      book.entries.map(({ message }) => message),
      ['three', 'two'],
    )
  })
})
