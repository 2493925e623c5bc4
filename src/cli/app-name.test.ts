import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { faultOfName } from './app-name.ts'

const allowed = 'lower case letters, digits, "-", "_" and ".", at most 214, and a letter or a digit first'

describe('the name of a new app', () => {
  for (const name of ['a', '2', 'shop', 'my-shop', 'my_shop.2', 'x'.repeat(214)]) {
    it(`may be ${name.slice(0, 20)}`, () => assert.equal(faultOfName(name), null))
  }

  const refused: readonly (readonly [name: string, other: string])[] = [
    ['My Shop', 'my-shop'],
    ['Café!', 'cafe'],
    ['.shop', 'shop'],
    ['_shop', 'shop'],
    ['-shop', 'shop'],
    ['@me/shop', 'me-shop'],
    ['x'.repeat(215), 'x'.repeat(214)],
  ]
  for (const [name, other] of refused) {
    it(`may not be ${name.slice(0, 20)}, and ${other.slice(0, 20)} would do`, () => {
      assert.equal(faultOfName(name), `NAME is ${JSON.stringify(name)}; it may have ${allowed}. ${other} would do.`)
    })
  }

  for (const name of ['..', '店', 'Dewar', 'NODE_MODULES']) {
    it(`may not be ${name}, of which no other can be made`, () => {
      assert.equal(faultOfName(name), `NAME is ${JSON.stringify(name)}; it may have ${allowed}.`)
    })
  }

  for (const name of ['node_modules', 'dewar']) {
    it(`may not be ${name}, which an app needs itself`, () => {
      const says = `NAME may not be ${name}: the app needs something that is called so already.`
      assert.equal(faultOfName(name), says)
    })
  }
})
