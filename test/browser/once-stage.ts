import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { mkdtemp, rm } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { serve } from 'dewar/node'
import type { BrowserContext, BrowserContextOptions } from 'playwright-core'
import { launchChromium } from '../clients/launch-chromium.ts'
import { createShop, type Shop } from './once-shop.ts'

/** The shop, served by this very process. */
export interface ServedShop {
  readonly url: string
  readonly shop: Shop
  /** What the server was asked since it began, as `POST /order`; and `GET /order (prefetch)`, if it says so. */
  readonly asked: readonly string[]
  /** Is done when the server was asked this so many times since a moment; the moment is the length of `asked` then. */
  untilAsked(what: string, times: number, since: number): Promise<void>
  /** Lets the work that begins wait, until the function is called that it gives. */
  hold(): () => void
  stop(): Promise<void>
}

/** Serves it on a free port. */
export async function serveShop(): Promise<ServedShop> {
  const folder = await mkdtemp(join(tmpdir(), 'shop-'))
  const asked: string[] = []
  let gate = Promise.resolve()
  const shop = createShop({ path: join(folder, 'shop.db'), onBegin: () => gate })
  // Before anything of Dewar: what is answered without its handler counts too.
  const note = (message: unknown): void => {
    const { method, url, headers } = (message as { request: IncomingMessage }).request // that is what this channel tells
    const purpose = headers['sec-purpose']
    asked.push(`${method} ${url?.replace(/[?&]$/, '')}${purpose === undefined ? '' : ` (${purpose})`}`)
  }
  subscribe('http.server.request.start', note)
  const server = await serve(shop.app, { port: 0, quiet: true, stopOnSignals: false, graceSeconds: 2 })
  return {
    url: server.url,
    shop,
    asked,
    async untilAsked(what, times, since) {
      await until(() => asked.slice(since).filter((each) => each === what).length >= times)
    },
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>()
      gate = promise
      return resolve
    },
    async stop() {
      await server.stop()
      unsubscribe('http.server.request.start', note)
      await rm(folder, { recursive: true })
    },
  }
}

/** How many forms were sent to a shop since a moment; the moment is the length of `asked` then. */
export function posts({ asked }: ServedShop, since: number): number {
  return asked.slice(since).filter((each) => each.startsWith('POST')).length
}

/** A headless Chromium before the shop. */
export interface OnceStage extends ServedShop {
  /** A visitor with an empty cookie jar. */
  visitor(options?: BrowserContextOptions): Promise<BrowserContext>
  close(): Promise<void>
}

/** Starts both. A page that is left is kept as it is for Back, if Chromium is to have its cache for that. */
export async function openOnceStage({ keepsPages = false }: { keepsPages?: boolean } = {}): Promise<OnceStage> {
  const served = await serveShop()
  const browser = await launchChromium({ keepsPages })
  return {
    ...served,
    visitor: (options = {}) => browser.newContext({ baseURL: served.url, ...options }),
    async close() {
      await browser.close()
      await served.stop()
    },
  }
}

/** Is done when something is so; throws when it is not within twenty seconds. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let waited = 0; waited < 20_000; waited += 20) {
    if (await isSo()) return
    await pause(20)
  }
  throw new Error(`It has not come to that: ${isSo}`)
}
