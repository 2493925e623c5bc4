import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import * as v from 'valibot'
import * as z from 'zod'
import type { Field, FieldOptions } from './field.ts'
import { form } from './form.ts'

/** The field of a schema with one property. */
function fieldOf(value: z.ZodType, own: FieldOptions = {}, name = 'value'): Field {
  const [field] = form(z.object({ [name]: value }), { fields: { [name]: own } }).fields ?? []
  assert.ok(field)
  return field
}

describe('the control of a field', () => {
  const controls: [control: string, schema: z.ZodType, name?: string][] = [
    ['text', z.string()],
    ['text', z.string().max(255)],
    ['textarea', z.string().max(256)],
    ['email', z.email()],
    ['url', z.url()],
    ['number', z.number()],
    ['text', z.bigint()],
    ['checkbox', z.boolean()],
    ['checkbox', z.literal(true)],
    ['select', z.enum(['a', 'b'])],
    ['checkbox', z.array(z.enum(['a', 'b']))],
    ['date', z.date()],
    ['date', z.iso.date()],
    ['time', z.iso.time()],
    ['datetime-local', z.iso.datetime({ local: true })],
    ['text', z.iso.datetime()],
    ['password', z.string().meta({ format: 'password' })],
    ['password', z.string(), 'password'],
    ['password', z.string(), 'new_passphrase'],
    ['number', z.number(), 'passwordLength'],
    ['text', z.uuid()],
    ['text', z.unknown()],
  ]
  for (const [control, schema, name = 'value'] of controls) {
    it(`is ${control} for ${JSON.stringify(z.toJSONSchema(schema, { unrepresentable: 'any' }))} named ${name}`, () => {
      assert.equal(fieldOf(schema, {}, name).control, control)
    })
  }

  it('tells local times from those with a zone in valibot too', () => {
    const times = v.object({
      local: v.pipe(v.string(), v.isoDateTime()),
      zoned: v.pipe(v.string(), v.isoTimestamp()),
      time: v.pipe(v.string(), v.isoTime()),
    })
    const controls = form(toStandardJsonSchema(times)).fields?.map(({ control }) => control)
    assert.deepEqual(controls, ['datetime-local', 'text', 'time'])
  })

  it('is what the author says', () => {
    assert.equal(fieldOf(z.string(), { control: 'tel' }).control, 'tel')
    assert.equal(fieldOf(z.string(), { control: 'text' }, 'passwordHint').control, 'text')
  })
})

describe('the label and the hint of a field', () => {
  it('are its name in words and nothing', () => {
    const { label, hint } = fieldOf(z.string(), {}, 'firstName')
    assert.deepEqual([label, hint], ['First name', ''])
  })

  it('are the title and the description of the schema', () => {
    const { label, hint } = fieldOf(z.string().meta({ title: 'Name', description: 'As in your passport.' }).optional())
    assert.deepEqual([label, hint], ['Name', 'As in your passport.'])
    assert.equal(fieldOf(z.string().describe('Inside.').nullable()).hint, 'Inside.')
  })

  it('are what the author says', () => {
    const own = { label: 'You', hint: '' }
    const { label, hint } = fieldOf(z.string().meta({ title: 'Name', description: 'As in your passport.' }), own)
    assert.deepEqual([label, hint], ['You', ''])
  })

  it('of the objects in a list are those of the list, or their own', () => {
    const list = z.object({ items: z.array(z.object({ sku: z.string() })) })
    const titled = z.object({ items: z.array(z.object({ sku: z.string() }).meta({ title: 'Position' })) })
    assert.equal(form(list, { fields: { items: { label: 'Positions' } } }).fields?.[0]?.fields[0]?.label, 'Positions')
    assert.equal(form(titled, { fields: { items: { label: 'Positions' } } }).fields?.[0]?.fields[0]?.label, 'Position')
  })
})

describe('what the author says about a list', () => {
  it('holds for the controls of its values', () => {
    const schema = z.object({ notes: z.array(z.string()) })
    const [list] =
      form(schema, { fields: { notes: { control: 'textarea', placeholder: 'x', hint: 'Some.' } } }).fields ?? []
    assert.deepEqual([list?.hint, list?.fields[0]?.control, list?.fields[0]?.hint], ['Some.', 'textarea', ''])
    assert.equal(list?.fields[0]?.constraints.placeholder, 'x')
  })

  it('reaches the fields in it, by a star or by any number', () => {
    const schema = z.object({ items: z.array(z.object({ sku: z.string() })) })
    for (const name of ['items.*.sku', 'items.0.sku']) {
      const [list] = form(schema, { fields: { [name]: { label: 'Number' } } as never }).fields ?? []
      assert.equal(list?.fields[0]?.fields[0]?.label, 'Number')
    }
  })
})

