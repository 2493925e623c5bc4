/**
 * The part of `npm run tarball` that uses a new app in Chromium while the inspector looks on. With DEWAR_SCREENSHOTS=1 it
 * takes the pictures of docs/images that show both.
 */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { launch } from '../test/browser/chromium.ts'
import { chromiumPath } from '../test/browser/needs.ts'

/** What somebody does in an app, and what the inspector then says of it, first in its list. */
interface Use {
  readonly act: (page: Page) => Promise<void>
  readonly seen: RegExp
}

const uses: Readonly<Record<string, Use>> = {
  notes: {
    async act(page) {
      await page.goto('/')
      await page.getByLabel('A thing to remember').fill('Water the ficus')
      await page.getByRole('button', { name: 'Keep it' }).click()
      await page.getByText('Kept.').waitFor()
      await page.reload()
      assert.equal(await page.getByText('Water the ficus').count(), 1)
    },
    seen: /^GET \/ 200/,
  },
  club: {
    async act(page) {
      await page.goto('/sign-up')
      await page.getByLabel('Your name').fill(`ada-${Date.now()}`)
      await page.getByLabel('A password').fill('a sentence is fine, too')
      await page.getByRole('button', { name: 'Sign up' }).click()
      await page.waitForURL('/members')
    },
    seen: /^POST \/sign-up 303 See Other ?GET \/members 200/,
  },
  shop: {
    async act(page) {
      await page.goto('/prints/moon')
      await page.getByLabel('Your name').fill('Ada')
      await page.getByLabel('Your e-mail address').fill('ada@example.org')
      await page.getByRole('button', { name: 'Order' }).click()
      await page.waitForURL(/\/receipts\/\d+/)
    },
    seen: /^POST \/prints\/moon 303 See Other ?GET \/receipts\/1 200/,
  },
}

/** Turns the loop of an app of this name in Chromium, and finds it in the inspector, live. */
export async function turnLoop(url: string, name: string): Promise<void> {
  const use = uses[name]
  if (!existsSync(chromiumPath) || use === undefined) return console.log(`tarball: no loop of ${name} in Chromium`)
  const browser = await launch()
  try {
    const open = async (options: BrowserContextOptions): Promise<Page> =>
      (await browser.newContext({ baseURL: url, ...options })).newPage()
    const [app, live] = [await open({}), await open({ viewport: { width: 1100, height: 640 }, colorScheme: 'light' })]
    await live.goto('/_dewar')
    await live.getByRole('status').getByText('Live').waitFor()
    await use.act(app)
    const story = live.locator('.story').first()
    await story
      .getByText(/\/(?:members|receipts\/1)? 200/)
      .first()
      .waitFor()
    assert.match(((await story.textContent()) ?? '').replace(/\s+/g, ' ').trim(), use.seen)
    assert.match((await live.locator('#stories').textContent()) ?? '', /POST did the work/)
    console.log(`tarball: ${name} turns its loop in Chromium, and the inspector shows it`)
    if (process.env.DEWAR_SCREENSHOTS === '1') await takePictures(live, name)
  } finally {
    await browser.close()
  }
}

async function takePictures(live: Page, name: string): Promise<void> {
  const path = (what: string): string => fileURLToPath(new URL(`../docs/images/${what}.png`, import.meta.url))
  await live.screenshot({ path: path(`inspector-${name}`) })
  if (name !== 'shop') return
  await live.emulateMedia({ colorScheme: 'dark' })
  await live.screenshot({ path: path('inspector-shop-dark') })
  await live.emulateMedia({ colorScheme: 'light' })
  await live.getByRole('link', { name: /^POST \/prints\/moon/ }).click()
  await live.getByRole('heading', { name: 'Its way' }).waitFor()
  await live.screenshot({ path: path('inspector-request'), fullPage: true })
  await live.setViewportSize({ width: 390, height: 844 })
  await live.screenshot({ path: path('inspector-phone') })
}
