import axe from 'axe-core'
import type { Page } from 'playwright-core'

declare global {
  interface Window {
    readonly axe: typeof axe
  }
}

const widths = [360, 1280]
const schemes = ['light', 'dark'] as const

/** What axe finds in a page, at every width and in both colour schemes; also where it cannot decide. */
export async function findings(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const found: string[] = []
  for (const colorScheme of schemes) {
    await page.emulateMedia({ colorScheme })
    for (const width of widths) {
      await page.setViewportSize({ width, height: 800 })
      const { violations, incomplete } = await page.evaluate(() => window.axe.run())
      for (const { id, nodes } of [...violations, ...incomplete]) {
        found.push(
          ...nodes.map(({ html, failureSummary }) => `${colorScheme} ${width} ${id}: ${html} ${failureSummary}`),
        )
      }
    }
  }
  return found
}