describe('the order of the fields', () => {
  const names = (made: { readonly fields: readonly Field[] | null }) => made.fields?.map(({ name }) => name)

  it("is the schema's", () => {
    assert.deepEqual(names(form(z.object({ zeta: z.string(), alpha: z.string() }))), ['zeta', 'alpha'])
  })

  it('is what the author says, at any depth; the others follow', () => {
    const person = type({ zeta: 'string', alpha: 'string', beta: { y: 'string', x: 'string' }, 'mid?': 'string' })
    const made = form(person, { order: ['zeta', 'mid', 'beta.y'] })
    assert.deepEqual(names(made), ['zeta', 'mid', 'alpha', 'beta'])
    assert.deepEqual(names({ fields: made.fields?.[3]?.fields ?? null }), ['beta.y', 'beta.x'])
  })

  it('has no place for a name that the form does not have', () => {
    assert.throws(() => form(z.object({ a: z.string() }), { order: ['b' as 'a'] }), /form\/field-unknown/)
  })
})

describe('choices', () => {
  it('have the words of the author, or their own', () => {
    const own = { choices: { a: 'First' } }
    assert.deepEqual(fieldOf(z.enum(['a', 'b']), own).choices, [
      { value: 'a', label: 'First' },
      { value: 'b', label: 'b' },
    ])
    assert.deepEqual(fieldOf(z.array(z.enum(['a'])), own).choices, [{ value: 'a', label: 'First' }])
  })

  it('are yes and no for a boolean shown as radio buttons, one of which has to be picked', () => {
    const field = fieldOf(z.boolean(), { control: 'radio', choices: { false: 'Never' } })
    assert.deepEqual(
      field.choices.map(({ label }) => label),
      ['Yes', 'Never'],
    )
    assert.deepEqual([field.kind, field.blank, field.constraints.required], ['choice', 'missing', true])
  })

  it('are what the author lists where the schema takes any text or number', () => {
    const text = fieldOf(z.string(), { control: 'select', choices: { de: 'Germany', ch: 'Switzerland' } })
    assert.deepEqual(
      text.choices.map(({ value }) => value),
      ['de', 'ch'],
    )
    const number = fieldOf(z.number(), { control: 'radio', choices: { 1: 'One', 2: 'Two' } })
    assert.deepEqual(
      number.choices.map(({ value }) => value),
      [1, 2],
    )
  })
})

describe('the autocomplete of a field', () => {
  const told: [expected: string | undefined, name: string, schema: z.ZodType][] = [
    ['current-password', 'password', z.string().min(1)],
    ['new-password', 'password', z.string().min(8)],
    ['new-password', 'newPassword', z.string()],
    ['new-password', 'confirm_password', z.string()],
    [undefined, 'email', z.email()],
  ]
  for (const [expected, name, schema] of told) {
    it(`is ${expected ?? 'left to the browser'} for ${name}${expected ? ` of ${JSON.stringify(z.toJSONSchema(schema))}` : ''}`, () => {
      assert.equal(fieldOf(schema, {}, name).constraints.autocomplete, expected)
    })
  }

  it('is what the author says', () => {
    const field = fieldOf(z.string(), { autocomplete: 'one-time-code' }, 'password')
    assert.equal(field.constraints.autocomplete, 'one-time-code')
  })
})

describe('the patterns and days of the libraries', () => {
  it('are left out where a flag or a change before them would make them wrong', () => {
    const valibot = v.object({
      plain: v.pipe(v.string(), v.regex(/^[a-z]+$/)),
      flagged: v.pipe(v.string(), v.regex(/^[a-z]+$/i)),
      trimmed: v.pipe(v.string(), v.trim(), v.regex(/^[a-z]+$/)),
    })
    const arktype = type({ plain: /^[a-z]+$/, flagged: /^[A-Z]+$/i })
    const patterns = [toStandardJsonSchema(valibot), arktype].map((schema) => {
      return form(schema).fields?.map(({ name, constraints }) => [name, constraints.pattern])
    })
    assert.deepEqual(Object.fromEntries(patterns[0] ?? []), {
      plain: '^[a-z]+$',
      flagged: undefined,
      trimmed: undefined,
    })
    assert.deepEqual(Object.fromEntries(patterns[1] ?? []), { plain: '^[a-z]+$', flagged: undefined })
  })

  it('are the same in all three', () => {
    const [first, last] = [new Date('2026-01-01'), new Date('2026-12-31')]
    const schemas = [
      z.object({ day: z.date().min(first).max(last) }),
      toStandardJsonSchema(v.object({ day: v.pipe(v.date(), v.minValue(first), v.maxValue(last)) })),
      type({ day: type.Date.atOrAfter(first).and(type.Date.atOrBefore(last)) }),
    ]
    for (const schema of schemas) {
      const constraints = form(schema).fields?.[0]?.constraints
      assert.deepEqual(constraints, { min: '2026-01-01', max: '2026-12-31', required: true })
    }
  })
})
