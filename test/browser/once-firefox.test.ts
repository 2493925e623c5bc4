import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, it } from 'node:test'
import { type FirefoxTab, firefoxPath, openFirefox } from './firefox.ts'
import { skipWithout } from './needs.ts'
import { type HeldPort, holdPort, type ShopProcess, startShop } from './once-process.ts'
import { teasIn } from './once-shop.ts'
import { until } from './once-stage.ts'

// /order  <form method="post" action="/order?"><input id="order-tea" name="tea"><button type="submit">Order</button></form>

const tea = `document.querySelector('#order-tea')?.value`
const heading = `/^Order \\d.*/.exec(document.querySelector('h1')?.textContent ?? '')?.[0]`
const alert = `document.querySelector('[role=alert]')?.textContent.trim()`

describe('an order in Firefox', { skip: skipWithout(firefoxPath) }, () => {
  let folder = ''
  let tab: FirefoxTab
  let shop: ShopProcess
  let held: HeldPort
  let database: DatabaseSync

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'shop-'))
    shop = await startShop(join(folder, 'shop.db'))
    database = new DatabaseSync(join(folder, 'shop.db'), { readOnly: true })
    held = await holdPort()
    held.lead(shop.port)
    tab = await openFirefox()
  })

  after(async () => {
    await tab.close()
    database.close()
    await shop.kill()
    held.close()
    await rm(folder, { recursive: true })
  })

  const type = (text: string): Promise<unknown> => tab.run(`document.querySelector('#order-tea').value = '${text}'`)
  const enter = (): Promise<void> => tab.goto(`http://127.0.0.1:${held.port}/order`)
  const begun = (times: number): Promise<void> => until(() => shop.begun() === times)

  it('is one when the button is clicked twice, after Back, and asked about after Back and another tea', async () => {
    await enter()
    await type('Assam')
    await tab.click('button')
    await begun(1)
    await tab.click('button')
    assert.equal(await tab.find(heading), 'Order 1: Assam')

    await tab.back()
    assert.equal(await tab.find(tea), 'Assam')
    await tab.click('button')
    assert.equal(await tab.find(heading), 'Order 1: Assam')
    assert.equal(shop.begun(), 1)

    await tab.back()
    await tab.find(tea)
    await type('Sencha')
    await tab.click('button')
    assert.match(await tab.find(alert), /^This form was sent before, with something else written in it\./)
    assert.equal(await tab.find(tea), 'Sencha')
    assert.deepEqual(teasIn(database), ['Assam'])
    await tab.click('button')
    assert.equal(await tab.find(heading), 'Order 2: Sencha')
    assert.deepEqual(teasIn(database), ['Assam', 'Sencha'])
  })

  it('is one when its server is killed in the middle: Firefox sends it again by itself', async () => {
    const orders = teasIn(database)
    const before = shop.begun()
    await enter()
    await type('Oolong')
    await tab.click('button')
    await begun(before + 1)
    held.hold()
    await shop.kill()
    shop = await startShop(join(folder, 'shop.db'))
    held.lead(shop.port)
    assert.equal(await tab.find(heading), `Order ${orders.length + 1}: Oolong`) // nobody has touched anything
    assert.equal(shop.begun(), 1)
    assert.deepEqual(teasIn(database), [...orders, 'Oolong'])
  })
})
