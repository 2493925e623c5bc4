import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import * as v from 'valibot'
import * as z from 'zod'
import { form } from '../../src/index.ts'
import { browser } from '../../src/testing.ts'
import { appWith, assertValidHtml, schemaOf, send } from './support.ts'

describe('unions', () => {
  it('of a format and the empty text take both', async () => {
    const mail = z.object({ mail: z.email().or(z.literal('')) })
    assert.deepEqual((await send(mail, 'mail=ada%40example.com')).data, { mail: 'ada@example.com' })
    assert.deepEqual((await send(mail, 'mail=')).data, { mail: '' })
    assert.equal((await send(mail, 'mail=ada')).status, 422)
    const { html } = await browser(appWith(form(mail))).open('/')
    assert.match(html, /<input type="email" id="form-mail" name="mail" value="">/)
  })

  it('of a number and the empty text take both', async () => {
    const age = z.object({ age: z.number().or(z.literal('')) })
    assert.deepEqual((await send(age, 'age=7')).data, { age: 7 })
    assert.deepEqual((await send(age, 'age=++')).data, { age: '' })
  })

  it('of a number and nothing take both', async () => {
    assert.deepEqual((await send(z.object({ age: z.union([z.number(), z.undefined()]) }), 'age=7')).data, { age: 7 })
    assert.deepEqual((await send(type({ 'age?': 'number | undefined' }), 'age=')).data, {})
  })

  it('of text and number give text', async () => {
    assert.deepEqual((await send(z.object({ id: z.union([z.string(), z.number()]) }), 'id=7')).data, { id: '7' })
  })

  it('of choices with an empty one or null among them take these', async () => {
    const sort = z.object({ sort: z.enum(['', 'new']), size: z.literal(['s', null]) })
    assert.deepEqual((await send(sort, 'sort=&size=')).data, { sort: '', size: null })
    const { html } = await browser(appWith(form(sort))).open('/')
    await assertValidHtml(html)
    assert.match(
      html,
      /name="sort"><option value="" selected>|name="sort"><option value="">—<\/option><option value="new">/,
    )
  })

  const payment = {
    zod: z.discriminatedUnion('by', [
      z.object({ by: z.literal('card'), number: z.string().min(4) }),
      z.object({ by: z.literal('bill'), name: z.string().min(1), days: z.int() }),
    ]),
    valibot: toStandardJsonSchema(
      v.variant('by', [
        v.object({ by: v.literal('card'), number: v.pipe(v.string(), v.minLength(4)) }),
        v.object({
          by: v.literal('bill'),
          name: v.pipe(v.string(), v.minLength(1)),
          days: v.pipe(v.number(), v.integer()),
        }),
      ]),
    ),
    arktype: type({ by: "'card'", number: 'string >= 4' }).or({
      by: "'bill'",
      name: 'string > 0',
      days: 'number.integer',
    }),
  }
  for (const [library, schema] of Object.entries(payment)) {
    it(`of objects ask for the fields of all, and take those of one, of ${library}`, async () => {
      assert.deepEqual((await send(schema, 'by=card&number=4242&name=&days=')).data, { by: 'card', number: '4242' })
      assert.deepEqual((await send(schema, 'by=bill&number=&name=Ada&days=14')).data, {
        by: 'bill',
        name: 'Ada',
        days: 14,
      })
      assert.equal((await send(schema, 'by=bill&number=4242')).status, 422)
      const { html } = await browser(appWith(form(schema))).open('/')
      await assertValidHtml(html)
      assert.match(
        html,
        /<select id="form-by" name="by" required>.*<option value="card">.*<option value="bill">|<option value="bill">.*<option value="card">/s,
      )
      assert.doesNotMatch(html, /name="number"[^>]* required/)
    })
  }
})

describe('references', () => {
  it('are followed, also with names that have to be escaped', async () => {
    const described = {
      $ref: '#/$defs/a~1b%20c',
      $defs: { 'a/b c': { type: 'object', properties: { age: { $ref: '#/$defs/Age' } } }, Age: { type: 'number' } },
    }
    const schema = schemaOf(
      (value) => ({ value }),
      () => described,
    )
    assert.deepEqual((await send(schema, 'age=7')).data, { age: 7 })
  })

  it('that lead nowhere, or in a circle, are of any type', async () => {
    const described = {
      type: 'object',
      properties: {
        a: { $ref: '#/$defs/missing' },
        b: { $ref: '#/$defs/b' },
        c: { $ref: 'https://example.com' },
        d: true,
      },
      $defs: { b: { anyOf: [{ $ref: '#/$defs/b' }, { $ref: '#/$defs/b' }, { type: 'null' }] } },
    }
    const schema = schemaOf(
      (value) => ({ value }),
      () => described,
    )
    assert.deepEqual((await send(schema, 'a=1&b=2&c=3&d=4')).data, { a: '1', b: '2', c: '3', d: '4' })
  })
})

describe('what is asked for in an object of the whole', () => {
  it('may be an intersection at the top', async () => {
    const both = z.intersection(z.object({ a: z.string() }), z.object({ b: z.number() }))
    assert.deepEqual((await send(both, 'a=x&b=2')).data, { a: 'x', b: 2 })
    const intersect = toStandardJsonSchema(v.intersect([v.object({ a: v.string() }), v.object({ b: v.number() })]))
    assert.deepEqual((await send(intersect, 'a=x&b=2')).data, { a: 'x', b: 2 })
  })

  it('may be nothing: a form of a button alone', async () => {
    for (const schema of [z.object({}), toStandardJsonSchema(v.object({})), type({})]) {
      const page = await browser(appWith(form(schema, { button: 'Forget me' }))).open('/')
      await assertValidHtml(page.html)
      assert.equal((await page.submit('Forget me')).text, 'Form Done')
    }
  })

  it('may have a property with a dot in its name', async () => {
    const dotted = z.object({ 'a.b': z.string(), c: z.object({ 'd.e': z.number() }) })
    assert.deepEqual((await send(dotted, 'a.b=x&c.d.e=2')).data, { 'a.b': 'x', c: { 'd.e': 2 } })
  })

  it('may have names in any script, and still valid ids', async () => {
    const words = z.object({ 'given name': z.string().min(1), größe: z.number(), 'a-b': z.string(), a_b: z.string() })
    const page = await browser(appWith(form(words))).open('/')
    await assertValidHtml(page.html)
    const again = await page.fill({ 'given name': '', größe: 7 }).submit()
    await assertValidHtml(again.html)
    assert.match(again.html, /<a href="#form-given_20_name">Given name<\/a>/)
  })

  it('may have a record in it, which has no fields', async () => {
    const page = await browser(appWith(form(z.object({ a: z.string(), r: z.record(z.string(), z.string()) })))).open(
      '/',
    )
    await assertValidHtml(page.html)
    assert.doesNotMatch(page.html, /fieldset/)
  })
})
