import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import * as z from 'zod'
import { constraintsOf, fitting, isMultiple, isRequired } from './constraints.ts'
import { form } from './form.ts'
import type { JsonSchema } from './json-schema.ts'

/** The constraints of the one field of this schema. */
function constraints(schema: z.ZodType): Record<string, unknown> {
  const { inputmode: _, ...found } = { ...form(z.object({ value: schema })).fields?.[0]?.constraints }
  return found
}

describe('the constraints of text', () => {
  it('are its lengths; one character is what required says', () => {
    assert.deepEqual(constraints(z.string().min(2).max(9)), { minlength: 2, maxlength: 9, required: true })
    assert.deepEqual(constraints(z.string().min(1)), { required: true })
    assert.deepEqual(constraints(z.string().length(5).optional()), { minlength: 5, maxlength: 5 })
  })

  it('are its pattern; one that takes the empty text does not require any', () => {
    assert.deepEqual(constraints(z.string().regex(/^[a-z]+$/)), { pattern: '^[a-z]+$', required: true })
    assert.deepEqual(constraints(z.string().regex(/^[a-z]*$/)), { pattern: '^[a-z]*$' })
    assert.deepEqual(constraints(z.string().startsWith('x')), { required: true })
  })

  it('leave a pattern out whose flag takes more than HTML can say, or that is asked of the text after a change', () => {
    assert.deepEqual(constraints(z.string().regex(/^[a-z]+$/i)), {})
    assert.deepEqual(
      constraints(
        z
          .string()
          .trim()
          .regex(/^[a-z]+$/),
      ),
      {},
    )
    assert.deepEqual(
      constraints(
        z
          .string()
          .toLowerCase()
          .regex(/^[a-z]+$/),
      ),
      {},
    )
  })

  it('require a format that is never empty, and none that may be', () => {
    for (const format of [z.email(), z.url(), z.uuid(), z.iso.date(), z.iso.time(), z.ipv4()]) {
      assert.equal(constraints(format).required, true)
    }
    for (const format of [z.hex(), z.base64(), z.string().meta({ format: 'password' })]) {
      assert.equal(constraints(format).required, undefined)
    }
  })

  it('of a pattern that only Unicode mode reads do not stop the start', () => {
    const emoji = { type: 'string', pattern: '^[\\u{1F1E6}-\\u{1F1FF}]{2}$' } as const
    assert.equal(constraintsOf('text', emoji, 'text').pattern, '^[\\u{1F1E6}-\\u{1F1FF}]{2}$')
    assert.equal(isRequired('text', emoji), true)
    assert.deepEqual(constraintsOf('text', { pattern: '(' }, 'text'), {})
  })
})

describe('the constraints of numbers', () => {
  const told: [schema: z.ZodType, html: object][] = [
    [z.number(), { step: 'any' }],
    [z.int(), { step: 1 }],
    [z.int().min(0.5), { step: 1, min: 1 }],
    [z.int().gt(0).lt(10), { step: 1, min: 1, max: 9 }],
    [z.int().gt(0.5).lt(9.5), { step: 1, min: 1, max: 9 }],
    [z.number().gt(0).lt(5), { step: 'any', min: 0, max: 5 }],
    [z.number().multipleOf(0.01).min(0), { step: 0.01, min: 0 }],
    [z.number().multipleOf(0.1).min(0.3), { step: 0.1, min: 0.3 }],
    [z.number().multipleOf(5).min(3), { step: 5, min: 5 }],
    [z.number().multipleOf(0.5).min(0.2), { step: 'any', min: 0.2 }],
    [z.int32(), { step: 1, min: -2147483648, max: 2147483647 }],
  ]
  for (const [schema, html] of told) {
    it(`say ${JSON.stringify(html)}`, () => {
      assert.deepEqual(constraints(schema), { ...html, required: true })
    })
  }

  it('never refuse in a browser what the schema takes', () => {
    const rules = fc.record(
      {
        type: fc.constantFrom('number', 'integer'),
        minimum: fc.integer({ min: -20, max: 20 }).map((tenths) => tenths / 10),
        exclusiveMinimum: fc.integer({ min: -20, max: 20 }).map((tenths) => tenths / 10),
        maximum: fc.integer({ min: -20, max: 20 }).map((tenths) => tenths / 10),
        exclusiveMaximum: fc.integer({ min: -20, max: 20 }).map((tenths) => tenths / 10),
        multipleOf: fc.constantFrom(0.1, 0.5, 1, 2, 5),
      },
      { requiredKeys: ['type'] },
    )
    const tenths = fc.integer({ min: -300, max: 300 }).map((whole) => whole / 10)
    fc.assert(
      fc.property(rules, tenths, (described, number) => {
        if (takes(described, number)) assert.ok(browserTakes(constraintsOf('number', described, 'number'), number))
      }),
      { numRuns: 20_000 },
    )
  })
})

