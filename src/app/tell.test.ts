import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { cut, tell, toldLength } from './tell.ts'

describe('what was thrown', () => {
  test('is told with its stack, its causes and what it holds', () => {
    const cause = new TypeError('the cause', { cause: 'a text' })
    const told = tell(new AggregateError([new Error('one'), new RangeError('two')], 'many', { cause }))
    assert.match(told, /^AggregateError: many\n {4}at /)
    assert.match(told, /\nTogether with: Error: one\n/)
    assert.match(told, /\nTogether with: RangeError: two\n/)
    assert.match(told, /\nCaused by: TypeError: the cause\n/)
    assert.match(told, /\nCaused by: Thrown: a text$/)
  })

  test('is told whatever it is', () => {
    assert.equal(tell(null), 'Thrown: null')
    assert.equal(tell(undefined), 'Thrown: undefined')
    assert.equal(tell('x'), 'Thrown: x')
    assert.equal(tell(Symbol('x')), 'Thrown: Symbol(x)')
    assert.equal(tell(Object.create(null)), 'Thrown: a value that cannot be shown')
    const withoutStack = new Error('bare')
    Reflect.deleteProperty(withoutStack, 'stack')
    assert.equal(tell(withoutStack), 'Error: bare')
  })

  test('that leads back to itself is told once', () => {
    const first = new Error('first')
    const second = new Error('second', { cause: first })
    first.cause = second
    const told = tell(first)
    assert.equal(told.match(/Error: first/g)?.length, 1)
    assert.match(told, /Caused by: an error that is told above$/)
    const endless = new Error('endless')
    Object.defineProperty(endless, 'cause', { get: () => new Error('another', { cause: endless }) })
    assert.match(tell(endless), /another/)
    const growing = (): Error =>
      Object.defineProperties(new Error('more'), { stack: { value: undefined }, cause: { get: growing } })
    assert.match(tell(growing()), /^(?:Error: more\nCaused by: ){10}more errors, not told$/)
  })

  test('that throws when it is looked at does not throw further', () => {
    for (const name of ['stack', 'message', 'name', 'cause'] as const) {
      const error = Object.defineProperty(new Error('x'), name, {
        get() {
          throw new Error('trap')
        },
      })
      assert.equal(typeof tell(error), 'string')
    }
    const proxy = new Proxy(new Error('x'), {
      get() {
        throw new Error('trap')
      },
      getPrototypeOf() {
        throw new Error('trap')
      },
    })
    assert.equal(tell(proxy), 'Thrown: a value that cannot be shown')
  })

  test('with a message that is newer than its stack is told with both', () => {
    const error = new Error('old')
    assert.ok(error.stack) // it is written down now
    error.message = 'new'
    assert.match(tell(error), /^Error: new\nError: old\n/)
  })

  test('is cut when it is very long, and says how long it was', () => {
    const told = tell(new Error('x'.repeat(100_000)))
    assert.ok(told.length < toldLength + 100)
    assert.match(told, /… \(cut: 100\d{3} characters in all\)$/)
    assert.equal(cut('a😀b', 2), 'a\ufffd… (cut: 4 characters in all)')
    const many = new AggregateError(Array.from({ length: 100_000 }, () => new Error('y')))
    assert.ok(tell(many).length < toldLength + 100)
  })
})
