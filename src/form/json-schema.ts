import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec'

/** A JSON Schema, as far as forms read it. */
export interface JsonSchema {
  readonly type?: string | readonly string[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly items?: JsonSchema
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
  readonly allOf?: readonly JsonSchema[]
  readonly $ref?: string
  readonly $defs?: Readonly<Record<string, JsonSchema>>
  readonly title?: string
  readonly description?: string
  readonly format?: string
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly exclusiveMaximum?: number
  readonly multipleOf?: number
  readonly minItems?: number
  readonly maxItems?: number
  /** Not in JSON Schema: what JSON has no word for. */
  readonly 'dewar-kind'?: 'date' | 'bigint'
}

/**
 * What a schema takes, in the words of JSON Schema; `null` for a schema that does not describe itself.
 * Standard JSON Schema 1.1
 */
export function describeInput(schema: StandardSchemaV1): JsonSchema | null {
  const standard: StandardSchemaV1.Props & Partial<StandardJSONSchemaV1.Props> = schema['~standard']
  if (standard.jsonSchema === undefined) return null
  const libraryOptions = hints[standard.vendor]
  try {
    return standard.jsonSchema.input({ target: 'draft-2020-12', ...(libraryOptions && { libraryOptions }) })
  } catch {
    return null // the spec lets a library throw for what JSON Schema cannot say; the author then lists the fields
  }
}

// Dates and big integers have no JSON Schema. Each library takes its own options for them; others give what they give.
const hints: Readonly<Record<string, Record<string, unknown>>> = {
  zod: {
    unrepresentable: 'any',
    override: (made: { zodSchema: { _zod: { def: { type: string } } }; jsonSchema: Record<string, unknown> }) => {
      mark(made.jsonSchema, made.zodSchema._zod.def.type)
    },
  },
  valibot: {
    errorMode: 'ignore',
    overrideSchema: (made: { valibotSchema: { type: string }; jsonSchema: Record<string, unknown> }) => {
      return mark(made.jsonSchema, made.valibotSchema.type)
    },
  },
  arktype: {
    fallback: {
      date: (made: { base: Record<string, unknown> }) => mark(made.base, 'date'),
      domain: (made: { base: Record<string, unknown>; domain: string }) => mark(made.base, made.domain),
      default: (made: { base: Record<string, unknown> }) => made.base,
    },
  },
}

function mark(schema: Record<string, unknown>, type: string): Record<string, unknown> {
  if (type === 'date' || type === 'bigint') schema['dewar-kind'] = type
  return schema
}
