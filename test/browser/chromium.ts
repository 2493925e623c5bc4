import { serve } from 'dewar/node'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import guestbook from '../../examples/guestbook/app.ts'
import { chromiumPath } from './needs.ts'

/** A headless Chromium before the guestbook, which is served by this very process. */
export interface Stage {
  /** Where the guestbook is, as `http://127.0.0.1:34567`. */
  readonly url: string
  /** What the server was asked since it began, as `POST /book`; files of `/static` are left out. */
  readonly asked: readonly string[]
  /** A visitor with an empty cookie jar. All are gone when the stage is closed. */
  visitor(options?: BrowserContextOptions): Promise<BrowserContext>
  /** Closes Chromium and stops the server. */
  close(): Promise<void>
}

const asked: string[] = []

guestbook.use(({ request, url }, next) => {
  asked.push(`${request.method} ${url.pathname}`)
  return next()
})

/** Starts both, on a free port. */
export async function openStage(): Promise<Stage> {
  const server = await serve(guestbook, { port: 0, quiet: true, stopOnSignals: false })
  const browser = await launch()
  asked.length = 0
  return {
    url: server.url,
    asked,
    visitor: (options = {}) => browser.newContext({ baseURL: server.url, ...options }),
    async close() {
      await browser.close()
      await server.stop()
    },
  }
}

/** Signs in with a name and goes on to the book. */
export async function enterBook(page: Page, name: string): Promise<void> {
  await page.goto('/')
  await page.getByLabel('Your name').fill(name)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('link', { name: 'Open the book' }).click()
  await page.waitForURL('/book') // a key pressed before it has loaded goes to the page that is being left
}

/** A headless Chromium that asks nobody anything on its own. */
export function launch(): Promise<Browser> {
  const quiet = ['--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
  const args = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', ...quiet]
  return chromium.launch({ executablePath: chromiumPath, args })
}
