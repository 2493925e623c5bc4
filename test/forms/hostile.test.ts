import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import { type } from 'arktype'
import * as z from 'zod'
import { form } from '../../src/index.ts'
import { appWith, posted, schemaOf, send } from './support.ts'

const order = z.object({
  name: z.string(),
  address: z.object({ city: z.string() }),
  items: z.array(z.object({ sku: z.string(), qty: z.int(), tags: z.array(z.string()) })),
})

const good = 'name=Ada&address.city=Bern&items.0.sku=A&items.0.qty=1&items.0.tags=x'
const goodData = {
  name: 'Ada',
  address: { city: 'Bern' },
  items: [{ sku: 'A', qty: 1, tags: ['x'] }],
}

describe('names that nobody asked for', () => {
  const strange = [
    '__proto__=x',
    '__proto__.admin=1',
    'constructor.prototype.admin=1',
    'constructor=x',
    'toString=x',
    'hasOwnProperty=x',
    'address.__proto__.admin=1',
    'address.country=CH',
    'items.0.__proto__=x',
    'items.0.price=0',
    'items.__proto__.sku=x',
    'items.length=99',
    'items[0][sku]=x',
    'name.first=x',
    '=x',
    '.=x',
    'name.=x',
    '.name=x',
    'NAME=x',
    'admin=1',
  ]
  for (const extra of strange) {
    it(`go nowhere: ${extra}`, async () => {
      const { status, data } = await send(order, `${extra}&${good}&${extra}`)
      assert.equal(status, 200)
      assert.deepEqual(data, goodData)
      assert.equal(Object.getOwnPropertyDescriptor(Object.prototype, 'admin'), undefined)
    })
  }

  it('go nowhere in a record, nor in an object that lets anything through', async () => {
    const loose = z.looseObject({ name: z.string(), extra: z.record(z.string(), z.string()) })
    assert.deepEqual((await send(loose, 'name=Ada&extra.x=1&other=2')).data, { name: 'Ada', extra: {} })
    assert.deepEqual((await send(z.record(z.string(), z.string()), 'name=Ada')).data, {})
    assert.deepEqual((await send(type({}), 'name=Ada')).data, {})
    assert.deepEqual((await send(type({ name: 'string', '[string]': 'string' }), 'name=Ada&other=2')).data, {
      name: 'Ada',
    })
  })

  it('do not make a strict object refuse the token that the form itself holds', async () => {
    assert.deepEqual((await send(z.strictObject({ name: z.string() }), 'name=Ada&_token=abc')).data, { name: 'Ada' })
  })
})

describe('properties with the names of what every object has', () => {
  const names = z.object({ constructor: z.string(), toString: z.string(), name: z.string().optional() })

  it('are read, refused when they are not sent, and shown', async () => {
    assert.deepEqual(Object.entries((await send(names, 'constructor=a&toString=b')).data as object), [
      ['constructor', 'a'],
      ['toString', 'b'],
    ])
    assert.equal((await send(names, 'name=Ada')).status, 422)
    const page = await (await appWith(form(names)).fetch(new Request('http://localhost/'))).text()
    assert.match(page, /<label for="form-constructor">Constructor<\/label>/)
  })

  it('are choices like any other', async () => {
    const choice = z.object({ kind: z.enum(['constructor', 'toString']) })
    const shown = form(choice, { fields: { kind: { choices: { constructor: 'Builder' } } } })
    const page = await (await appWith(shown).fetch(new Request('http://localhost/'))).text()
    assert.match(page, /<option value="constructor">Builder<\/option><option value="toString">toString<\/option>/)
  })

  it('are filled in from values of their own alone', async () => {
    const shown = form(names)
    const page = await (await appWith(shown).fetch(new Request('http://localhost/'))).text()
    assert.doesNotMatch(page, /native code/)
  })

  it('make a property of its own of __proto__', async () => {
    const schema = schemaOf(
      (value) => ({ value }),
      () => ({ type: 'object', properties: JSON.parse('{"__proto__":{"type":"string"}}') }),
    )
    const { data } = await send(schema, '__proto__=x')
    assert.deepEqual(Object.entries(data as object), [['__proto__', 'x']])
    assert.equal(Object.getPrototypeOf(data), Object.prototype)
  })
})

describe('very many or very long fields', () => {
  /** Milliseconds that a request takes. */
  async function time(schema: StandardSchemaV1, body: string): Promise<number> {
    const app = appWith(form(schema))
    await (await app.fetch(posted('/', 'name=x'))).text()
    const start = performance.now()
    await (await app.fetch(posted('/', body))).text()
    return performance.now() - start
  }

  it('of one list are all read: 1,000 texts', async () => {
    const body = Array.from({ length: 1000 }, (_, at) => `tags=${at}`).join('&')
    const { data } = await send(z.object({ tags: z.array(z.string()) }), body)
    assert.equal((data as { tags: string[] }).tags.length, 1000)
  })

  it('come back as 500 wrong rows, each with its issue, without delay', async () => {
    const rows = Array.from({ length: 500 }, (_, at) => `items.${at * 7}.sku=x&items.${at * 7}.qty=y`).join('&')
    const wrong = z.object({
      items: z.array(z.object({ sku: z.string().min(9), qty: z.int(), note: z.string().min(1) })),
    })
    assert.ok((await time(wrong, rows)) < 3000)
  })

  it('as a number of half a million digits and a letter are refused without delay', async () => {
    const digits = '1'.repeat(500_000)
    for (const text of [`${digits}x`, `${digits}.x`, `.${digits}x`, `1e${digits}x`, `${' '.repeat(500_000)}x`]) {
      assert.ok(
        (await time(z.object({ name: z.number() }), `name=${encodeURIComponent(text)}`)) < 500,
        text.slice(0, 9),
      )
    }
  })

  it('as a big integer or a date are refused without delay', async () => {
    assert.ok((await time(z.object({ name: z.bigint() }), `name=${'9'.repeat(500_000)}`)) < 2000)
    assert.ok((await time(z.object({ name: z.date() }), `name=${'2026-01-31'.repeat(50_000)}`)) < 2000)
  })

  it('as places far apart in a list make no holes', async () => {
    const list = z.object({ items: z.array(z.object({ sku: z.string() })) })
    const { data } = await send(
      list,
      'items.999999.sku=last&items.9999999.sku=none&items.0.sku=first&items.00.sku=none',
    )
    assert.deepEqual(data, { items: [{ sku: 'first' }, { sku: 'last' }] })
  })
})
