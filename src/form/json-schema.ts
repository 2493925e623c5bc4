import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec'
import { hints, isFlaggedPattern } from './hints.ts'

/** A JSON Schema, as far as forms read it. */
export interface JsonSchema {
  readonly type?: string | readonly string[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly items?: JsonSchema | boolean
  readonly prefixItems?: readonly JsonSchema[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
  readonly allOf?: readonly JsonSchema[]
  readonly $ref?: string
  readonly $defs?: Readonly<Record<string, JsonSchema>>
  readonly default?: unknown
  readonly title?: string
  readonly description?: string
  readonly format?: string
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minItems?: number
  /** Of a file: its media type. */
  readonly contentMediaType?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly exclusiveMaximum?: number
  readonly multipleOf?: number
  /** For dates: the first and the last, as ISO 8601 text. */
  readonly formatMinimum?: string
  readonly formatMaximum?: string
  /** Not in JSON Schema: what JSON has no word for. `undefined` is a branch of a union that is no value. */
  readonly 'dewar-kind'?: 'date' | 'bigint' | 'file' | 'collection' | 'undefined'
  /** Not in JSON Schema: the media types of which a file may be one. */
  readonly 'dewar-types'?: readonly string[]
  /** Not in JSON Schema: the schema wants to read the text itself. */
  readonly 'dewar-raw'?: true
  /** Not in JSON Schema: besides what is described the empty text is taken, or no value at all. */
  readonly 'dewar-or'?: 'empty' | 'missing'
}

/**
 * What a schema takes, in the words of JSON Schema; `null` for a schema that does not describe itself.
 * Standard JSON Schema 1.1
 */
export function describeInput(schema: StandardSchemaV1): JsonSchema | null {
  const standard: StandardSchemaV1.Props & Partial<StandardJSONSchemaV1.Props> = schema['~standard']
  if (standard.jsonSchema === undefined) return null
  const libraryOptions = hints.get(standard.vendor)
  try {
    const made = standard.jsonSchema.input({ target: 'draft-2020-12', ...(libraryOptions && { libraryOptions }) })
    return standard.vendor === 'arktype' ? withoutFlaggedPatterns(made, schema) : made
  } catch {
    return null // the spec lets a library throw for what JSON Schema cannot say; the author then lists the fields
  }
}

// arktype writes a pattern without its flags: it would then refuse what the schema takes.
function withoutFlaggedPatterns(made: JsonSchema, schema: StandardSchemaV1): JsonSchema {
  return JSON.parse(JSON.stringify(made), (key, value: unknown) => {
    return key === 'pattern' && isFlaggedPattern(schema, value) ? undefined : value
  })
}

/** The types that a schema names. */
export function typesOf({ type }: JsonSchema): readonly string[] {
  if (type === undefined) return []
  return typeof type === 'string' ? [type] : type
}

/** Whether a schema also takes `null`. */
export function isNullable(schema: JsonSchema): boolean {
  return typesOf(schema).includes('null')
}
