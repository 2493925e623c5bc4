import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { launchChromium } from '../clients/launch-chromium.ts'
import { chromiumPath, skipWithout } from './needs.ts'
import { type HeldPort, holdPort, type ShopProcess, startShop } from './once-process.ts'
import { teasIn } from './once-shop.ts'
import { until } from './once-stage.ts'

// /order  <form method="post" action="/order?"><input name="tea"><button type="submit">Order</button></form>

describe('an order whose server is killed in the middle', { skip: skipWithout(chromiumPath) }, () => {
  let browser: Browser
  let folder = ''
  let shop: ShopProcess
  let held: HeldPort

  before(async () => {
    browser = await launchChromium()
    folder = await mkdtemp(join(tmpdir(), 'shop-'))
    held = await holdPort()
  })

  after(async () => {
    await browser.close()
    await shop.kill()
    held.close()
    await rm(folder, { recursive: true })
  })

  const begin = async (path: string, url: string): Promise<Page> => {
    const page = await browser.newPage({ baseURL: url })
    await page.goto('/order') // from now on the connection is kept
    await page.getByLabel('Tea').fill('Assam')
    await page.getByRole('button', { name: 'Order' }).hover()
    await page.mouse.down()
    await page.mouse.up()
    await until(() => shop.begun() === 1)
    assert.deepEqual(ordersIn(path), [])
    return page
  }

  it('is one: Chromium sends it again by itself where somebody holds the port', async () => {
    const path = join(folder, 'held.db')
    shop = await startShop(path)
    held.lead(shop.port)
    const page = await begin(path, `http://127.0.0.1:${held.port}`)
    held.hold()
    await shop.kill()
    shop = await startShop(path)
    held.lead(shop.port)
    await page.getByRole('heading', { name: 'Order 1: Assam' }).waitFor() // nobody has touched anything
    await page.getByText('Ordered.').waitFor()
    assert.equal(shop.begun(), 1)
    assert.deepEqual(ordersIn(path), ['Assam'])
    await shop.kill()
  })

  it('is one: where nobody holds it Chromium shows that there is no server, and its person reloads', async () => {
    const path = join(folder, 'bare.db')
    shop = await startShop(path)
    const page = await begin(path, `http://127.0.0.1:${shop.port}`)
    const failed = page.waitForEvent('requestfailed')
    await shop.kill()
    assert.match((await failed).failure()?.errorText ?? '', /^net::ERR_CONNECTION_(?:REFUSED|RESET)$/) // both were seen
    await until(() => page.url() === 'chrome-error://chromewebdata/')
    assert.deepEqual(ordersIn(path), [])
    shop = await startShop(path, shop.port)
    await page.reload().catch(() => null) // the driver may lose sight of a navigation that ends in a redirect
    await page.getByRole('heading', { name: 'Order 1: Assam' }).waitFor()
    assert.equal(shop.begun(), 1)
    assert.deepEqual(ordersIn(path), ['Assam'])
  })
})

/** The orders in a file, whoever writes it. */
function ordersIn(path: string): readonly string[] {
  const database = new DatabaseSync(path, { readOnly: true })
  try {
    return teasIn(database)
  } finally {
    database.close()
  }
}
