import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Demand, libraries } from './libraries.ts'
import { send } from './support.ts'

/** What is posted, and the value that the handler gets. `refused` stands for 422 with an issue about the field. */
type Case = readonly [posted: string, value: unknown]

const refused = Symbol('refused')
const day = new Date('2026-01-31T00:00Z')

const stories: Readonly<Record<Demand, readonly Case[]>> = {
  'text from 1 to 40 characters, trimmed': [
    ['value=+Ada+', 'Ada'],
    ['value=first&value=second', 'first'],
    ['value=', refused],
    ['value=++', refused],
    ['', refused],
    [`value=${'x'.repeat(41)}`, refused],
  ],
  'text that may be missing': [
    ['value=Ada', 'Ada'],
    ['value=', undefined],
    ['', undefined],
  ],
  'text or null': [
    ['value=Ada', 'Ada'],
    ['value=', null],
  ],
  'number from 1 to 9': [
    ['value=7', 7],
    ['value=+7+', 7],
    ['value=%2B7', 7],
    ['value=7.5', 7.5],
    ['value=.5e1', 5],
    ['value=9.', 9],
    ['value=10', refused],
    ['value=', refused],
    ['', refused],
    ['value=abc', refused],
    ['value=0x7', refused],
    ['value=7%2C5', refused],
    ['value=Infinity', refused],
    ['value=1e999', refused],
    ['value=NaN', refused],
    ['value=7px', refused],
    ['value=1+2', refused],
    ['value=%D9%A7', refused],
  ],
  'number that may be missing': [
    ['value=1e3', 1000],
    ['value=-0.5', -0.5],
    ['value=', undefined],
    ['value=++', undefined],
    ['value=abc', refused],
  ],
  'number or null': [
    ['value=3', 3],
    ['value=', null],
  ],
  'whole number': [
    ['value=-3', -3],
    ['value=3.0', 3],
    ['value=3.5', refused],
  ],
  'big whole number': [
    ['value=9007199254740993', 9007199254740993n],
    ['value=-5', -5n],
    ['value=%2B5', 5n],
    ['value=5n', refused],
    ['value=0x5', refused],
    ['value=5.0', refused],
    ['value=', refused],
    [`value=${'9'.repeat(5000)}`, refused],
  ],
  date: [
    ['value=2026-01-31', day],
    ['value=+2026-01-31+', day],
    ['value=2026-01-31T12:30', new Date('2026-01-31T12:30Z')],
    ['value=2026-01-31T12:30:15Z', new Date('2026-01-31T12:30:15Z')],
    ['value=2026-01-31T12:30%2B02:00', new Date('2026-01-31T10:30Z')],
    ['value=2024-02-29', new Date('2024-02-29T00:00Z')],
    ['value=2026-02-29', refused],
    ['value=2026-02-30', refused],
    ['value=2026-13-01', refused],
    ['value=2026-00-10', refused],
    ['value=2026-1-3', refused],
    ['value=31.01.2026', refused],
    ['value=2026', refused],
    ['value=1', refused],
    ['value=', refused],
  ],
  'date that may be missing': [
    ['value=2026-01-31', day],
    ['value=', undefined],
    ['value=soon', refused],
  ],
  email: [
    ['value=ada%40example.com', 'ada@example.com'],
    ['value=ada', refused],
    ['value=', refused],
  ],
  url: [
    ['value=https%3A%2F%2Fexample.com%2F', 'https://example.com/'],
    ['value=example', refused],
  ],
  'yes or no': [
    ['value=on', true],
    ['value=1', true],
    ['', false],
    ['value=', false],
    ['value=0', false],
    ['value=false', false],
    ['value=0&value=on', true],
  ],
  yes: [
    ['value=on', true],
    ['', refused],
  ],
  'a or b': [
    ['value=a', 'a'],
    ['value=a&value=b', 'a'],
    ['value=c', refused],
    ['value=', refused],
    ['value=constructor', refused],
  ],
  'a or b, or missing': [
    ['value=b', 'b'],
    ['value=', undefined],
  ],
  'a or b, or null': [
    ['value=b', 'b'],
    ['value=', null],
    ['value=null', refused],
  ],
  'small or large, as a union': [
    ['value=small', 'small'],
    ['value=medium', refused],
  ],
  '1 or 2, as numbers': [
    ['value=2', 2],
    ['value=3', refused],
    ['value=2.0', refused],
  ],
  'list of text': [
    ['value=a&value=b', ['a', 'b']],
    ['value=a', ['a']],
    ['value=a&value=&value=b', ['a', 'b']],
    ['value=', []],
    ['', []],
    ['value.0=a', []],
  ],
  'list of numbers': [
    ['value=1&value=2', [1, 2]],
    ['value=1&value=two', refused],
  ],
  'any of a, b and c': [
    ['value=a&value=c', ['a', 'c']],
    ['value=b', ['b']],
    ['', []],
    ['value=a&value=d', refused],
  ],
  address: [
    ['value.city=Bern&value.zip=3000', { city: 'Bern', zip: '3000' }],
    ['value.city=Bern&value.zip=', { city: 'Bern' }],
    ['value.city=', refused],
    ['', refused],
    ['value[city]=Bern', refused],
    ['value=Bern', refused],
  ],
  'address that may be missing': [
    ['value.city=Bern', { city: 'Bern' }],
    ['value.city=&value.zip=', undefined],
    ['', undefined],
    ['value.city=&value.zip=3000', refused],
    ['value.country=CH', undefined],
  ],
  'address or null': [
    ['value.city=Bern', { city: 'Bern' }],
    ['value.city=&value.zip=++', null],
  ],
  rows: [
    ['value.0.sku=A&value.0.qty=2', [{ sku: 'A', qty: 2 }]],
    [
      'value.10.sku=B&value.10.qty=2&value.2.sku=A&value.2.qty=1',
      [
        { sku: 'A', qty: 1 },
        { sku: 'B', qty: 2 },
      ],
    ],
    [
      'value.7.sku=C&value.7.qty=3&value.2.sku=A&value.2.qty=1',
      [
        { sku: 'A', qty: 1 },
        { sku: 'C', qty: 3 },
      ],
    ],
    ['value.0.sku=&value.0.qty=&value.1.sku=B&value.1.qty=1', [{ sku: 'B', qty: 1 }]],
    ['value.0.sku=&value.0.qty=', []],
    ['', []],
    ['value.0.hack=1', []],
    ['value.x.sku=A&value.x.qty=1', []],
    ['value.-1.sku=A&value.-1.qty=1', []],
    ['value.0.sku=A', refused],
    ['value.0.sku=A&value.0.qty=two', refused],
  ],
  'text with a default': [
    ['value=y', 'y'],
    ['value=', 'x'],
    ['', 'x'],
  ],
  'text that becomes its length': [['value=four', 4]],
  'two objects in one': [
    ['value.one=a&value.two=2', { one: 'a', two: 2 }],
    ['value.one=a&value.two=', refused],
  ],
}

for (const { name, schemas } of libraries) {
  describe(`reading what was posted, with ${name}`, () => {
    for (const [demand, cases] of Object.entries(stories) as [Demand, readonly Case[]][]) {
      for (const [body, value] of cases) {
        it(`${demand}: ${body.slice(0, 60)} is ${value === refused ? 'refused' : shown(value)}`, async () => {
          const { status, data, errors } = await send(schemas[demand], body)
          if (value === refused) {
            assert.equal(status, 422)
            assert.equal(data, undefined)
            assert.ok(
              Object.keys(errors).every((field) => /^value(\.|$)/.test(field)),
              JSON.stringify(errors),
            )
            return
          }
          assert.deepEqual(errors, {})
          assert.deepEqual(data, value === undefined ? {} : { value })
        })
      }
    }
  })
}

function shown(value: unknown): string {
  return typeof value === 'bigint' ? `${value}n` : (JSON.stringify(value) ?? 'missing')
}
