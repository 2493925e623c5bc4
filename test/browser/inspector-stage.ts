import { serve } from 'dewar/node'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import checkout from '../../examples/checkout/app.ts'
import { houseOf } from '../../src/app/dewar.ts'
import { inspectorInFront } from '../../src/inspector/inspector.ts'
import { launch } from './chromium.ts'

/** A shop with the inspector in front, and a headless Chromium before it. */
export interface InspectorStage {
  readonly url: string
  visitor(options?: BrowserContextOptions): Promise<BrowserContext>
  /** The shop is served anew at the same address, and the inspector has seen nothing yet. */
  restart(): Promise<void>
  close(): Promise<void>
}

/** Starts both, on a free port. */
export async function openInspectorStage(): Promise<InspectorStage> {
  let server = await serveShop(0)
  const { url, port } = server
  const browser: Browser = await launch()
  return {
    url,
    visitor: (options = {}) => browser.newContext({ baseURL: url, ...options }),
    async restart() {
      await server.stop()
      server = await serveShop(port)
    },
    async close() {
      await browser.close()
      await server.stop()
    },
  }
}

/** Orders a print, and is on the page of the receipt afterwards. */
export async function orderPrint(page: Page): Promise<void> {
  await page.goto('/prints/pear')
  await page.getByLabel('Your name').fill('Ada')
  await page.getByLabel('Your e-mail address').fill('ada@example.org')
  await page.getByRole('button', { name: 'Order' }).click()
  await page.waitForURL(/\/receipts\//)
}

function serveShop(port: number): ReturnType<typeof serve> {
  const { watching } = houseOf(checkout).config
  if (watching === null) throw new Error('The inspector needs an app in development.')
  watching.watcher = inspectorInFront(checkout)
  return serve(checkout, { port, quiet: true, stopOnSignals: false, graceSeconds: 0.2 })
}
