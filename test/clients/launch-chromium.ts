import { type Browser, chromium } from 'playwright-core'
import { chromiumPath } from '../browser/needs.ts'

/** Starts a headless Chromium that asks nothing of anybody but the pages it is sent to. */
export function launchChromium(): Promise<Browser> {
  const quiet = ['--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
  const args = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', ...quiet]
  return chromium.launch({ executablePath: chromiumPath, args })
}
