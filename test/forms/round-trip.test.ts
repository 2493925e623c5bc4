import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import fc from 'fast-check'
import * as z from 'zod'
import { type Form, form, html } from '../../src/index.ts'
import { browser } from '../../src/testing.ts'
import { type Demand, libraries } from './libraries.ts'
import { newApp, pageOf } from './support.ts'

// A browser has no NUL, no lone surrogate, and one kind of line end; a control of one line has none.
const lines = fc.string({ unit: 'binary' }).map((text) => text.toWellFormed().replace(/[\0\r]/g, ''))
const line = fc.oneof(lines, fc.string()).map((text) => text.replace(/\n/g, ''))
const filled = line.filter((text) => text.trim() !== '')
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((found) => found + 0 || 0)
const day = fc
  .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  .map((date) => new Date(date.toISOString().slice(0, 10)))
const address = fc.record({ city: filled, zip: fc.option(filled, { nil: undefined }) })
const orMissing = { nil: undefined }

const values: Readonly<Record<Demand, fc.Arbitrary<unknown>>> = {
  'text from 1 to 40 characters, trimmed': filled.map((text) => text.trim().slice(0, 40).trim()),
  'text that may be missing': fc.option(filled, orMissing),
  'text or null': fc.option(filled),
  'number from 1 to 9': fc.double({ min: 1, max: 9, noNaN: true }),
  'number that may be missing': fc.option(number, orMissing),
  'number or null': fc.option(number),
  'whole number': fc.maxSafeInteger().map((whole) => whole + 0 || 0),
  'big whole number': fc.bigInt(),
  date: day,
  'date that may be missing': fc.option(day, orMissing),
  email: fc.constantFrom('ada@example.com', 'a.b+c@d-e.org'),
  url: fc.webUrl(),
  'yes or no': fc.boolean(),
  yes: fc.constant(true),
  'a or b': fc.constantFrom('a', 'b'),
  'a or b, or missing': fc.constantFrom('a', 'b', undefined),
  'a or b, or null': fc.constantFrom('a', 'b', null),
  'small or large, as a union': fc.constantFrom('small', 'large'),
  '1 or 2, as numbers': fc.constantFrom(1, 2),
  'list of text': fc.array(filled),
  'list of numbers': fc.array(number),
  'any of a, b and c': fc.subarray(['a', 'b', 'c']),
  address,
  'address that may be missing': fc.option(address, orMissing),
  'address or null': fc.option(address),
  rows: fc.array(fc.record({ sku: filled, qty: fc.integer({ min: 1 }) })),
  'text with a default': filled,
  'text that becomes its length': filled,
  'two objects in one': fc.record({ one: line, two: number }),
}

/** Fills a form with values, opens it in a browser and sends it as it stands. Gives what the handler got. */
async function sentBack(shown: Form<StandardSchemaV1, 'post'>, given: object): Promise<unknown> {
  const app = newApp()
  let data: unknown
  app.form('/', shown, {
    view: ({ form }) => pageOf(html`${form.fill(given)}`),
    submit: (sent) => {
      data = sent.data
      return 'done'
    },
  })
  const page = await (await browser(app).open('/')).submit()
  assert.equal(page.status, 200, page.text)
  return data
}

/** Without what is `undefined`, as a form leaves it out. */
function compact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(compact)
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  const kept = Object.entries(value).filter(([, each]) => each !== undefined)
  return Object.fromEntries(kept.map(([key, each]) => [key, compact(each)]))
}

for (const { name, schemas } of libraries) {
  describe(`what a form is filled with comes back from the browser, with ${name}`, () => {
    for (const demand of Object.keys(values) as Demand[]) {
      it(demand, async () => {
        const shown = form(schemas[demand]) as Form<StandardSchemaV1, 'post'>
        const property = fc.asyncProperty(values[demand], async (value) => {
          const expected = demand === 'text that becomes its length' ? String(value).length : value
          assert.deepEqual(await sentBack(shown, { value }), compact({ value: expected }))
        })
        await fc.assert(property, { numRuns: 20 })
      })
    }
  })
}

const everything = z.object({
  line: z.string(),
  note: z.string().max(100_000),
  id: z.string(),
  radio: z.enum(['a', 'b']).optional(),
  yesOrNo: z.boolean(),
  picked: z.array(z.literal([1, 2, 3])),
  moment: z.date(),
  isoDay: z.iso.date(),
  time: z.iso.time().optional(),
  local: z.iso.datetime({ local: true }),
  instant: z.iso.datetime(),
  half: z.number().multipleOf(0.5),
  deep: z.object({ down: z.object({ list: z.array(z.string()), flag: z.boolean().default(true) }) }),
  rows: z.array(
    z.object({
      name: z.string(),
      tags: z.array(z.string()),
      inner: z.array(z.object({ n: z.number() })),
      on: z.boolean(),
    }),
  ),
})

const twoDigits = (max: number) => fc.integer({ min: 0, max }).map((one) => String(one).padStart(2, '0'))
const timeOfDay = fc.tuple(twoDigits(23), twoDigits(59)).map((parts) => parts.join(':'))
const isoDay = day.map((date) => date.toISOString().slice(0, 10))
const moment = fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })

const anything: fc.Arbitrary<z.input<typeof everything>> = fc.record({
  line,
  note: lines,
  id: lines,
  radio: fc.constantFrom('a', 'b', undefined),
  yesOrNo: fc.boolean(),
  picked: fc.subarray([1, 2, 3] as const).map((picked) => [...picked]),
  moment,
  isoDay,
  time: fc.option(timeOfDay, orMissing),
  local: fc.tuple(isoDay, timeOfDay).map((parts) => parts.join('T')),
  instant: moment.map((date) => date.toISOString()),
  half: fc.integer().map((whole) => whole / 2),
  deep: fc.record({ down: fc.record({ list: fc.array(filled), flag: fc.boolean() }) }),
  rows: fc.array(
    fc.record({
      name: filled,
      tags: fc.array(filled),
      inner: fc.array(fc.record({ n: number })),
      on: fc.boolean(),
    }),
  ),
})

describe('a form with fields of every kind', () => {
  const shown = form(everything, {
    fields: { id: { control: 'hidden' }, radio: { control: 'radio' }, moment: { control: 'datetime-local' } },
  })

  it('gives back from the browser what it was filled with', async () => {
    const property = fc.asyncProperty(anything, async (given) => {
      assert.deepEqual(await sentBack(shown as Form<StandardSchemaV1, 'post'>, given), compact(given))
    })
    await fc.assert(property, { numRuns: 100 })
  })
})
