import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { enterBook, openStage, type Stage } from './chromium.ts'
import { chromiumPath, skipWithout } from './needs.ts'
import { tour } from './tour.ts'

const skip = skipWithout(chromiumPath)

/** What a screen reader is told about a control or region: from Chromium's own accessibility tree. */
interface Told {
  readonly name: string
  readonly description: string
  readonly invalid: string
  readonly focused: boolean
}

async function told(page: Page, role: string): Promise<Told> {
  const session = await page.context().newCDPSession(page)
  const { nodes } = await session.send('Accessibility.getFullAXTree')
  const node = nodes.find((each) => !each.ignored && each.role?.value === role)
  const property = (name: string): unknown => node?.properties?.find((each) => each.name === name)?.value.value
  return {
    name: String(node?.name?.value ?? ''),
    description: String(node?.description?.value ?? ''),
    invalid: String(property('invalid') ?? 'false'),
    focused: property('focused') === true,
  }
}

for (const javaScriptEnabled of [true, false]) {
  describe(`an error, JavaScript ${javaScriptEnabled ? 'on' : 'off'}`, { skip }, () => {
    let stage: Stage

    before(async () => {
      stage = await openStage()
    })

    after(() => stage.close())

    it('is announced: the alert has the focus, and the control is invalid and described by the error', async () => {
      const page = await (await stage.visitor({ javaScriptEnabled })).newPage()
      await page.goto('/')
      await page.getByLabel('Your name').fill('   ')
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.getByRole('alert').waitFor()
      assert.match(await page.getByRole('alert').ariaSnapshot(), /Your name[\s\S]*Please tell us your name\./)
      assert.equal((await told(page, 'alert')).focused, true)
      const control = await told(page, 'textbox')
      assert.equal(control.name, 'Your name')
      assert.equal(control.invalid, 'true')
      assert.equal(control.description, 'Up to 40 characters. Any name will do. Please tell us your name.')
    })

    it('leads to its control by the link in the alert', async () => {
      const page = await (await stage.visitor({ javaScriptEnabled })).newPage()
      await page.goto('/')
      await page.getByLabel('Your name').fill('   ')
      await page.keyboard.press('Enter')
      await page.getByRole('alert').getByRole('link', { name: 'Your name' }).click()
      assert.equal((await told(page, 'textbox')).focused, true)
    })
  })
}

describe('the keyboard alone', { skip }, () => {
  let stage: Stage

  before(async () => {
    stage = await openStage()
  })

  after(() => stage.close())

  it('reaches everything on the book, in the order of the page, and shows where it is', async () => {
    const page = await (await stage.visitor()).newPage()
    await enterBook(page, 'Ada')
    const reached: string[] = []
    for (let step = 0; step < 5; step++) {
      await page.keyboard.press('Tab')
      const { name, outline } = await page.evaluate(() => {
        const element = document.activeElement as HTMLElement // something has the focus after Tab
        const label = element instanceof HTMLTextAreaElement ? element.labels?.[0]?.textContent : element.textContent
        const { outlineStyle, outlineWidth } = getComputedStyle(element)
        return { name: label?.trim() ?? '', outline: outlineStyle === 'none' ? 0 : Number.parseFloat(outlineWidth) }
      })
      assert.ok(outline >= 2, `${name} has an outline of ${outline} px`)
      reached.push(name)
    }
    assert.deepEqual(reached, ['Guestbook', 'Change name', 'Forget me', 'Your message', 'Leave message'])
  })

  it('is enough for the whole loop', async () => {
    const page = await (await stage.visitor()).newPage()
    await page.goto('/')
    await tab(page, 2)
    await page.keyboard.type('Ada')
    await page.keyboard.press('Enter')
    await page.waitForURL('/thank-you')
    await tab(page, 4)
    await page.keyboard.press('Enter')
    await page.waitForURL('/book')
    await tab(page, 4)
    await page.keyboard.type('By hand')
    await tab(page, 1)
    await page.keyboard.press('Space')
    await page.waitForURL('/thank-you')
    await page.getByText('Your message is in the book.').waitFor()
    await tab(page, 3)
    await page.keyboard.press('Enter')
    await page.getByText('the cookie is gone').waitFor()
  })

  async function tab(page: Page, times: number): Promise<void> {
    for (let time = 0; time < times; time++) await page.keyboard.press('Tab')
  }
})

describe('a screen of 320 px', { skip }, () => {
  let stage: Stage

  before(async () => {
    stage = await openStage()
  })

  after(() => stage.close())

  it('shows every page without scrolling sideways', async () => {
    const page = await (await stage.visitor({ viewport: { width: 320, height: 640 } })).newPage()
    for (const { name, go } of tour) {
      await go(page)
      await page.waitForLoadState()
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320, name)
    }
  })
})
