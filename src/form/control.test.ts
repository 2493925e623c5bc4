import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as z from 'zod'
import { control, hiddenControls, written } from './control.ts'
import type { FieldOptions } from './field.ts'
import { form } from './form.ts'

/** The control of a schema's one field, holding a text. */
function shown(schema: z.ZodType, text: string, own: FieldOptions = {}): string {
  const [field] = form(z.object({ value: schema }), { fields: { value: own } }).fields ?? []
  assert.ok(field)
  return String(control({ field, name: 'value', id: 'id', texts: [text], attributes: {} }))
}

describe('an input', () => {
  const held: Record<string, [yes: string[], no: string[]]> = {
    number: [
      ['7', '-7.5', '.5', '1e3', '1E-7'],
      ['+7', '7.', ' 7', '1,5', 'x', '0x10', '--7'],
    ],
    date: [['2026-01-31'], ['2026-02-30', '31.01.2026', '2026-1-1']],
    time: [
      ['12:30', '12:30:15.5'],
      ['24:00', '9:00', 'noon'],
    ],
    'datetime-local': [['2026-01-31T12:30'], ['2026-01-31 12:30', '2026-01-31T12:30Z', '2026-01-31']],
    month: [['2026-01'], ['2026-13', 'May']],
    week: [['2026-W05'], ['2026-W54', '2026-5']],
    color: [['#00ff00'], ['green', '#0f0']],
    email: [['ada', 'ada@example.com'], []],
  }
  for (const [type, [yes, no]] of Object.entries(held)) {
    it(`of type ${type} holds ${yes.join(', ')}, and is one of text for ${no.join(', ') || 'nothing'}`, () => {
      const typeWith = (text: string) => /type="([^"]+)"/.exec(shown(z.string(), text, { control: type }))?.[1]
      assert.deepEqual(
        yes.map(typeWith),
        yes.map(() => type),
      )
      assert.deepEqual(
        no.map(typeWith),
        no.map(() => 'text'),
      )
      assert.equal(typeWith(''), type)
    })
  }

  it('keeps only the constraints that its type has a place for', () => {
    const number = z.int().min(1).max(9)
    assert.equal(
      shown(number, '7'),
      '<input type="number" id="id" name="value" step="1" min="1" max="9" required value="7">',
    )
    assert.equal(shown(number, 'x'), '<input type="text" id="id" name="value" inputmode="numeric" required value="x">')
  })

  it('takes every step when it holds a number that is on none, unless it has a first one', () => {
    assert.match(shown(z.int(), '7'), /step="1"/)
    assert.match(shown(z.int(), '7.5'), /step="any"/)
    assert.match(shown(z.number().multipleOf(0.1), '0.3'), /step="0\.1"/)
    assert.match(shown(z.number().multipleOf(5), '7'), /step="any"/)
    assert.match(shown(z.int().min(0), '7.5'), /step="1" min="0"/)
  })
})

describe('a select', () => {
  it('begins with a way to choose nothing, unless there is one already', () => {
    assert.match(shown(z.enum(['a']), ''), /required><option value="">Choose…<\/option><option value="a">/)
    assert.match(shown(z.enum(['a']).optional(), ''), /"><option value="">—<\/option><option value="a">/)
    assert.match(shown(z.enum(['', 'a']), 'a'), /"><option value="">—<\/option><option value="a" selected>/)
  })

  it('has several chosen for a list', () => {
    const schema = z.object({ value: z.array(z.enum(['a', 'b', 'c'])) })
    const [field] = form(schema, { fields: { value: { control: 'select' } } }).fields ?? []
    assert.ok(field)
    const select = String(control({ field, name: 'value', id: 'id', texts: ['a', 'c'], attributes: {} }))
    assert.match(
      select,
      /^<select id="id" name="value" multiple><option value="a" selected>a<\/option><option value="b">/,
    )
  })
})

describe('hidden inputs', () => {
  it('are one for a value, one each for a list', () => {
    const [one, list] = form(z.object({ one: z.string(), list: z.array(z.string()) })).fields ?? []
    assert.ok(one && list)
    const parts = { name: 'value', id: 'id', attributes: {} }
    assert.equal(
      String(hiddenControls({ ...parts, field: one, texts: [] })),
      '<input type="hidden" id="id" name="value" value="">',
    )
    assert.equal(
      String(hiddenControls({ ...parts, field: list, texts: ['a', '"'] })),
      '<input type="hidden" name="value" value="a"><input type="hidden" name="value" value="&quot;">',
    )
  })
})

describe('attributes', () => {
  it('are escaped, stand alone for true and are left out for false', () => {
    assert.equal(String(written({ a: '"<&', b: true, c: false, d: undefined, e: 0 })), 'a="&quot;&lt;&amp;" b e="0"')
  })
})
