import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DewarError } from '../errors/dewar-error.ts'
import { unavailable } from './unavailable.ts'

describe('what a store cannot do just now', () => {
  it('has what was thrown as its cause, and a sentence for the log', () => {
    const cause = new Error('ECONNREFUSED')
    const error = unavailable(cause, 'Nobody is there.')
    assert.equal(error.code, 'store/unavailable')
    assert.equal(error.cause, cause)
    assert.match(error.message, /^Nobody is there\. /)
    assert.equal('cause' in unavailable(undefined), false)
  })

  it('is told once, whoever passes it on', () => {
    const error = unavailable(undefined, 'The store is closed.')
    assert.equal(unavailable(error), error)
  })

  it('leaves a mistake of the app what it is', () => {
    const mistake = new DewarError('app/option-invalid', 'No.')
    assert.equal(unavailable(mistake), mistake)
  })

  it('covers a refusal: of what a request asks for, none is refused', () => {
    const refusal = new DewarError('store/refused', 'It has no WAL.')
    const error = unavailable(refusal)
    assert.equal(error.code, 'store/unavailable')
    assert.equal(error.cause, refusal)
  })
})
