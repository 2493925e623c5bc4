import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { enterKey, type Firefox, type FirefoxTab, type FirefoxVisitor, firefoxPath, openFirefox } from './firefox.ts'
import { skipWithout } from './needs.ts'
import { posts, type ServedShop, serveShop } from './once-stage.ts'
import { arrived, orderTea, refused, untilWritten, write } from './shop-in-firefox.ts'

describe('in Firefox', { skip: skipWithout(firefoxPath) }, () => {
  let served: ServedShop
  let firefox: Firefox
  let visitor: FirefoxVisitor

  before(async () => {
    served = await serveShop()
    firefox = await openFirefox()
  })

  after(async () => {
    await firefox.close()
    await served.stop()
  })

  beforeEach(async () => {
    visitor = await firefox.visitor()
  })

  const enter = async (path = '/order'): Promise<FirefoxTab> => {
    const tab = await visitor.tab()
    await tab.goto(served.url + path)
    return tab
  }
  const orders = (): readonly string[] => served.shop.orders()

  /** Clicks, and does something when the click has reached the server, as a person does who sees nothing happen. */
  const twice = async (path: string, first: () => Promise<void>, second: () => Promise<void>): Promise<void> => {
    const asked = served.asked.length
    const release = served.hold()
    await first()
    await served.untilAsked(`POST ${path}`, 1, asked)
    await second()
    await served.untilAsked(`POST ${path}`, 2, asked)
    release()
  }

  describe('an order', () => {
    it('is one when the button is clicked twice, and its person sees the receipt', async () => {
      const [tab, before, asked] = [await enter(), orders(), served.asked.length]
      await write(tab, 'Assam')
      const click = (): Promise<void> => tab.click('button')
      await twice('/order', click, click)
      const receipt = { heading: `Order ${before.length + 1}: Assam`, said: 'Ordered.' }
      assert.deepEqual(await arrived(tab, 'Order '), receipt)
      assert.deepEqual(orders(), [...before, 'Assam'])
      assert.equal(posts(served, asked), 2)
    })

    it('is one when Enter is pressed and then the button', async () => {
      const [tab, before, asked] = [await enter(), orders(), served.asked.length]
      await write(tab, 'Assam')
      await tab.click('input:not([type=hidden])')
      await twice(
        '/order',
        () => tab.press(enterKey),
        () => tab.click('button'),
      )
      const receipt = { heading: `Order ${before.length + 1}: Assam`, said: 'Ordered.' }
      assert.deepEqual(await arrived(tab, 'Order '), receipt)
      assert.deepEqual(orders(), [...before, 'Assam'])
      assert.equal(posts(served, asked), 2)
    })

    it('is one however often its receipt is reloaded, and the message is there once', async () => {
      const [tab, before, asked] = [await enter(), orders(), served.asked.length]
      await orderTea(tab, 'Assam')
      await tab.reload()
      await tab.reload()
      assert.deepEqual(await arrived(tab, 'Order '), { heading: `Order ${before.length + 1}: Assam`, said: undefined })
      assert.deepEqual(orders(), [...before, 'Assam'])
      assert.equal(posts(served, asked), 1)
    })

    it('that is refused is refused again on reload, with what was typed still in it', async () => {
      const [tab, before, asked] = [await enter(), orders(), served.asked.length]
      await write(tab, '   ')
      await tab.click('button')
      await refused(tab)
      await tab.reload()
      const { alert, written } = await refused(tab)
      assert.match(alert, /Please name a tea\./)
      assert.equal(written, '   ')
      assert.deepEqual(orders(), before)
      assert.equal(posts(served, asked), 2)
    })

    it('in each of two tabs is two orders', async () => {
      const before = orders()
      const [first, second] = [await enter(), await enter()]
      assert.notEqual(await orderTea(first, 'Assam'), await orderTea(second, 'Assam'))
      assert.deepEqual(orders(), [...before, 'Assam', 'Assam'])
    })

    for (const path of ['/order-of-address?of=today', '/order-of-cart?cart=7']) {
      it(`in each of two tabs is one where the address or the cart names the order: ${path}`, async () => {
        const before = orders()
        const [first, second] = [await enter(path), await enter(path)]
        assert.equal(await orderTea(first, 'Assam'), await orderTea(second, 'Assam'))
        assert.deepEqual(orders(), [...before, 'Assam'])
        await second.goto(served.url + path.replace(/\w+$/, 'another'))
        await orderTea(second, 'Assam')
        assert.deepEqual(orders(), [...before, 'Assam', 'Assam'])
      })
    }

    it('is not made from a tab that was open before its person signed in, until it is sent again', async () => {
      const before = orders()
      const [tab, other] = [await enter(), await enter('/sign-in')]
      await write(other, 'Ada')
      await other.click('button')
      await arrived(other, 'You are Ada')
      await write(tab, 'Assam')
      await tab.click('button')
      const { alert, written } = await refused(tab)
      assert.match(alert, /^Nothing was done yet: .* signed in or out/)
      assert.equal(written, 'Assam')
      assert.deepEqual(orders(), before)
      await tab.click('button')
      await arrived(tab, 'Order ')
      assert.deepEqual(orders(), [...before, 'Assam'])
    })
  })

  for (const keepsPages of [true, false]) {
    describe(`an order after Back, to a page that Firefox ${keepsPages ? 'kept' : 'did not keep'}`, () => {
      const leave = (tab: FirefoxTab): Promise<unknown> => tab.run(keepsPages ? mark : `${mark}; ${givesUp}`)

      it('is one when it is sent again, and leads to the same receipt', async () => {
        const [tab, before, asked] = [await enter(), orders(), served.asked.length]
        await leave(tab)
        const receipt = await orderTea(tab, 'Assam')
        await tab.back()
        await untilWritten(tab, 'Assam')
        assert.equal(await tab.run(isMarked), keepsPages)
        await tab.click('button')
        assert.equal((await arrived(tab, 'Order ')).heading, `Order ${before.length + 1}: Assam`)
        assert.equal(await tab.run('location.pathname'), receipt)
        assert.deepEqual(orders(), [...before, 'Assam'])
        assert.equal(posts(served, asked), 2)
      })

      it('is asked about with another tea, and two when it is sent again', async () => {
        const [tab, before] = [await enter(), orders()]
        await leave(tab)
        const receipt = await orderTea(tab, 'Assam')
        await tab.back()
        await untilWritten(tab, 'Assam')
        assert.equal(await tab.run(isMarked), keepsPages)
        await write(tab, 'Sencha')
        await tab.click('button')
        await assertAskedAbout(tab, { written: 'Sencha', receipt })
        assert.deepEqual(orders(), [...before, 'Assam'])
        await tab.click('button')
        assert.equal((await arrived(tab, 'Order ')).heading, `Order ${before.length + 2}: Sencha`)
        assert.deepEqual(orders(), [...before, 'Assam', 'Sencha'])
      })

      it('is asked about with another tea in the first copy, Back twice, where it was corrected before it was made', async () => {
        const [tab, before, asked] = [await enter(), orders(), served.asked.length]
        await leave(tab)
        await write(tab, '   ')
        await tab.click('button')
        await refused(tab)
        await leave(tab)
        const receipt = await orderTea(tab, 'Assam')
        await tab.back()
        assert.match((await refused(tab)).alert, /Please name a tea\./)
        await tab.back()
        await untilWritten(tab, '   ') // the copy from before the mistake
        assert.equal(await tab.run(isMarked), keepsPages)
        assert.equal(posts(served, asked), 2)
        await write(tab, 'Sencha')
        await tab.click('button')
        await assertAskedAbout(tab, { written: 'Sencha', receipt })
        assert.deepEqual(orders(), [...before, 'Assam'])
      })
    })
  }

  describe('the receipt of an order that Firefox fetches ahead', () => {
    it('by a link still has its message when its person comes, and then no more', async () => {
      const tab = await enter()
      await write(tab, 'Assam')
      // A script orders and does not follow the redirect, so that the message waits for its page.
      await tab.run(`fetch('/order', { method: 'POST', body: new FormData(document.forms[0]), redirect: 'manual' })`)
      const [receipt, asked] = [`/receipts/${orders().length}`, served.asked.length]
      await tab.run(fetchAhead(receipt))
      await served.untilAsked(`GET ${receipt} (prefetch)`, 1, asked)
      await tab.goto(served.url + receipt)
      assert.equal((await arrived(tab, 'Order ')).said, 'Ordered.')
      await tab.goto(served.url + receipt)
      assert.equal((await arrived(tab, 'Order ')).said, undefined)
    })
  })

  describe('a login', () => {
    const signIn = async (name: string): Promise<FirefoxTab> => {
      const tab = await enter('/sign-in')
      await write(tab, name)
      return tab
    }

    it('that is clicked twice is one session, and its person is signed in', async () => {
      const [tab, asked] = [await signIn('Grace'), served.asked.length]
      const click = (): Promise<void> => tab.click('button')
      await twice('/sign-in', click, click)
      await arrived(tab, 'You are Grace')
      assert.equal(posts(served, asked), 2)
      await tab.reload()
      await arrived(tab, 'You are Grace')
      assert.equal(await served.shop.sessionsOf('Grace'), 1)
    })

    it('that is sent again after Back is the same one', async () => {
      const [tab, asked] = [await signIn('Hedy'), served.asked.length]
      await tab.click('button')
      await arrived(tab, 'You are Hedy')
      await tab.back()
      await untilWritten(tab, 'Hedy')
      await tab.click('button')
      await arrived(tab, 'You are Hedy')
      assert.equal(posts(served, asked), 2)
      assert.equal(await served.shop.sessionsOf('Hedy'), 1)
    })
  })
})

const mark = `document.body.dataset.left = ''`
const isMarked = `document.body.dataset.left === ''`
// Firefox keeps no page for Back that asks to be told when it is left.
const givesUp = `addEventListener('unload', () => {})`

/**
 * Lets the page fetch a path ahead, and is done when that is done. Firefox says that it failed: it sends the request, with
 * `Sec-Purpose: prefetch`, and throws the answer away where that is `no-cache`.
 */
function fetchAhead(path: string): string {
  return `new Promise((resolve) => {
    const link = Object.assign(document.createElement('link'), { rel: 'prefetch', href: '${path}' })
    link.onload = link.onerror = resolve
    document.head.append(link)
  })`
}

/** The form is shown again, says why where the focus is, and leads to what came of the first. */
async function assertAskedAbout(tab: FirefoxTab, expected: { written: string; receipt: string }): Promise<void> {
  const { alert, written } = await refused(tab)
  assert.match(alert, /^This form was sent before, with something else written in it\./)
  assert.equal(written, expected.written)
  await tab.find(`document.activeElement?.getAttribute('role') === 'alert'`)
  assert.equal(await tab.run(`document.querySelector('[role=alert] a')?.getAttribute('href')`), expected.receipt)
}
