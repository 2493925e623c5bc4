import { type Browser, chromium } from 'playwright-core'
import { chromiumPath } from '../browser/needs.ts'

/**
 * Starts a headless Chromium that asks nothing of anybody but the pages it is sent to. With `keepsPages` a page that is
 * left is kept as it is for Back; the driver switches that off otherwise.
 */
export function launchChromium({ keepsPages = false } = {}): Promise<Browser> {
  const quiet = ['--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
  const args = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', ...quiet]
  const ignoreDefaultArgs = keepsPages ? ['--disable-back-forward-cache'] : []
  return chromium.launch({ executablePath: chromiumPath, args, ignoreDefaultArgs })
}
