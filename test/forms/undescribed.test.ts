import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import * as v from 'valibot'
import { DewarError, form, html } from '../../src/index.ts'
import { browser } from '../../src/testing.ts'
import { appWith, assertValidHtml, newApp, pageOf, posted, send } from './support.ts'

// valibot describes itself only through toStandardJsonSchema of @valibot/to-json-schema.
const guest = v.object({
  name: v.pipe(v.string(), v.minLength(2, 'is too short')),
  tags: v.optional(v.array(v.string())),
})

/** A schema that somebody wrote by hand: it takes everything as it is. */
const anything: StandardSchemaV1<Record<string, unknown>> = {
  '~standard': { version: 1, vendor: 'tests', validate: (value) => ({ value: value as Record<string, unknown> }) },
}

describe('a form whose schema does not describe itself, without fields', () => {
  it('gives each name its text, or its texts if it was sent several times', async () => {
    assert.deepEqual((await send(guest, 'name=Ada&tags=a&tags=b')).data, { name: 'Ada', tags: ['a', 'b'] })
    assert.deepEqual({ ...((await send(anything, 'a=1&b=&c=x&c=y')).data as object) }, { a: '1', b: '', c: ['x', 'y'] })
  })

  it('keeps names that begin with _ to itself, and gives no name a meaning', async () => {
    const { data } = await send(anything, '_token=x&__proto__=x&a.b=1&constructor=x&a[0]=2')
    assert.deepEqual(Object.entries(data as object), [
      ['a.b', '1'],
      ['constructor', 'x'],
      ['a[0]', '2'],
    ])
    assert.equal(Object.getPrototypeOf(data), null)
  })

  it('can be laid out by hand, and holds what was typed', async () => {
    const app = newApp()
    app.form('/', form(guest), {
      view: ({ form }) =>
        pageOf(html`${form.summary}<form ${form.attributes}>${form.hidden}
<label>Name <input type="text" name="name" value="${form.value('name')}"></label> <button type="submit">Send</button></form>`),
      submit: () => 'done',
    })
    const page = await browser(app).open('/')
    const again = await page.fill({ name: 'A' }).submit()
    assert.equal(again.status, 422)
    assert.equal(again.value('name'), 'A')
    assert.match(again.html, /<li>is too short<\/li>/)
    await assertValidHtml(again.html)
  })

  it('gives no password back, by its name', async () => {
    const app = newApp()
    let shown = ''
    app.form('/', form(v.object({ password: v.pipe(v.string(), v.minLength(9)) })), {
      view: ({ form }) => {
        shown = `[${form.value('password')}]`
        return 'shown'
      },
      submit: () => 'done',
    })
    await app.fetch(posted('/', 'password=hunter2'))
    assert.equal(shown, '[]')
  })

  it('cannot be shown as a whole: the error says what to do', async () => {
    const app = newApp()
    app.onError((error) => {
      assert.ok(error instanceof DewarError)
      return error.message
    })
    app.form('/', form(guest), { view: ({ form }) => html`${form}`, submit: () => 'done' })
    const response = await app.fetch(new Request('http://localhost/'))
    assert.equal(response.status, 500)
    assert.match(
      await response.text(),
      /does not describe itself.*list them: form\(schema, \{ fields: .*\[form\/fields-unknown\]/,
    )
  })

  it('cannot show a field either', async () => {
    const app = newApp()
    app.onError((error) => (error instanceof DewarError ? error.code : 'another error'))
    app.form('/', form(guest), { view: ({ form }) => html`${form.field('name')}`, submit: () => 'done' })
    assert.equal(await (await app.fetch(new Request('http://localhost/'))).text(), 'form/fields-unknown')
  })
})

describe('a form whose schema does not describe itself, with its fields listed', () => {
  const visit = v.object({
    name: v.string(),
    age: v.optional(v.number()),
    born: v.optional(v.date()),
    news: v.boolean(),
    size: v.picklist(['s', 'm']),
    tags: v.array(v.string()),
    kinds: v.array(v.string()),
    address: v.object({ city: v.string(), zip: v.optional(v.string()) }),
    items: v.array(v.object({ sku: v.string(), qty: v.number() })),
  })
  const shown = form(visit, {
    fields: {
      name: { required: true, label: 'Your name' },
      age: { control: 'number' },
      born: { control: 'date' },
      news: { control: 'checkbox' },
      size: { control: 'radio', choices: { s: 'Small', m: 'Medium' } },
      tags: { multiple: true },
      kinds: { multiple: true, choices: { a: 'A', b: 'B' } },
      'address.city': {},
      'address.zip': {},
      'items.*.sku': { required: true },
      'items.*.qty': { control: 'number' },
    },
  })
  const options = { fields: Object.fromEntries(['name', 'tags'].map((name) => [name, { multiple: name === 'tags' }])) }

  it('reads and shows them in the order listed', async () => {
    const app = newApp()
    let data: unknown
    app.form('/', shown, {
      view: ({ form }) => pageOf(html`${form}`),
      submit: (given) => {
        data = given.data
        return 'done'
      },
    })
    const page = await browser(app).open('/')
    await assertValidHtml(page.html)
    assert.match(
      page.text,
      /Your name Age Born News Size Small Medium Tags Kinds A B Address City Zip Items Items 1 Sku Qty/,
    )
    const values = { name: 'Ada', age: 36, news: true, size: 'm', tags: 'x', kinds: ['a', 'b'], 'address.city': 'Bern' }
    await page.fill({ ...values, born: '1815-12-10', 'items.0.sku': 'A', 'items.0.qty': 2 }).submit()
    assert.deepEqual(data, {
      name: 'Ada',
      age: 36,
      born: new Date('1815-12-10'),
      news: true,
      size: 'm',
      tags: ['x'],
      kinds: ['a', 'b'],
      address: { city: 'Bern' },
      items: [{ sku: 'A', qty: 2 }],
    })
  })

  it('requires what is said to be required, but not in the empty row of a list', async () => {
    const { html } = await browser(appWith(shown)).open('/')
    assert.match(html, /name="name" required/)
    assert.doesNotMatch(html, /name="items\.0\.sku"[^>]* required/)
  })

  it('gives a list for a name that may have several values, also for one and for none', async () => {
    assert.deepEqual((await send(guest, 'name=Ada&tags=a', options)).data, { name: 'Ada', tags: ['a'] })
    assert.deepEqual((await send(guest, 'name=Ada', options)).data, { name: 'Ada', tags: [] })
  })

  it('leaves out what it does not list', async () => {
    const { data } = await send(anything, 'a=1&b=2', { fields: { a: {} } })
    assert.deepEqual(data, { a: '1' })
  })

  it('comes back with what was typed', async () => {
    const page = await browser(appWith(form(guest, options))).open('/')
    const again = await page.fill({ name: 'A', tags: 'x' }).submit()
    assert.equal(again.status, 422)
    assert.equal(again.value('name'), 'A')
    assert.deepEqual(again.value('tags'), ['x', ''])
    assert.match(again.html, /<a href="#form-name">Name<\/a>: is too short/)
  })
})

describe('a schema whose description fails', () => {
  const broken = (input: () => Record<string, unknown>): StandardSchemaV1 => ({
    '~standard': { ...anything['~standard'], jsonSchema: { input, output: input } } as StandardSchemaV1.Props,
  })
  const fail = () => {
    throw new Error('this cannot be said')
  }

  it('is one that does not describe itself', async () => {
    assert.deepEqual({ ...((await send(broken(fail), 'a=1')).data as object) }, { a: '1' })
    assert.deepEqual((await send(broken(fail), 'a=1&b=2', { fields: { a: {} } })).data, { a: '1' })
  })

  it('so is one that says nothing', async () => {
    assert.deepEqual(
      {
        ...((
          await send(
            broken(() => ({})),
            'a=1',
          )
        ).data as object),
      },
      { a: '1' },
    )
    assert.deepEqual(
      {
        ...((
          await send(
            broken(() => null as never),
            'a=1',
          )
        ).data as object),
      },
      { a: '1' },
    )
  })
})
