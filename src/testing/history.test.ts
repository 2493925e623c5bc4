import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { History } from './history.ts'

/** A history in which these pages were shown one after the other. */
function historyOf(...pages: string[]): History<string> {
  const history = new History<string>()
  for (const page of pages) history.add(page)
  return history
}

describe('a history', () => {
  it('shows the page before, until there is none', () => {
    const history = historyOf('a', 'b')
    assert.equal(history.back(), 'a')
    assert.equal(history.back(), undefined)
    assert.equal(history.current, 'a')
  })

  it('forgets what came after the page it goes on from', () => {
    const history = historyOf('a', 'b', 'c')
    history.back()
    history.back()
    history.add('d')
    assert.equal(history.current, 'd')
    assert.equal(history.back(), 'a')
  })

  it('goes on from a page that was left behind', () => {
    const history = historyOf('a', 'b', 'c')
    history.add('d', 'a')
    assert.equal(history.back(), 'a')
  })

  it('goes on from the current page when the other is forgotten', () => {
    const history = historyOf('a', 'b')
    history.add('c', 'forgotten')
    assert.equal(history.back(), 'b')
  })

  it('puts a page in the place of another', () => {
    const history = historyOf('a', 'b')
    history.replace('b', 'c')
    assert.equal(history.current, 'c')
    assert.equal(history.back(), 'a')
  })
})
