import type { StandardSchemaV1 } from '@standard-schema/spec'
import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import * as v from 'valibot'
import * as z from 'zod'

/** The same demands, said in each of the three libraries. Each schema is an object with one property, `value`. */
export interface Library {
  readonly name: string
  readonly schemas: Readonly<Record<Demand, StandardSchemaV1>>
}

const demands = [
  'text from 1 to 40 characters, trimmed',
  'text that may be missing',
  'text or null',
  'number from 1 to 9',
  'number that may be missing',
  'number or null',
  'whole number',
  'big whole number',
  'date',
  'date that may be missing',
  'email',
  'url',
  'yes or no',
  'yes',
  'a or b',
  'a or b, or missing',
  'a or b, or null',
  'small or large, as a union',
  '1 or 2, as numbers',
  'list of text',
  'list of numbers',
  'any of a, b and c',
  'address',
  'address that may be missing',
  'address or null',
  'rows',
  'text with a default',
  'text that becomes its length',
  'two objects in one',
] as const

/** What a schema demands. */
export type Demand = (typeof demands)[number]

function zod(): Library {
  const row = z.object({ sku: z.string().min(1), qty: z.int().min(1) })
  const schemas: Record<Demand, z.ZodType> = {
    'text from 1 to 40 characters, trimmed': z.string().trim().min(1).max(40),
    'text that may be missing': z.string().optional(),
    'text or null': z.string().nullable(),
    'number from 1 to 9': z.number().min(1).max(9),
    'number that may be missing': z.number().optional(),
    'number or null': z.number().nullable(),
    'whole number': z.int(),
    'big whole number': z.bigint(),
    date: z.date(),
    'date that may be missing': z.date().optional(),
    email: z.email(),
    url: z.url(),
    'yes or no': z.boolean(),
    yes: z.literal(true),
    'a or b': z.enum(['a', 'b']),
    'a or b, or missing': z.enum(['a', 'b']).optional(),
    'a or b, or null': z.enum(['a', 'b']).nullable(),
    'small or large, as a union': z.union([z.literal('small'), z.literal('large')]),
    '1 or 2, as numbers': z.literal([1, 2]),
    'list of text': z.array(z.string()),
    'list of numbers': z.array(z.number()),
    'any of a, b and c': z.array(z.enum(['a', 'b', 'c'])),
    address: z.object({ city: z.string().min(1), zip: z.string().optional() }),
    'address that may be missing': z.object({ city: z.string().min(1), zip: z.string().optional() }).optional(),
    'address or null': z.object({ city: z.string().min(1), zip: z.string().optional() }).nullable(),
    rows: z.array(row),
    'text with a default': z.string().default('x'),
    'text that becomes its length': z.string().transform((text) => text.length),
    'two objects in one': z.intersection(z.object({ one: z.string() }), z.object({ two: z.number() })),
  }
  return { name: 'zod', schemas: mapped(schemas, (value) => z.object({ value })) }
}

function valibot(): Library {
  const row = v.object({
    sku: v.pipe(v.string(), v.minLength(1)),
    qty: v.pipe(v.number(), v.integer(), v.minValue(1)),
  })
  const address = v.object({ city: v.pipe(v.string(), v.minLength(1)), zip: v.optional(v.string()) })
  const schemas: Record<Demand, v.GenericSchema> = {
    'text from 1 to 40 characters, trimmed': v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(40)),
    'text that may be missing': v.optional(v.string()),
    'text or null': v.nullable(v.string()),
    'number from 1 to 9': v.pipe(v.number(), v.minValue(1), v.maxValue(9)),
    'number that may be missing': v.optional(v.number()),
    'number or null': v.nullable(v.number()),
    'whole number': v.pipe(v.number(), v.integer()),
    'big whole number': v.bigint(),
    date: v.date(),
    'date that may be missing': v.optional(v.date()),
    email: v.pipe(v.string(), v.email()),
    url: v.pipe(v.string(), v.url()),
    'yes or no': v.boolean(),
    yes: v.literal(true),
    'a or b': v.picklist(['a', 'b']),
    'a or b, or missing': v.optional(v.picklist(['a', 'b'])),
    'a or b, or null': v.nullable(v.picklist(['a', 'b'])),
    'small or large, as a union': v.union([v.literal('small'), v.literal('large')]),
    '1 or 2, as numbers': v.picklist([1, 2]),
    'list of text': v.array(v.string()),
    'list of numbers': v.array(v.number()),
    'any of a, b and c': v.array(v.picklist(['a', 'b', 'c'])),
    address,
    'address that may be missing': v.optional(address),
    'address or null': v.nullable(address),
    rows: v.array(row),
    'text with a default': v.optional(v.string(), 'x'),
    'text that becomes its length': v.pipe(
      v.string(),
      v.transform((text) => text.length),
    ),
    'two objects in one': v.intersect([v.object({ one: v.string() }), v.object({ two: v.number() })]),
  }
  return { name: 'valibot', schemas: mapped(schemas, (value) => toStandardJsonSchema(v.object({ value }))) }
}

function arktype(): Library {
  const row = type({ sku: 'string > 0', qty: 'number.integer >= 1' })
  const address = type({ city: 'string > 0', 'zip?': 'string' })
  const schemas: Record<Demand, StandardSchemaV1> = {
    'text from 1 to 40 characters, trimmed': type({ value: type('string.trim').to('1 <= string <= 40') }),
    'text that may be missing': type({ 'value?': 'string' }),
    'text or null': type({ value: 'string | null' }),
    'number from 1 to 9': type({ value: '1 <= number <= 9' }),
    'number that may be missing': type({ 'value?': 'number' }),
    'number or null': type({ value: 'number | null' }),
    'whole number': type({ value: 'number.integer' }),
    'big whole number': type({ value: 'bigint' }),
    date: type({ value: 'Date' }),
    'date that may be missing': type({ 'value?': 'Date' }),
    email: type({ value: 'string.email' }),
    url: type({ value: 'string.url' }),
    'yes or no': type({ value: 'boolean' }),
    yes: type({ value: 'true' }),
    'a or b': type({ value: "'a' | 'b'" }),
    'a or b, or missing': type({ 'value?': "'a' | 'b'" }),
    'a or b, or null': type({ value: "'a' | 'b' | null" }),
    'small or large, as a union': type({ value: "'small' | 'large'" }),
    '1 or 2, as numbers': type({ value: '1 | 2' }),
    'list of text': type({ value: 'string[]' }),
    'list of numbers': type({ value: 'number[]' }),
    'any of a, b and c': type({ value: "('a' | 'b' | 'c')[]" }),
    address: type({ value: address }),
    'address that may be missing': type({ 'value?': address }),
    'address or null': type({ value: address.or('null') }),
    rows: type({ value: row.array() }),
    'text with a default': type({ value: "string = 'x'" }),
    'text that becomes its length': type({ value: type('string').pipe((text) => text.length) }),
    'two objects in one': type({ value: type({ one: 'string' }).and({ two: 'number' }) }),
  }
  return { name: 'arktype', schemas }
}

function mapped<From, To>(schemas: Record<Demand, From>, map: (schema: From) => To): Record<Demand, To> {
  const entries = demands.map((demand) => [demand, map(schemas[demand])] as const)
  return Object.fromEntries(entries) as Record<Demand, To> // one entry for each demand
}

/** zod, valibot and arktype. */
export const libraries: readonly Library[] = [zod(), valibot(), arktype()]
