import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { describe, it } from 'node:test'
import { Book } from './book.ts'

describe('a book', () => {
  it('has the newest message first, and shows the newest 100', () => {
    const book = new Book(new DatabaseSync(':memory:'))
    for (let n = 1; n <= 101; n++) book.add({ name: 'Ada', message: String(n), writtenAt: new Date(n) })
    assert.equal(book.entries.length, 100)
    assert.deepEqual(book.entries[0], { name: 'Ada', message: '101', writtenAt: new Date(101) })
    assert.equal(book.entries.at(-1)?.message, '2')
  })

  it('has what was written before it was opened', () => {
    const database = new DatabaseSync(':memory:')
    new Book(database).add({ name: 'Ada', message: 'hello', writtenAt: new Date(0) })
    assert.equal(new Book(database).entries[0]?.message, 'hello')
  })
})
