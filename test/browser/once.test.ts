import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { chromiumPath, skipWithout } from './needs.ts'
import { type OnceStage, openOnceStage, posts } from './once-stage.ts'

// /order    <form method="post" action="/order" class="dewar-form"><input type="hidden" name="_token" value="…">
//           <label for="order-tea">Tea</label><input id="order-tea" name="tea" required maxlength="40">
//           <button type="submit">Order</button></form>
// /sign-in  the same with a name

const skip = skipWithout(chromiumPath)

const manners = [
  { name: 'Chromium', keepsPages: false, options: {} },
  { name: 'Chromium with its cache for Back', keepsPages: true, options: {} },
  { name: 'Chromium without JavaScript', keepsPages: false, options: { javaScriptEnabled: false } },
] as const

for (const { name, keepsPages, options } of manners) {
  describe(`an order in ${name}`, { skip }, () => {
    let stage: OnceStage

    before(async () => {
      stage = await openOnceStage({ keepsPages })
    })

    after(() => stage.close())

    for (const who of ['a guest', 'somebody signed in']) {
      const enter = (): Promise<Page> => enterShop(stage, { who, options })

      it(`of ${who} is one when the button is clicked twice, and its person sees the receipt`, async () => {
        const [page, orders, asked] = [await enter(), stage.shop.orders(), stage.asked.length]
        await page.getByLabel('Tea').fill('Assam')
        await pressTwice(page, { stage, button: 'Order', path: '/order' })
        await page.getByRole('heading', { name: /^Order \d/ }).waitFor()
        assert.deepEqual(stage.shop.orders(), [...orders, 'Assam'])
        assert.equal(posts(stage, asked), 2)
        assert.deepEqual(await receipt(page), { number: orders.length + 1, tea: 'Assam', said: 'Ordered.' })
      })

      it(`of ${who} is one when Enter is pressed and then the button`, async () => {
        const [page, orders, asked] = [await enter(), stage.shop.orders(), stage.asked.length]
        await page.getByLabel('Tea').fill('Assam')
        await page.getByRole('button', { name: 'Order' }).hover()
        const release = stage.hold()
        await page.keyboard.press('Enter')
        await stage.untilAsked('POST /order', 1, asked)
        await press(page)
        await stage.untilAsked('POST /order', 2, asked)
        release()
        await page.getByRole('heading', { name: /^Order \d/ }).waitFor()
        assert.deepEqual(stage.shop.orders(), [...orders, 'Assam'])
        assert.equal(posts(stage, asked), 2)
        assert.deepEqual(await receipt(page), { number: orders.length + 1, tea: 'Assam', said: 'Ordered.' })
      })

      it(`of ${who} is one after Back and another click, which leads to the same receipt`, async () => {
        const [page, orders, asked] = [await enter(), stage.shop.orders(), stage.asked.length]
        await orderTea(page, 'Assam')
        const first = page.url()
        await page.goBack({ waitUntil: 'commit' })
        assert.equal(await page.getByLabel('Tea').inputValue(), 'Assam')
        await page.getByRole('button', { name: 'Order' }).click()
        await page.waitForURL(/receipts/)
        assert.equal(page.url(), first)
        assert.deepEqual(stage.shop.orders(), [...orders, 'Assam'])
        assert.equal(posts(stage, asked), 2)
      })

      it(`of ${who} is asked about after Back and another tea, and two when it is sent again`, async () => {
        const [page, orders] = [await enter(), stage.shop.orders()]
        await orderTea(page, 'Assam')
        const first = new URL(page.url()).pathname
        await page.goBack({ waitUntil: 'commit' })
        await page.getByLabel('Tea').fill('Sencha')
        await page.getByRole('button', { name: 'Order' }).click()
        await assertAskedAbout(page, first)
        assert.equal(await page.getByLabel('Tea').inputValue(), 'Sencha')
        assert.deepEqual(stage.shop.orders(), [...orders, 'Assam'])
        await page.getByRole('button', { name: 'Order' }).click()
        await page.waitForURL(/receipts/)
        assert.deepEqual(await receipt(page), { number: orders.length + 2, tea: 'Sencha', said: 'Ordered.' })
        assert.deepEqual(stage.shop.orders(), [...orders, 'Assam', 'Sencha'])
      })
    }

    it('is one however often its receipt is reloaded, and the message is there once', async () => {
      const [page, orders, asked] = [await enterShop(stage, { options }), stage.shop.orders(), stage.asked.length]
      await orderTea(page, 'Assam')
      await page.reload()
      await page.reload()
      assert.deepEqual(await receipt(page), { number: orders.length + 1, tea: 'Assam', said: '' })
      assert.deepEqual(stage.shop.orders(), [...orders, 'Assam'])
      assert.equal(posts(stage, asked), 1)
    })

    it('that is refused is refused again on reload, with what was typed still in it', async () => {
      const [page, orders, asked] = [await enterShop(stage, { options }), stage.shop.orders(), stage.asked.length]
      await refuseTea(page)
      await page.reload()
      await page.getByRole('alert').waitFor()
      assert.match((await page.getByRole('alert').textContent()) ?? '', /Please name a tea\./)
      assert.equal(await page.getByLabel('Tea').inputValue(), '   ')
      assert.deepEqual(stage.shop.orders(), orders)
      assert.equal(posts(stage, asked), 2)
    })

    it('that was corrected and made is asked about when another is sent from the first copy, Back twice', async () => {
      const [page, orders] = [await enterShop(stage, { options }), stage.shop.orders()]
      await refuseTea(page)
      await orderTea(page, 'Assam')
      const first = new URL(page.url()).pathname
      await page.goBack({ waitUntil: 'commit' })
      await page.waitForTimeout(300)
      await page.goBack({ waitUntil: 'commit' })
      await page.waitForTimeout(300) // the browser puts back what was typed, and only then something else can be typed
      assert.equal(await page.getByRole('alert').count(), 0) // the copy from before the mistake
      await page.getByLabel('Tea').fill('Sencha')
      await page.getByRole('button', { name: 'Order' }).click()
      await assertAskedAbout(page, first)
      assert.equal(await page.getByLabel('Tea').inputValue(), 'Sencha')
      assert.deepEqual(stage.shop.orders(), [...orders, 'Assam'])
    })

    it('in each of two tabs is two orders', async () => {
      const [first, orders] = [await enterShop(stage, { options }), stage.shop.orders()]
      const second = await first.context().newPage()
      await second.goto('/order')
      await orderTea(first, 'Assam')
      await orderTea(second, 'Assam')
      assert.notEqual(second.url(), first.url())
      assert.deepEqual(stage.shop.orders(), [...orders, 'Assam', 'Assam'])
    })

    it('in each of two tabs is one where the address or the cart names the order', async () => {
      for (const path of ['/order-of-address?of=today', '/order-of-cart?cart=7']) {
        const [first, orders] = [await enterShop(stage, { options, path }), stage.shop.orders()]
        const second = await first.context().newPage()
        await second.goto(path)
        await orderTea(first, 'Assam')
        await orderTea(second, 'Assam')
        assert.equal(second.url(), first.url(), path)
        assert.deepEqual(stage.shop.orders(), [...orders, 'Assam'], path)
        await second.goto(path.replace(/\w+$/, 'another'))
        await orderTea(second, 'Assam')
        assert.deepEqual(stage.shop.orders(), [...orders, 'Assam', 'Assam'], path)
      }
    })

    it('is not made from a tab that was open before its person signed in, until it is sent again', async () => {
      const [page, orders] = [await enterShop(stage, { options }), stage.shop.orders()]
      await signIn(await page.context().newPage(), 'Ada')
      await page.getByLabel('Tea').fill('Assam')
      await page.getByRole('button', { name: 'Order' }).click()
      await page.getByRole('alert').waitFor()
      assert.match((await page.getByRole('alert').textContent()) ?? '', /^Nothing was done yet: .* signed in or out/)
      assert.equal(await page.getByLabel('Tea').inputValue(), 'Assam')
      assert.deepEqual(stage.shop.orders(), orders)
      await page.getByRole('button', { name: 'Order' }).click()
      await page.waitForURL(/receipts/)
      assert.deepEqual(stage.shop.orders(), [...orders, 'Assam'])
    })
  })

  describe(`a login in ${name}`, { skip }, () => {
    let stage: OnceStage

    before(async () => {
      stage = await openOnceStage({ keepsPages })
    })

    after(() => stage.close())

    it('that is clicked twice is one session, and its person is signed in', async () => {
      const page = await (await stage.visitor(options)).newPage()
      await page.goto('/sign-in')
      const asked = stage.asked.length
      await page.getByLabel('Name').fill('Grace')
      await pressTwice(page, { stage, button: 'Sign in', path: '/sign-in' })
      await page.getByRole('heading', { name: 'You are Grace' }).waitFor()
      assert.equal(posts(stage, asked), 2)
      await page.reload()
      await page.getByRole('heading', { name: 'You are Grace' }).waitFor()
      assert.equal(await stage.shop.sessionsOf('Grace'), 1)
    })

    it('that is sent again after Back is the same one', async () => {
      const page = await (await stage.visitor(options)).newPage()
      await signIn(page, 'Hedy')
      await page.goBack({ waitUntil: 'commit' })
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.getByRole('heading', { name: 'You are Hedy' }).waitFor()
      assert.equal(await stage.shop.sessionsOf('Hedy'), 1)
    })
  })
}

