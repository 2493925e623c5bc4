import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DewarError } from './dewar-error.ts'
import { HttpError, reasonOf } from './http-error.ts'

describe('a DewarError', () => {
  it('says what was wrong, what to do, and its code', () => {
    const error = new DewarError('redirect/status', '200 is not the status of a redirect.')
    assert.equal(
      error.message,
      '200 is not the status of a redirect. Use 303 (the default), 301, 302, 307 or 308. [redirect/status]',
    )
  })

  it('says the sentence of the table when there is no more to say', () => {
    assert.equal(new DewarError('html/place').message, 'A value stands where it cannot be made safe. [html/place]')
    assert.equal(
      new DewarError('routing/duplicate').message,
      'Two routes answer the same method and path. Remove one of them. [routing/duplicate]',
    )
  })

  it('has the code and the status of the table, and is an Error with a name', () => {
    const error = new DewarError('form/body-too-large')
    assert.equal(error.code, 'form/body-too-large')
    assert.equal(error.status, 413)
    assert.equal(error.name, 'DewarError')
    assert.ok(error instanceof Error)
    assert.match(String(error.stack), /^(?:Dewar)?Error.*The form is larger/)
  })

  it('keeps its cause', () => {
    const cause = new Error('below')
    assert.equal(new DewarError('html/value', 'No.', { cause }).cause, cause)
    assert.equal('cause' in new DewarError('html/value'), false)
  })
})

describe('an HttpError', () => {
  it('has a status and a message for the person', () => {
    const error = new HttpError(404, 'There is no order 17.')
    assert.equal(error.status, 404)
    assert.equal(error.message, 'There is no order 17.')
    assert.equal(error.name, 'HttpError')
  })

  it('says something for every status by itself', () => {
    for (let status = 400; status <= 599; status++) {
      assert.equal(new HttpError(status).message, reasonOf(status))
      assert.match(reasonOf(status), /^[A-Z].*\.$/)
    }
    assert.equal(reasonOf(404), 'There is no page at this address.')
    assert.equal(reasonOf(418), 'This request cannot be answered.')
    assert.equal(reasonOf(599), 'Something went wrong here.')
  })

  it('is for errors alone: 400 to 599, and whole numbers', () => {
    for (const status of [399, 600, 200, 303, 0, -404, 404.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      assert.throws(() => new HttpError(status), {
        name: 'RangeError',
        message: `HttpError takes a status from 400 to 599, not ${status}.`,
      })
    }
  })

  it('keeps its cause', () => {
    const cause = new Error('below')
    assert.equal(new HttpError(500, 'No.', { cause }).cause, cause)
  })
})
