import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { HtmlValidate } from 'html-validate'
import type { BrowserContext, Page } from 'playwright-core'
import { findings } from './axe-findings.ts'
import { type InspectorStage, openInspectorStage, orderPrint } from './inspector-stage.ts'
import { chromiumPath, skipWithout } from './needs.ts'

describe('the inspector in Chromium', { skip: skipWithout(chromiumPath) }, () => {
  let stage: InspectorStage

  before(async () => {
    stage = await openInspectorStage()
  })
  after(() => stage.close())

  /** The app in one window, and the inspector in another. */
  async function twoWindows(): Promise<{ readonly shop: Page; readonly live: Page; readonly errors: string[] }> {
    const [visitor, author] = await Promise.all([stage.visitor(), stage.visitor()])
    const [shop, live] = await Promise.all([visitor.newPage(), author.newPage()])
    const errors: string[] = []
    live.on('pageerror', ({ message }) => errors.push(message))
    live.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
    await live.goto('/_dewar')
    await live.getByRole('button', { name: 'Forget all' }).click()
    await live.getByText('Live', { exact: true }).last().waitFor()
    return { shop, live, errors }
  }

  it('shows an order while it happens, as one story, without being reloaded', async () => {
    const { shop, live, errors } = await twoWindows()
    let loads = 0
    live.on('load', () => {
      loads += 1
    })
    await orderPrint(shop)
    const story = live.locator('.story').first()
    await story.getByText('POST did the work').waitFor()
    const text = ((await story.textContent()) ?? '').replace(/\s+/g, ' ').trim()
    assert.match(text, /^POST \/prints\/pear 303 See Other ?GET \/receipts\/\d+ 200/)
    assert.match(text, /the first of its form · \d+ questions to the store · session \+ orders/)
    assert.deepEqual([loads, errors], [0, []])
  })

  it('leaves out what pages load', async () => {
    const { shop, live } = await twoWindows()
    await shop.goto('/')
    await live.locator('.story').first().waitFor()
    assert.doesNotMatch((await live.locator('#stories').textContent()) ?? '', /static/)
  })

  it('stands still while it is paused, and then shows what was missed', async () => {
    const { shop, live } = await twoWindows()
    await live.getByRole('button', { name: 'Pause' }).click()
    await shop.goto('/')
    await live.waitForTimeout(300)
    assert.equal(await live.locator('.story').count(), 0)
    await live.getByRole('button', { name: 'Pause' }).click()
    await live.getByText('GET / 200').waitFor()
  })

  it('is used with the keyboard, and keeps the focus where it is when a story goes on', async () => {
    const { shop, live } = await twoWindows()
    for (const path of ['/?1', '/?2']) await shop.goto(path)
    await live.getByText('/?2').waitFor()
    await live.locator('.story a').first().focus()
    await live.keyboard.press('ArrowDown')
    const focused = (): Promise<string | null> => live.evaluate(() => document.activeElement?.textContent ?? null)
    assert.equal(await focused(), 'GET /?1 200')
    await shop.goto('/?3')
    await live.getByText('/?3').waitFor()
    assert.equal(await focused(), 'GET /?1 200')
    await live.keyboard.press('Enter')
    await live.waitForURL(/\/_dewar\/exchanges\/\d+$/)
    assert.equal(await live.getByRole('heading', { level: 1 }).textContent(), 'GET /?1')
  })

  it('goes on when the app is loaded anew, and forgets what was before', async () => {
    const { shop, live, errors } = await twoWindows()
    await shop.goto('/?before')
    await live.getByText('/?before').waitFor()
    await stage.restart()
    await shop.goto('/?after')
    await live.getByText('/?after').waitFor()
    assert.equal(await live.locator('.story').count(), 1)
    assert.deepEqual(
      errors.filter((text) => !text.includes('net::')),
      [],
    )
  })

  it('shows everything without scripts too', async () => {
    const { shop } = await twoWindows()
    await orderPrint(shop)
    const page = await (await stage.visitor({ javaScriptEnabled: false })).newPage()
    await page.goto('/_dewar')
    assert.equal(await page.getByRole('button', { name: 'Pause' }).isVisible(), false)
    await page.getByRole('link', { name: /^POST \/prints\/pear/ }).click()
    await page.getByRole('heading', { name: 'Once' }).waitFor()
  })

  it('has no page in which axe or html-validate find anything', async () => {
    const { shop } = await twoWindows()
    const context = shop.context()
    const empty = await context.newPage()
    for (const path of ['', '/sessions', '/routes']) await examine(empty, `/_dewar${path}`)
    await orderPrint(shop)
    await shop.goBack()
    await shop.getByRole('button', { name: 'Order' }).click() // a repeat
    await shop.waitForURL(/\/receipts\//)
    await shop.goto('/prints/moon') // of the other there are no more
    await shop.getByLabel('Your name').fill('<b>"&')
    await shop.locator('form').evaluate((form: HTMLFormElement) => form.submit()) // it is not valid
    await shop.getByRole('alert').waitFor()
    await shop.goto(`/${'long-address/'.repeat(20)}`)
    await context.request.post('/', { headers: { origin: 'https://elsewhere.example' } })
    for (const path of [
      '',
      '/sessions',
      '/sessions?user=ada',
      '/routes',
      '/exchanges/9999',
      ...(await exchangesIn(context)),
    ])
      await examine(empty, `/_dewar${path}`)
  })
})

const validator = new HtmlValidate({ extends: ['html-validate:recommended'] })

async function examine(page: Page, path: string): Promise<void> {
  const answer = await page.goto(path)
  const { results } = await validator.validateString((await answer?.text()) ?? '')
  const wrong = results.flatMap(({ messages }) =>
    messages.map(({ line, ruleId, message }) => `${line} ${ruleId}: ${message}`),
  )
  assert.deepEqual([...wrong, ...(await findings(page))], [], path)
  for (const width of [320, 1280]) {
    await page.setViewportSize({ width, height: 800 })
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= width, `${path} at ${width}`)
  }
}

// The page of each exchange that is remembered.
async function exchangesIn(context: BrowserContext): Promise<readonly string[]> {
  const live = await (await context.request.get('/_dewar')).text()
  const found = [...live.matchAll(/href="\/_dewar(\/exchanges\/\d+)"/g)].map(([, path = '']) => path)
  assert.ok(found.length >= 8, live)
  return found
}
