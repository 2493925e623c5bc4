import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { type Browser, browser, type Page } from 'dewar/testing'
import { openShop } from './shop.ts'

process.env.DATABASE_FILE = ':memory:' // before the app opens its own
const { default: app, database } = await import('./app.ts')

// /prints/moon  <form method="post" action="/prints/moon"><input type="hidden" name="_token" value="…">
//               <input type="number" name="count" min="1" max="3" value="1"><input name="name" required>
//               <input type="email" name="email" required><button>Order</button></form>

const ada = { name: 'Ada', email: 'ada@example.org' }

async function orderForm(visitor: Browser = browser(app)): Promise<Page> {
  const page = await visitor.open('/prints/moon')
  page.fill(ada)
  return page
}

function stock(): number {
  return Number(database.prepare("SELECT stock FROM products WHERE sku = 'moon'").get()?.stock)
}

function restock(count: number): void {
  database.prepare("UPDATE products SET stock = ? WHERE sku = 'moon'").run(count)
}

function orders(): unknown[] {
  return database
    .prepare('SELECT sku, count, email FROM orders ORDER BY number')
    .all()
    .map((row) => Object.values(row).join(' '))
}

function mails(): unknown[] {
  return database
    .prepare('SELECT recipient, subject FROM outbox ORDER BY place')
    .all()
    .map((row) => Object.values(row).join(' '))
}

beforeEach(() => {
  database.exec('DELETE FROM outbox; DELETE FROM orders; DELETE FROM products; DELETE FROM sqlite_sequence')
  openShop(database)
})

describe('an order', () => {
  it('leads to its receipt, takes a print off the shelf and writes a mail', async () => {
    const visitor = browser(app)
    const receipt = await (await orderForm(visitor)).fill({ count: 2 }).submit('Order')
    assert.equal(receipt.url, '/receipts/1')
    assert.match(receipt.text, /Thank you\. Your order is placed\. Receipt 1 Print 2 × Moon over hills In all €96\.00/)
    assert.doesNotMatch((await visitor.reload()).text, /Thank you/)
    assert.deepEqual([orders(), mails(), stock()], [['moon 2 ada@example.org'], ['ada@example.org Your order 1'], 3])
  })

  it('is one when its button is clicked twice, and both clicks lead to its receipt', async () => {
    const page = await orderForm()
    const [first, second] = await Promise.all([page.submit('Order'), page.submit('Order')])
    assert.deepEqual([first.url, second.url], ['/receipts/1', '/receipts/1'])
    assert.match(second.text, /Receipt 1/)
    assert.deepEqual([orders().length, mails().length, stock()], [1, 1, 4])
  })

  it('of the last print is one too when its button is clicked twice, and nobody is told that it is sold out', async () => {
    restock(1)
    const page = await orderForm()
    const pages = await Promise.all([page.submit('Order'), page.submit('Order'), page.submit('Order')])
    assert.deepEqual(
      pages.map(({ status, url }) => `${status} ${url}`),
      ['200 /receipts/1', '200 /receipts/1', '200 /receipts/1'],
    )
    assert.deepEqual([orders().length, stock()], [1, 0])
  })

  it('is the same one after Back and the button again', async () => {
    const visitor = browser(app)
    await (await orderForm(visitor)).submit('Order')
    const before = await visitor.back()
    assert.equal((await before.submit('Order')).url, '/receipts/1')
    assert.deepEqual([orders().length, mails().length, stock()], [1, 1, 4])
  })

  it('is asked about after Back and another count, and is a second one when that is meant', async () => {
    const visitor = browser(app)
    await (await orderForm(visitor)).submit('Order')
    const asked = await (await visitor.back()).fill({ count: 2 }).submit('Order')
    assert.equal(asked.status, 422)
    assert.match(asked.text, /This form was sent before, with something else written in it\./)
    assert.deepEqual([asked.value('count'), asked.value('name')], ['2', 'Ada'])
    assert.equal((await asked.click('See what came of it')).url, '/receipts/1')
    assert.equal(orders().length, 1)
    assert.equal((await asked.submit('Order')).url, '/receipts/2')
    assert.deepEqual([orders().length, mails().length, stock()], [2, 2, 2])
  })

  it('that is not valid comes back as it was typed, and the corrected one is placed once', async () => {
    const page = await orderForm()
    const refused = await page.fill({ email: 'ada' }).submit('Order')
    assert.equal(refused.status, 422)
    assert.deepEqual([refused.value('email'), refused.value('name')], ['ada', 'Ada'])
    assert.deepEqual([orders(), mails(), stock()], [[], [], 5])
    const corrected = refused.fill({ email: 'ada@example.org' })
    const pages = await Promise.all([corrected.submit('Order'), corrected.submit('Order')])
    assert.deepEqual(new Set(pages.map(({ url }) => url)), new Set(['/receipts/1']))
    assert.equal(orders().length, 1)
  })
})

