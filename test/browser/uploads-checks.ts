import axe from 'axe-core'
import { HtmlValidate } from 'html-validate'
import type { Page } from 'playwright-core'

declare global {
  interface Window {
    readonly axe: typeof axe
  }
}

// Controls of one name are how HTML sends a list, and the tokens of several kept files.
const rules = { 'form-dup-name': 'off' } as const
const validator = new HtmlValidate({ extends: ['html-validate:recommended'], rules })

/** What html-validate finds in a page as it was sent. */
export async function markupFindings(html: string): Promise<string[]> {
  const { results } = await validator.validateString(html)
  return results.flatMap(({ messages }) => messages.map(({ line, ruleId, message }) => `${line} ${ruleId}: ${message}`))
}

/** What axe finds in a page, on a phone and on a desktop, in light and dark; also where it cannot decide. */
export async function axeFindings(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const found: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    for (const width of [360, 1280]) {
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
