import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { chromiumPath, skipWithout } from './needs.ts'
import { type OnceStage, openOnceStage } from './once-stage.ts'

describe('the receipt of an order that Chromium fetches ahead', { skip: skipWithout(chromiumPath) }, () => {
  let stage: OnceStage

  before(async () => {
    stage = await openOnceStage()
  })

  after(() => stage.close())

  // A script orders and does not follow the redirect, so that the message waits for its page.
  const orderByScript = async (): Promise<{ page: Page; receipt: string }> => {
    const page = await (await stage.visitor()).newPage()
    await page.goto('/order')
    await page.getByLabel('Tea').fill('Assam')
    await page.evaluate(async () => {
      const body = new FormData(document.querySelector('form') ?? undefined)
      await fetch('/order', { method: 'POST', body, redirect: 'manual' })
    })
    return { page, receipt: `/receipts/${stage.shop.orders().length}` }
  }

  it('by a link still has its message when its person comes, and then no more', async () => {
    const { page, receipt } = await orderByScript()
    const asked = stage.asked.length
    await page.evaluate((href) => {
      document.head.append(Object.assign(document.createElement('link'), { rel: 'prefetch', href }))
    }, receipt)
    await stage.untilAsked(`GET ${receipt} (prefetch)`, 1, asked)
    await page.goto(receipt)
    assert.deepEqual(await page.getByRole('status').allTextContents(), ['Ordered.'])
    await page.goto(receipt)
    assert.deepEqual(await page.getByRole('status').allTextContents(), [])
  })

  it('by a speculation rule has its message when its person comes', async () => {
    const { page, receipt } = await orderByScript()
    const asked = stage.asked.length
    await page.evaluate((url) => {
      const rules = { prefetch: [{ source: 'list', urls: [url], eagerness: 'immediate' }] }
      const script = Object.assign(document.createElement('script'), { type: 'speculationrules' })
      script.textContent = JSON.stringify(rules)
      document.head.append(script)
    }, receipt)
    await stage.untilAsked(`GET ${receipt} (prefetch)`, 1, asked)
    await page.evaluate((url) => location.assign(url), receipt)
    await page.getByRole('heading', { name: /^Order \d/ }).waitFor()
    assert.deepEqual(await page.getByRole('status').allTextContents(), ['Ordered.'])
  })
})
