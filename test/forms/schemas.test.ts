import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import * as v from 'valibot'
import * as z from 'zod'
import { form, html } from '../../src/index.ts'
import { browser } from '../../src/testing.ts'
import { appWith, newApp, pageOf, posted, schemaOf, send } from './support.ts'

const nameField = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] }

describe('a schema with checks that take time', () => {
  it('is waited for', async () => {
    const free = z.object({ name: z.string().refine(async (name) => name !== 'Ada', 'is taken') })
    assert.deepEqual((await send(free, 'name=Bea')).data, { name: 'Bea' })
    assert.deepEqual((await send(free, 'name=Ada')).errors, { name: ['is taken'] })
  })

  it('is waited for, of valibot', async () => {
    const check = v.checkAsync(async (name: string) => name !== 'Ada', 'is taken')
    const free = v.objectAsync({ name: v.pipeAsync(v.string(), check) })
    assert.deepEqual((await send(free, 'name=Ada')).errors, { name: ['is taken'] })
  })
})

describe('a schema that fails', () => {
  const failures: Record<string, () => never | Promise<never>> = {
    'by throwing': () => {
      throw new Error('the database is down')
    },
    'by rejecting': () => Promise.reject(new Error('the database is down')),
  }
  for (const [how, fail] of Object.entries(failures)) {
    it(`${how} answers 500 with a page, and the handler is not called`, async (t) => {
      t.mock.method(console, 'error', () => {})
      const app = newApp()
      let isCalled = false
      app.form('/', form(schemaOf(fail, () => nameField)), {
        view: ({ form }) => pageOf(html`${form}`),
        submit: () => {
          isCalled = true
          return 'done'
        },
      })
      const response = await app.fetch(posted('/', 'name=Ada'))
      assert.equal(response.status, 500)
      assert.equal(isCalled, false)
    })
  }
})

describe('the issues of a schema', () => {
  const told = async (issues: readonly object[]): Promise<Readonly<Record<string, readonly string[]>>> => {
    const schema = schemaOf(
      () => ({ issues: issues as StandardSchemaV1.Issue[] }),
      () => nameField,
    )
    return (await send(schema, 'name=Ada')).errors
  }

  it('are about the whole form without a path', async () => {
    assert.deepEqual(await told([{ message: 'No.' }, { message: 'Never.', path: [] }]), { '': ['No.', 'Never.'] })
  })

  it('are about a field by its keys, be they texts, numbers or objects', async () => {
    const paths = [['name'], [{ key: 'name' }], ['items', 0, { key: 'sku' }]]
    assert.deepEqual(await told(paths.map((path) => ({ message: 'No.', path }))), {
      name: ['No.', 'No.'],
      'items.0.sku': ['No.'],
    })
  })

  it('are kept when their path holds a symbol', async () => {
    assert.deepEqual(await told([{ message: 'No.', path: [Symbol('inner'), { key: Symbol('other') }] }]), {
      'Symbol(inner).Symbol(other)': ['No.'],
    })
  })

  it('are told to a client that asks for JSON as a problem, by field', async () => {
    const app = appWith(form(z.object({ name: z.string().min(1, 'Who?'), age: z.number() })))
    const response = await app.fetch(posted('/', 'name=&age=x', { accept: 'application/json' }))
    assert.equal(response.status, 422)
    assert.equal(response.headers.get('content-type'), 'application/problem+json')
    assert.deepEqual((await response.json()).errors, { age: ['Enter a number.'], name: ['Who?'] })
  })
})

describe('a schema that reads the text itself', () => {
  const decimal = (text: unknown) => (typeof text === 'string' ? Number(text.replace(',', '.')) : text)
  const raw = z.object({
    price: z.preprocess(decimal, z.number('is no number')),
    ok: z.preprocess((on) => on === 'on', z.boolean()),
  })

  it('is given the text as it was typed', async () => {
    assert.deepEqual((await send(raw, 'price=1,5&ok=on')).data, { price: 1.5, ok: true })
    assert.deepEqual((await send(raw, 'price=1,5')).data, { price: 1.5, ok: false })
    assert.deepEqual((await send(raw, 'price=x')).errors, { price: ['is no number'] })
  })

  it('is shown by what it makes of it', async () => {
    const { html } = await browser(appWith(form(raw))).open('/')
    assert.match(html, /<input type="number" id="form-price" name="price" step="any" value="">/)
    assert.match(html, /<input type="checkbox" id="form-ok" name="ok">/)
  })
})

describe('an object that may be missing, and a row of a list', () => {
  const guest = z.object({ vegan: z.boolean(), name: z.string().min(1).optional() })
  const party = z.object({ partner: guest.optional(), guests: z.array(guest) })

  // <input type="hidden" name="partner.vegan" value="0"><input type="checkbox" name="partner.vegan"> …
  it('are not there when all that was sent of them is an unticked box', async () => {
    assert.deepEqual((await send(party, 'partner.vegan=0&guests.0.vegan=0')).data, { guests: [] })
  })

  it('are there when nothing but the box is ticked', async () => {
    const { data } = await send(party, 'partner.vegan=0&partner.vegan=on&guests.3.vegan=on')
    assert.deepEqual(data, { partner: { vegan: true }, guests: [{ vegan: true }] })
  })
})

describe('schemas that convert', () => {
  const converting = z.object({
    n: z.coerce.number().min(1),
    b: z.coerce.boolean(),
    d: z.coerce.date(),
    s: z.coerce.string(),
    i: z.coerce.bigint(),
  })

  it('are given numbers, booleans and dates already', async () => {
    const { data } = await send(converting, 'n=7&b=on&d=2026-01-31&s=x&i=5')
    assert.deepEqual(data, { n: 7, b: true, d: new Date('2026-01-31'), s: 'x', i: 5n })
  })

  it('make no number of an empty text, no date of a number, no hex of anything', async () => {
    assert.deepEqual(Object.keys((await send(converting, 'n=&b=&d=1&s=&i=')).errors).sort(), ['d', 'i', 'n'])
    assert.deepEqual((await send(converting, 'n=0x10&d=2026-01-31&s=&i=0x10')).errors, {
      n: ['Enter a number.'],
      i: ['Enter a whole number.'],
    })
  })

  it('turn text into what they like after it was checked', async () => {
    const piped = z.object({ n: z.string().transform(Number).pipe(z.number().min(5)) })
    assert.deepEqual((await send(piped, 'n=7')).data, { n: 7 })
    assert.equal((await send(piped, 'n=3')).status, 422)
  })
})
