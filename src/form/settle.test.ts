import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { JsonSchema } from './json-schema.ts'
import { settle } from './settle.ts'

const text = { type: 'string' } as const
const number = { type: 'number' } as const
const none = { type: 'null' } as const
const absent = { 'dewar-kind': 'undefined' } as const

describe('settling a schema', () => {
  const settled: Record<string, [from: JsonSchema, to: JsonSchema]> = {
    'leaves a plain one as it is': [
      { ...text, title: 'T' },
      { ...text, title: 'T' },
    ],
    'makes null a type': [{ anyOf: [{ ...text, minLength: 2 }, none] }, { type: ['string', 'null'], minLength: 2 }],
    'keeps what stands beside a union': [
      { anyOf: [text, none], title: 'T' },
      { type: ['string', 'null'], title: 'T' },
    ],
    'takes null out of an enum': [{ enum: ['a', null] }, { enum: ['a'], type: ['null'] }],
    'marks what may be the empty text': [{ anyOf: [number, { const: '' }] }, { ...number, 'dewar-or': 'empty' }],
    'marks what may be no value': [{ anyOf: [number, absent] }, { ...number, 'dewar-or': 'missing' }],
    'joins constants': [{ oneOf: [{ const: 'a' }, { const: '' }, { enum: ['b', 'a'] }] }, { enum: ['a', '', 'b'] }],
    'joins constants and null': [{ anyOf: [{ const: 1 }, { const: 2 }, none] }, { enum: [1, 2], type: ['null'] }],
    'keeps the type that all branches have': [
      {
        anyOf: [
          { ...text, minLength: 3 },
          { ...text, maxLength: 9 },
        ],
      },
      text,
    ],
    'keeps the format that all branches have': [
      {
        anyOf: [
          { ...text, format: 'uuid', pattern: 'x' },
          { ...text, format: 'uuid' },
        ],
      },
      { ...text, format: 'uuid' },
    ],
    'knows that whole numbers are numbers': [{ anyOf: [{ type: 'integer' }, number] }, number],
    'keeps nothing of branches that differ': [{ anyOf: [text, number] }, {}],
    'keeps nothing of a branch that is anything': [{ anyOf: [text, {}] }, {}],
    'joins all of several': [
      { allOf: [{ ...text, minLength: 2 }, { pattern: 'x' }] },
      { ...text, minLength: 2, pattern: 'x' },
    ],
    'joins all of several with what stands beside': [
      { ...text, allOf: [{ pattern: 'x' }] },
      { ...text, pattern: 'x' },
    ],
    'joins all of several with a union beside': [
      { allOf: [{ title: 'T' }], anyOf: [text, none] },
      { type: ['string', 'null'], title: 'T' },
    ],
    'has nothing for nothing': [{ anyOf: [none] }, { type: ['null'] }],
  }
  for (const [what, [from, to]] of Object.entries(settled)) {
    it(what, () => {
      assert.deepEqual(settle(from, from), to)
    })
  }

  it('follows references, to the root too, and lets what stands beside them win', () => {
    const root: JsonSchema = { $defs: { A: { ...text, title: 'A' }, B: { $ref: '#/$defs/A', title: 'B' } } }
    assert.deepEqual(settle({ $ref: '#/$defs/B', description: 'D' }, root), { ...text, title: 'B', description: 'D' })
    assert.deepEqual(settle({ $ref: '#' }, { ...number }), number)
  })

  it('joins objects to one with the properties of all, needed if each needs it', () => {
    const card = { properties: { by: { const: 'card' }, no: text }, required: ['by', 'no'] }
    const bill = { properties: { by: { const: 'bill' }, name: text }, required: ['by'] }
    const settled = settle({ anyOf: [card, bill] }, {})
    assert.deepEqual(settled.required, ['by'])
    assert.deepEqual(Object.keys(settled.properties ?? {}), ['by', 'no', 'name'])
    assert.deepEqual(settle(settled.properties?.by ?? {}, {}), { enum: ['card', 'bill'] })
  })

  it('joins the properties of all parts of an intersection', () => {
    const one = { properties: { a: text }, required: ['a'] }
    const two = { properties: { b: number }, required: ['b'] }
    const settled = settle({ allOf: [one, two] }, {})
    assert.deepEqual(settled, { properties: { a: text, b: number }, required: ['a', 'b'] })
  })

  it('takes true and false for a schema of anything', () => {
    assert.deepEqual(settle(true, {}), {})
    assert.deepEqual(settle(false, {}), {})
  })
})
