import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { browser } from '../../src/testing.ts'
import { Programs } from './programs.ts'

describe('docs/once.md', () => {
  const programs = new Programs('docs/once.md')
  after(() => programs.remove())

  const appOf = (name: string) => programs.app(name)

  it('has programs that compile, and no others', async () => {
    assert.deepEqual(programs.names, ['orders.ts', 'closed.ts', 'pay.ts'])
    assert.deepEqual(programs.nameless, [])
    assert.equal(await programs.compile(), '')
  })

  it('orders once, asks about another tea, and orders that too when it is meant', async () => {
    const form = await browser(await appOf('orders.ts')).open('/order')
    const first = await form.fill({ tea: 'Assam' }).submit()
    assert.equal(first.url, '/orders/1')
    assert.equal((await form.fill({ tea: 'Assam' }).submit()).url, '/orders/1')
    const asked = await form.fill({ tea: 'Sencha' }).submit()
    assert.equal(asked.status, 422)
    assert.match(asked.text, /This form was sent before, with something else written in it\./)
    assert.equal((await asked.submit()).url, '/orders/2')
  })

  it('checks out one cart once in two tabs, and takes one vote for each address', async () => {
    const visitor = browser(await appOf('closed.ts'))
    const [tab, other] = [await visitor.open('/checkout'), await visitor.open('/checkout')]
    assert.equal((await tab.fill({ street: 'Here' }).submit()).url, '/done')
    const asked = await other.fill({ street: 'There' }).submit()
    assert.match(asked.text, /This form was sent before/)
    const vote = await visitor.open('/vote/1')
    assert.equal((await vote.fill({ choice: 'yes' }).submit()).url, '/done')
    assert.equal((await (await visitor.open('/vote/1')).fill({ choice: 'no' }).submit()).status, 422)
    assert.equal((await (await visitor.open('/vote/2')).fill({ choice: 'no' }).submit()).url, '/done')
    assert.equal((await (await visitor.open('/done')).submit('Like')).url, '/done')
  })

  it('pays once, and prints once', async () => {
    const visitor = browser(await appOf('pay.ts'))
    for (const path of ['/pay', '/post']) {
      const form = await visitor.open(path)
      assert.equal((await form.fill({ amount: '5' }).submit()).text, 'Paid.')
      assert.equal((await form.fill({ amount: '5' }).submit()).text, 'Paid.')
    }
  })
})