describe('Chromium with its cache for Back', { skip }, () => {
  it('keeps a page with a form as it was left, and otherwise asks the disk for it', async () => {
    for (const keepsPages of [true, false]) {
      const stage = await openOnceStage({ keepsPages })
      try {
        const [page, asked] = [await enterShop(stage), stage.asked.length]
        await page.evaluate(() => document.body.setAttribute('data-left', ''))
        await orderTea(page, 'Assam')
        await page.goBack({ waitUntil: 'commit' })
        await page.getByLabel('Tea').waitFor()
        assert.equal(await page.locator('body[data-left]').count(), keepsPages ? 1 : 0)
        assert.deepEqual(stage.asked.slice(asked), ['POST /order', 'GET /receipts/1']) // in no case the server
      } finally {
        await stage.close()
      }
    }
  })
})

describe('an order that a script sends', { skip }, () => {
  let stage: OnceStage

  before(async () => {
    stage = await openOnceStage()
  })

  after(() => stage.close())

  it('twice at once is one, and both answers are its receipt', async () => {
    const [page, orders] = [await enterShop(stage), stage.shop.orders()]
    await page.getByLabel('Tea').fill('Assam')
    const urls = await page.evaluate(async () => {
      const form = document.querySelector('form')
      if (form === null) return []
      const send = (): Promise<Response> => fetch(form.action, { method: 'POST', body: new FormData(form) })
      return (await Promise.all([send(), send()])).map(({ url }) => url)
    })
    assert.deepEqual(urls, Array(2).fill(`${stage.url}/receipts/${orders.length + 1}`))
    assert.deepEqual(stage.shop.orders(), [...orders, 'Assam'])
  })

  it('again with another tea is told so as a problem, and is not made', async () => {
    const [page, orders] = [await enterShop(stage), stage.shop.orders()]
    await page.getByLabel('Tea').fill('Assam')
    const [made, told] = await page.evaluate(async () => {
      const form = document.querySelector('form')
      const body = new FormData(form ?? undefined)
      const headers = { accept: 'application/json' }
      const send = (): Promise<Response> => fetch('/order', { method: 'POST', body, headers })
      const first = await send()
      body.set('tea', 'Sencha')
      const second = await send()
      return [first.url, { status: second.status, problem: await second.json() }] as const
    })
    assert.equal(made, `${stage.url}/receipts/${orders.length + 1}`)
    assert.equal(told.status, 422)
    assert.match(told.problem.errors[''][0], /^This form was sent before, with something else written in it\./)
    assert.deepEqual(stage.shop.orders(), [...orders, 'Assam'])
  })
})

