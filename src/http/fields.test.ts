import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { HttpError } from '../errors/http-error.ts'
import { Fields, noFields } from './fields.ts'

describe('fields', () => {
  const fields = new Fields([
    ['tag', 'b'],
    ['name', ''],
    ['tag', 'a'],
  ])

  it('give the first value of a name, or null', () => {
    assert.equal(fields.get('tag'), 'b')
    assert.equal(fields.get('name'), '')
    assert.equal(fields.get('Tag'), null)
  })

  it('give all values of a name in the order sent', () => {
    assert.deepEqual(fields.getAll('tag'), ['b', 'a'])
    assert.deepEqual(fields.getAll('other'), [])
  })

  it('have a name that was sent, even without text', () => {
    assert.equal(fields.has('name'), true)
    assert.equal(fields.has('other'), false)
  })

  it('are gone through in the order sent', () => {
    assert.deepEqual(
      [...fields],
      [
        ['tag', 'b'],
        ['name', ''],
        ['tag', 'a'],
      ],
    )
  })

  it('know the names that objects have as little as any other name', () => {
    for (const name of ['__proto__', 'constructor', 'toString', 'length', '0']) {
      assert.equal(noFields.get(name), null)
      assert.equal(noFields.has(name), false)
      assert.deepEqual(noFields.getAll(name), [])
      assert.equal(new Fields([[name, 'x']]).get(name), 'x')
    }
  })

  it('are not changed through the lists they give', () => {
    fields.getAll('tag').push('c')
    assert.deepEqual(fields.getAll('tag'), ['b', 'a'])
  })

  it('answer 400 naming the field when a required one is missing; an empty one is there', () => {
    assert.equal(fields.require('tag'), 'b')
    assert.equal(fields.require('name'), '')
    assert.throws(
      () => fields.require('e-mail'),
      (error) =>
        error instanceof HttpError && error.status === 400 && error.message === 'The field “e-mail” is missing.',
    )
  })
})