describe('the shelf', () => {
  it('gives its last five prints to five of twenty visitors who order at once, and the others keep what they typed', async () => {
    const forms = await Promise.all(Array.from({ length: 20 }, () => orderForm()))
    const pages = await Promise.all(forms.map((page) => page.submit('Order')))
    const receipts = pages.filter(({ status }) => status === 200).map(({ url }) => url)
    assert.deepEqual(new Set(receipts), new Set([1, 2, 3, 4, 5].map((number) => `/receipts/${number}`)))
    const refused = pages.filter(({ status }) => status === 422)
    assert.equal(refused.length, 15)
    for (const page of refused) {
      assert.match(page.text, /This print is sold out\. Nothing was ordered\./)
      assert.equal(page.value('email'), 'ada@example.org')
    }
    assert.deepEqual([orders().length, mails().length, stock()], [5, 5, 0])
  })

  it('gives nothing of an order that it has not enough for, and all of it when it has', async () => {
    restock(1)
    const visitor = browser(app)
    const refused = await (await orderForm(visitor)).fill({ count: 2 }).submit('Order')
    assert.equal(refused.status, 422)
    assert.match(refused.text, /Only 1 of this print is left\. Nothing was ordered\./)
    assert.deepEqual([orders(), mails(), stock()], [[], [], 1])
    restock(2)
    assert.equal((await refused.submit('Order')).url, '/receipts/1')
    assert.deepEqual([orders().length, mails().length, stock()], [1, 1, 0])
  })

  it('says what is sold out, and has no form for it', async () => {
    restock(0)
    const page = await browser(app).open('/prints/moon')
    assert.match(page.text, /Sold out/)
    assert.throws(() => page.form('Order'), /no form/)
    assert.match((await browser(app).open('/')).text, /Moon over hills .* €48\.00 sold out One fish/)
  })

  it('cannot hold less than nothing, whatever a program does', () => {
    assert.throws(() => restock(-1), /CHECK constraint failed/)
  })
})

describe('a mail', () => {
  it('that cannot be written down undoes its order, and the same form orders afterwards', async (t) => {
    t.mock.method(console, 'error', () => {})
    database.exec(`CREATE TEMP TRIGGER full BEFORE INSERT ON outbox BEGIN SELECT RAISE(ABORT, 'full'); END`)
    const page = await orderForm()
    const failed = await page.submit('Order')
    database.exec('DROP TRIGGER full')
    assert.equal(failed.status, 500)
    assert.deepEqual([orders(), mails(), stock()], [[], [], 5])
    assert.equal((await page.submit('Order')).url, '/receipts/1')
    assert.deepEqual([orders().length, mails().length, stock()], [1, 1, 4])
  })
})

describe('a receipt', () => {
  it('is for who ordered: others are told that there is none, and so is who asks for a number that nobody has', async () => {
    const visitor = browser(app)
    const other = browser(app)
    await (await orderForm(visitor)).submit('Order')
    await (await orderForm(other)).submit('Order')
    assert.equal((await visitor.open('/receipts/1')).status, 200)
    for (const [who, number] of [
      [other, '1'],
      [visitor, '2'],
      [browser(app), '1'],
      [visitor, '3'],
      [visitor, '01x'],
    ] as const) {
      const page = await who.open(`/receipts/${number}`)
      assert.equal(page.status, 404, number)
      assert.doesNotMatch(page.text, /ada@example/)
    }
  })

  it('shows markup in a name as text', async () => {
    const receipt = await (await orderForm()).fill({ name: '<b>Mallory</b>' }).submit('Order')
    assert.match(receipt.html, /<dd>&lt;b&gt;Mallory&lt;\/b&gt;<\/dd>/)
  })
})

describe('an address that does not exist', () => {
  it('answers 404', async () => {
    assert.equal((await browser(app).open('/prints/nothing')).status, 404)
    const page = await browser(app).open('/nowhere')
    assert.equal(page.status, 404)
    assert.match(page.text, /Nothing hangs here\./)
  })
})