interface Entering {
  readonly who?: string
  readonly options?: BrowserContextOptions
  readonly path?: string
}

/** A new visitor before the form. */
async function enterShop(stage: OnceStage, { who = 'a guest', options = {}, path = '/order' }: Entering = {}) {
  const page = await (await stage.visitor(options)).newPage()
  if (who !== 'a guest') await signIn(page, 'Ada')
  await page.goto(path)
  await page.getByText(`For ${who === 'a guest' ? who : 'Ada'}`).waitFor()
  return page
}

async function signIn(page: Page, name: string): Promise<void> {
  await page.goto('/sign-in')
  await page.getByLabel('Name').fill(name)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL('/me')
}

async function orderTea(page: Page, tea: string): Promise<void> {
  await page.getByLabel('Tea').fill(tea)
  await page.getByRole('button', { name: 'Order' }).click()
  await page.waitForURL(/receipts/)
}

/** Sends the form with nothing but spaces in it. */
async function refuseTea(page: Page): Promise<void> {
  await page.getByLabel('Tea').fill('   ')
  await page.getByRole('button', { name: 'Order' }).click()
  await page.getByRole('alert').waitFor()
}

/** Clicks, and clicks again when the first click has reached the server, as a person does who sees nothing happen. */
async function pressTwice(
  page: Page,
  { stage, button, path }: { readonly stage: OnceStage; readonly button: string; readonly path: string },
): Promise<void> {
  const asked = stage.asked.length
  await page.getByRole('button', { name: button }).hover()
  const release = stage.hold()
  await press(page)
  await stage.untilAsked(`POST ${path}`, 1, asked)
  await press(page)
  await stage.untilAsked(`POST ${path}`, 2, asked)
  release()
}

// By the mouse alone: the driver's own click waits until the page has gone on.
async function press(page: Page): Promise<void> {
  await page.mouse.down()
  await page.mouse.up()
}

/** The form is shown again, says why where the focus is, and leads to what came of the first. */
async function assertAskedAbout(page: Page, first: string): Promise<void> {
  const alert = page.getByRole('alert')
  await page.locator('[role=alert]:focus').waitFor()
  assert.equal(await alert.getByRole('list').count(), 0)
  await alert.getByText('This form was sent before, with something else written in it.').waitFor()
  assert.equal(await alert.getByRole('link', { name: 'See what came of it' }).getAttribute('href'), first)
}

interface Receipt {
  readonly number: number
  readonly tea: string
  readonly said: string
}

/** What stands on the receipt that a person sees. */
async function receipt(page: Page): Promise<Receipt> {
  const heading = await page.getByRole('heading', { level: 1 }).textContent()
  const [, number, tea = ''] = /^Order (\d+): (.*)$/.exec(heading ?? '') ?? []
  return { number: Number(number), tea, said: (await page.getByRole('status').allTextContents()).join() }
}