function takes(rules: JsonSchema, number: number): boolean {
  return (
    (rules.type !== 'integer' || Number.isInteger(number)) &&
    (rules.multipleOf === undefined || isMultiple(number, rules.multipleOf)) &&
    number >= (rules.minimum ?? number) &&
    number <= (rules.maximum ?? number) &&
    number > (rules.exclusiveMinimum ?? Number.NEGATIVE_INFINITY) &&
    number < (rules.exclusiveMaximum ?? Number.POSITIVE_INFINITY)
  )
}

// WHATWG HTML §4.10.5.3.7, §4.10.5.3.8: steps are counted from `min`
function browserTakes({ min, max, step }: ReturnType<typeof constraintsOf>, number: number): boolean {
  const base = typeof min === 'number' ? min : 0
  return (
    number >= (typeof min === 'number' ? min : number) &&
    number <= (typeof max === 'number' ? max : number) &&
    (typeof step !== 'number' || isMultiple(number - base, step))
  )
}

describe('the constraints of dates', () => {
  it('are the first and the last day that the schema takes', () => {
    const year = z.date().min(new Date('2026-01-01')).max(new Date('2026-12-31'))
    assert.deepEqual(constraints(year), { min: '2026-01-01', max: '2026-12-31', required: true })
  })

  it('begin with the day after, when the first moment is not midnight', () => {
    const later = z.date().min(new Date('2026-01-01T12:00Z')).max(new Date('2026-01-03T12:00Z'))
    assert.deepEqual(constraints(later), { min: '2026-01-02', max: '2026-01-03', required: true })
  })

  it('are minutes for a control that has minutes', () => {
    const schema = z.object({ at: z.date().min(new Date('2026-01-01T12:30Z')) })
    const shown = form(schema, { fields: { at: { control: 'datetime-local' } } })
    assert.deepEqual(shown.fields?.[0]?.constraints, { min: '2026-01-01T12:30', required: true })
  })
})

describe('what is required', () => {
  const not: Record<string, z.ZodType> = {
    'text that may be empty': z.string(),
    'what may be missing': z.number().optional(),
    'what may be null': z.number().nullable(),
    'what has a default': z.number().default(1),
    'a box that may stay unticked': z.boolean(),
    'a choice of which one is empty': z.enum(['', 'a']),
    'a number or the empty text': z.number().or(z.literal('')),
    'what the schema reads itself': z.preprocess(Number, z.number()),
  }
  for (const [what, schema] of Object.entries(not)) {
    it(`is not ${what}`, () => {
      assert.equal(constraints(schema).required, undefined)
    })
  }

  it('is a number, a date, a choice, and a box that has to be ticked', () => {
    for (const schema of [z.number(), z.bigint(), z.date(), z.enum(['a']), z.literal(true)]) {
      assert.equal(constraints(schema).required, true)
    }
  })
})

describe('the place for a constraint', () => {
  const all = {
    minlength: 1,
    maxlength: 2,
    pattern: 'x',
    min: 1,
    max: 2,
    step: 1,
    required: true,
    placeholder: 'x',
  } as const
  const kept: Record<string, string> = {
    text: 'minlength maxlength pattern required placeholder',
    textarea: 'minlength maxlength required placeholder',
    number: 'min max step required placeholder',
    date: 'min max step required',
    range: 'min max step',
    select: 'required',
    radio: 'required',
    checkbox: 'required',
    hidden: '',
    color: '',
  }
  for (const [control, names] of Object.entries(kept)) {
    it(`is in ${control}: ${names || 'none'}`, () => {
      assert.equal(Object.keys(fitting(all, control)).join(' '), names)
    })
  }
})
