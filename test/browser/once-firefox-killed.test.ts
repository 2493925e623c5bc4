import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, it } from 'node:test'
import { type Firefox, firefoxPath, openFirefox } from './firefox.ts'
import { skipWithout } from './needs.ts'
import { type HeldPort, holdPort, type ShopProcess, startShop } from './once-process.ts'
import { teasIn } from './once-shop.ts'
import { until } from './once-stage.ts'
import { arrived, write } from './shop-in-firefox.ts'

describe('an order in Firefox whose server is killed in the middle', { skip: skipWithout(firefoxPath) }, () => {
  let folder = ''
  let firefox: Firefox
  let shop: ShopProcess
  let held: HeldPort
  let database: DatabaseSync

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'shop-'))
    shop = await startShop(join(folder, 'shop.db'))
    database = new DatabaseSync(join(folder, 'shop.db'), { readOnly: true })
    held = await holdPort()
    held.lead(shop.port)
    firefox = await openFirefox()
  })

  after(async () => {
    await firefox.close()
    database.close()
    await shop.kill()
    held.close()
    await rm(folder, { recursive: true })
  })

  it('is one: Firefox sends it again by itself', async () => {
    const tab = await (await firefox.visitor()).tab()
    await tab.goto(`http://127.0.0.1:${held.port}/order`) // from now on the connection is kept
    await write(tab, 'Oolong')
    await tab.click('button')
    await until(() => shop.begun() === 1)
    held.hold()
    await shop.kill()
    assert.deepEqual(teasIn(database), [])
    shop = await startShop(join(folder, 'shop.db'))
    held.lead(shop.port)
    assert.deepEqual(await arrived(tab, 'Order '), { heading: 'Order 1: Oolong', said: 'Ordered.' }) // nobody has touched anything
    assert.equal(shop.begun(), 1)
    assert.deepEqual(teasIn(database), ['Oolong'])
  })
})
