import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as z from 'zod'
import { form } from '../../src/index.ts'
import { browser } from '../../src/testing.ts'
import { libraries } from './libraries.ts'
import { appWith, postBadly, sendWith } from './support.ts'

describe('a list of objects with invalid input', () => {
  const order = z.object({
    items: z.array(z.object({ sku: z.string().min(2, 'is too short'), qty: z.int('is no number') })),
  })

  it('comes back without its empty rows, each issue in the row that it is about, and an empty row behind', async () => {
    const html = await postBadly(
      form(order),
      'items.0.sku=&items.0.qty=&items.3.sku=AB&items.3.qty=1&items.7.sku=C&items.7.qty=2',
    )
    assert.match(html, /<legend>Items 1<\/legend>.*?name="items\.0\.sku"[^>]* value="AB">/s)
    assert.match(html, /name="items\.1\.sku"[^>]* value="C" aria-invalid="true"/)
    assert.match(html, /<a href="#form-items-1-sku">Sku<\/a>: is too short/)
    assert.match(html, /name="items\.2\.sku"[^>]* value="">/)
    assert.doesNotMatch(html, /name="items\.3\.|items-0-sku--error/)
  })

  it('grows by a row each time it comes back', async () => {
    const shown = form(z.object({ name: z.string().min(1), items: order.shape.items }))
    const visitor = browser(appWith(shown))
    const page = await visitor.open('/')
    const second = await page.fill({ 'items.0.sku': 'AB', 'items.0.qty': 1 }).submit()
    const third = await second.fill({ 'items.1.sku': 'CD', 'items.1.qty': 2 }).submit()
    assert.equal(third.value('items.0.sku'), 'AB')
    assert.equal(third.value('items.1.sku'), 'CD')
    assert.equal(third.value('items.2.sku'), '')
    assert.equal((await third.fill({ name: 'Ada' }).submit()).text, 'Form Done')
  })

  it('takes nothing from other names that end in numbers', async () => {
    const both = z.object({ items: order.shape.items, xtems: z.array(z.object({ n: z.number() })) })
    const html = await postBadly(form(both), 'items.0.sku=A&xtems.0.n=1&xtems.1.n=2&xtems.2.n=3&items.x=Y&items=Z')
    assert.match(html, /name="items\.1\./)
    assert.doesNotMatch(html, /name="items\.2\./)
  })

  it('says what is wrong with the list itself, and leads to its first control', async () => {
    const some = z.object({ items: z.array(z.object({ sku: z.string() })).min(1, 'Order something.') })
    const html = await postBadly(form(some), '')
    assert.match(html, /<a href="#form-items-0-sku">Items<\/a>: Order something\./)
    assert.match(html, /<fieldset class="dewar-list" id="form-items" aria-describedby="form-items--error">/)
  })
})

describe('a list of plain values with invalid input', () => {
  const poll = z.object({ ages: z.array(z.number().max(99, 'is too old')).max(3, 'Three at most.') })

  it('marks the value that is wrong, and leads to it', async () => {
    const html = await postBadly(form(poll), 'ages=7&ages=&ages=700')
    assert.match(html, /<input type="number" id="form-ages-1"[^>]* value="7" aria-label="Ages 1">/)
    assert.match(
      html,
      /<input type="number" id="form-ages-2"[^>]* value="700" aria-label="Ages 2" aria-invalid="true">/,
    )
    assert.match(html, /<a href="#form-ages-2">Ages<\/a>: is too old/)
    assert.match(html, /id="form-ages--error">is too old</)
  })

  it('tells each unreadable one once', async () => {
    const html = await postBadly(form(poll), 'ages=7&ages=x')
    assert.match(html, /<a href="#form-ages-2">Ages<\/a>: Enter a number\.<\/li><\/ul>/)
  })

  it('marks all when the list as a whole is wrong', async () => {
    const html = await postBadly(form(poll), 'ages=1&ages=2&ages=3&ages=4')
    assert.equal(html.match(/aria-invalid="true"/g)?.length, 5)
    assert.match(html, /<a href="#form-ages-1">Ages<\/a>: Three at most\./)
  })
})

describe('boxes, buttons and groups with invalid input', () => {
  it('leads to the first box of a list of choices, and keeps those that are ticked', async () => {
    const pizza = z.object({ toppings: z.array(z.enum(['ham', 'olives', 'corn'])).max(1, 'One only.') })
    const page = await sendWith(form(pizza), { toppings: ['ham', 'corn'] })
    assert.deepEqual(page.value('toppings'), ['ham', 'corn'])
    assert.match(page.html, /<a href="#form-toppings-1">Toppings<\/a>: One only\./)
    assert.match(page.html, /<input type="checkbox" id="form-toppings-1"[^>]* aria-invalid="true">/)
  })

  it('says of a wrong box which list it is in', async () => {
    const pizza = z.object({ toppings: z.array(z.enum(['ham', 'olives'], 'is not on the menu')) })
    const html = await postBadly(form(pizza), 'toppings=ham&toppings=gold')
    assert.match(html, /<a href="#form-toppings-1">Toppings<\/a>: is not on the menu/)
  })

  it('leads to the first of the radio buttons, and keeps the one that is picked', async () => {
    const size = z.object({ size: z.enum(['s', 'm']), name: z.string().min(1) })
    const shown = form(size, { fields: { size: { control: 'radio', choices: { s: 'Small', m: 'Medium' } } } })
    const missing = await postBadly(shown, 'name=Ada')
    assert.match(missing, /<a href="#form-size-1">Size<\/a>/)
    assert.match(missing, /<fieldset class="dewar-choices" id="form-size" role="radiogroup" aria-invalid="true"/)
    const page = await sendWith(shown, { size: 'm', name: '' })
    assert.equal(page.value('size'), 'm')
    assert.match(page.text, /Size Small Medium/)
  })

  it('keeps a ticked box and a picked option', async () => {
    const agreed = z.object({ agree: z.boolean(), size: z.enum(['s', 'm']), name: z.string().min(1) })
    const page = await sendWith(form(agreed), { agree: true, size: 'm' })
    assert.equal(page.value('agree'), true)
    assert.equal(page.value('size'), 'm')
  })

  it('leads to the first control of a group for what is wrong with the group', async () => {
    const travel = z.object({ dates: z.object({ from: z.string(), to: z.string() }).refine(() => false, 'Too long.') })
    const { html } = await sendWith(form(travel), { 'dates.from': 'a', 'dates.to': 'b' })
    assert.match(html, /<a href="#form-dates-from">Dates<\/a>: Too long\./)
    assert.match(html, /<fieldset class="dewar-group" id="form-dates" aria-describedby="form-dates--error">/)
  })

  it('leads nowhere for a hidden field, which nobody can reach', async () => {
    const shown = form(z.object({ id: z.uuid('is not known'), name: z.string() }), {
      fields: { id: { control: 'hidden' } },
    })
    const html = await postBadly(shown, 'id=1&name=Ada')
    assert.match(html, /<li>Id: is not known<\/li>/)
    assert.match(html, /<input type="hidden" id="form-id" name="id" value="1">/)
  })

  it('tells of a property that has no field in the summary', async () => {
    const tagged = z
      .object({ name: z.string() })
      .refine(() => false, { message: 'Nobody knows why.', path: ['elsewhere'] })
    const { html } = await sendWith(form(tagged), { name: 'Ada' })
    assert.match(html, /<li>Nobody knows why\.<\/li>/)
  })
})

for (const { name, schemas } of libraries) {
  describe(`a form that comes back, with ${name}`, () => {
    it('shows the rows as they were typed, in valid HTML', async () => {
      const html = await postBadly(form(schemas.rows), 'value.0.sku=A&value.0.qty=0&value.4.sku=B&value.4.qty=many')
      assert.match(html, /name="value\.0\.qty"[^>]* value="0" aria-invalid="true"/)
      assert.match(html, /name="value\.1\.qty"[^>]* value="many" aria-invalid="true"/)
      assert.match(html, /href="#form-value-1-qty">Qty<\/a>: Enter a number\./)
    })

    it('has an issue beside the field of an object', async () => {
      const html = await postBadly(form(schemas.address), 'value.city=&value.zip=3000')
      assert.match(html, /<a href="#form-value-city">City<\/a>/)
      assert.match(html, /name="value\.zip"[^>]* value="3000"/)
    })
  })
}
