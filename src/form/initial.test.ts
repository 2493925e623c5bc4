import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as z from 'zod'
import { form } from './form.ts'
import { textsOf } from './initial.ts'

const { fields } = form(
  z.object({
    name: z.string(),
    day: z.date(),
    at: z.date(),
    ok: z.boolean().default(true),
    yesNo: z.boolean(),
    tags: z.array(z.string()),
    kinds: z.array(z.enum(['a', 'b'])),
    items: z.array(z.object({ n: z.number().default(7) })),
    inner: z.object({ size: z.enum(['s', 'm']).default('m') }),
  }),
  { fields: { at: { control: 'datetime-local' }, yesNo: { control: 'radio' } } },
)

/** The texts as an object, without those controls that hold none. */
function texts(values: object): Record<string, readonly string[]> {
  return Object.fromEntries([...textsOf(fields, values)].filter(([, found]) => found.length > 0))
}

const defaults = { ok: ['on'], 'inner.size': ['m'] }

describe('the texts of values', () => {
  it('are the defaults of the fields when nothing is given', () => {
    assert.deepEqual(texts({}), defaults)
  })

  it('are as each control holds them', () => {
    const moment = new Date('2026-01-31T12:30Z')
    assert.deepEqual(texts({ name: 7n, day: moment, at: moment, ok: false, yesNo: false }), {
      name: ['7'],
      day: ['2026-01-31'],
      at: ['2026-01-31T12:30'],
      ok: [''],
      yesNo: ['false'],
      'inner.size': ['m'],
    })
  })

  it('are many for lists of any kind, by place for objects', () => {
    const given = { tags: new Set(['x', 'y']), kinds: ['b'], items: [{ n: 1 }, {}, null, { n: 2 }] }
    assert.deepEqual(texts(given), {
      ...defaults,
      tags: ['x', 'y'],
      kinds: ['b'],
      'items.0.n': ['1'],
      'items.3.n': ['2'],
    })
  })

  it('are none for secrets, at any depth', () => {
    const schema = z.object({ _id: z.string(), login: z.object({ password: z.string() }), pins: z.array(z.string()) })
    const secret = form(schema, { fields: { pins: { control: 'password' } } }).fields
    assert.equal(textsOf(secret, { _id: 'x', login: { password: 'x' }, pins: ['x'] }).size, 0)
  })

  it('come from the getters of a class too', () => {
    class Person {
      get name(): string {
        return 'Ada'
      }
    }
    assert.deepEqual(texts(new Person()).name, ['Ada'])
  })

  it('are none for what no control can hold', () => {
    const given = { name: { first: 'Ada' }, day: 'soon', tags: 'xy', kinds: 7, items: 'none', inner: 'none', other: 1 }
    assert.deepEqual(texts(given), { ...defaults, day: ['soon'] })
    assert.deepEqual(texts({ name: () => 'Ada', tags: [Symbol('x'), ['y'], 'z'] }), { ...defaults, tags: ['z'] })
  })

  it('are never those that every object has', () => {
    const inherited = form(z.object({ constructor: z.string(), toString: z.string() })).fields
    assert.deepEqual([...textsOf(inherited, {}).values()], [[], []])
  })
})

describe('the texts of values for unknown fields', () => {
  it('are flat', () => {
    const found = textsOf(null, { a: 1, b: ['x', 'y'], c: null, d: true, e: { f: 1 } })
    assert.deepEqual(Object.fromEntries(found), { a: ['1'], b: ['x', 'y'], c: [], d: ['true'], e: [] })
  })
})
