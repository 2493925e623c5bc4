import type { StandardSchemaV1 } from '@standard-schema/spec'
import { DewarError } from '../errors/dewar-error.ts'
import { inShort, refuseUnknown } from '../errors/refuse-options.ts'
import type { Entry } from '../http/urlencoded.ts'
import { type Checked, check } from './check.ts'
import { type Field, type FieldOptions, fieldOptionNames, namesOf } from './field.ts'
import type { FileEntry } from './file-entry.ts'
import { findFileField, hasFileField, isFileField } from './file-field.ts'
import { describeInput } from './json-schema.ts'
import { listFields } from './list-fields.ts'
import type { NamesOf, OptionName } from './names.ts'
import { type OptionsByName, readFields } from './read-fields.ts'
import { readFlat, readSubmission, type Submission } from './submission.ts'

/** How a form is sent: `post` does something, `get` asks for a page that can be bookmarked. */
export type FormMethod = 'post' | 'get'

/** What an author says about a form besides its schema. */
export interface FormOptions<Names extends string, Sent extends FormMethod = FormMethod> {
  /** Default `post`. With `get` the values stand in the address, so a password or a file field is refused. */
  readonly method?: Sent
  /** The text of the button. Default “Send”, for `get` “Search”. */
  readonly button?: string
  /** Labels, hints and controls of its fields, by name; `items.*.sku` for a field of every object in a list. */
  readonly fields?: { readonly [Name in OptionName<Names>]?: FieldOptions }
  /** Names of the fields that come first, in this order. Default: the schema's order, which arktype makes alphabetical. */
  readonly order?: readonly OptionName<Names>[]
}

/** A form: what it asks for, read once from its schema. Make one with `form`. */
export class Form<Schema extends StandardSchemaV1 = StandardSchemaV1, Sent extends FormMethod = FormMethod> {
  readonly schema: Schema
  readonly method: Sent
  /** The text of its button. */
  readonly button: string
  /** What it asks for, in the schema's order; `null` if neither the schema nor the author says. */
  readonly fields: readonly Field[] | null
  /** Whether it has a file field, at any depth: then it is sent as `multipart/form-data`. */
  readonly takesFiles: boolean

  constructor(schema: Schema, options: FormOptions<string, Sent>) {
    this.schema = schema
    this.method = options.method ?? ('post' as Sent) // the default of `form`
    this.button = options.button ?? (this.method === 'get' ? 'Search' : 'Send')
    this.fields = fieldsOf(schema, options)
    this.takesFiles = hasFileField(this.fields ?? [])
    refuse(this.fields ?? [], this.method)
  }

  /**
   * The file field that is posted under a name, with the most bytes that its schema takes, so that a larger file is cut
   * while it arrives. `undefined` for a name under which the form reads no file. A form without known fields reads
   * files under every name.
   */
  fileField(name: string): Field | undefined {
    return findFileField(this.fields ?? [], name)
  }

  /** What posted texts and files say, each in the order sent, before the schema is asked. */
  read(entries: Iterable<Entry>, files: Iterable<FileEntry> = []): Submission {
    return this.fields === null ? readFlat(entries, files) : readSubmission(this.fields, entries, files)
  }

  /** What the schema says of it. */
  check(submission: Submission): Promise<Checked> {
    return check({ schema: this.schema, fields: this.fields ?? [] }, submission)
  }
}

/**
 * A form from a schema: any Standard Schema (zod 4, valibot, arktype). Where the schema also describes itself
 * (Standard JSON Schema), its fields, their types and their HTML constraints are read from it; else list them
 * under `fields`. Throws `form/schema-invalid` for something that is no Standard Schema of an object, `app/option-invalid`
 * for an option that there is not, `form/field-unknown` for an option about a field that the schema does not have,
 * `form/field-refused` for a password or a file in a `get` form and for what no control can give: tuples, sets, and
 * schemas that contain themselves.
 */
export function form<Schema extends StandardSchemaV1, const Sent extends FormMethod = 'post'>(
  schema: Schema,
  options: FormOptions<NamesOf<Schema>, Sent> = {},
): Form<Schema, Sent> {
  if (schema?.['~standard']?.version !== 1) throw new DewarError('form/schema-invalid')
  refuseUnknown('form', options, ['method', 'button', 'fields', 'order'])
  const { method } = options
  if (method !== undefined && method !== 'post' && method !== 'get') {
    throw new DewarError('app/option-invalid', `form: method is ${inShort(method)}; it may be "post" or "get".`)
  }
  return new Form(schema, options)
}

function fieldsOf(schema: StandardSchemaV1, { fields: given = {}, order = [] }: FormOptions<string>): Form['fields'] {
  refuseUnnamed(given)
  const options = byName(given)
  const described = describeInput(schema)
  const fields = (described && readFields(described, options)) ?? (options.size === 0 ? null : listFields(options))
  if (fields === null) return null
  const known = namesOf(fields)
  const unknown = [...options.keys(), ...order].find((name) => !known.includes(name))
  if (unknown === undefined) return inOrder(fields, order)
  throw new DewarError('form/field-unknown', `The form has no field ${unknown}; it has ${known.join(', ')}.`)
}

function refuseUnnamed(options: Readonly<Record<string, FieldOptions | undefined>>): void {
  refuseUnknown('form: fields', options, Object.keys(options ?? {}))
  for (const [name, own = {}] of Object.entries(options)) refuseUnknown(`form: fields.${name}`, own, fieldOptionNames)
}

// What is said of one place in a list is said of all.
function byName(options: Readonly<Record<string, FieldOptions | undefined>>): OptionsByName {
  const named = Object.entries(options).map(([name, own = {}]) => [name.replace(/\.\d+(?=\.|$)/g, '.*'), own] as const)
  return new Map(named)
}

function inOrder(fields: readonly Field[], order: readonly string[]): readonly Field[] {
  if (order.length === 0) return fields
  const placeOf = ({ name }: Field): number => (order.includes(name) ? order.indexOf(name) : order.length)
  const sorted = fields.toSorted((one, other) => placeOf(one) - placeOf(other))
  return sorted.map((field) => ({ ...field, fields: inOrder(field.fields, order) }))
}

function refuse(fields: readonly Field[], method: FormMethod): void {
  for (const field of fields) {
    if (method === 'get' && field.isSecret && !field.key.startsWith('_')) {
      throw new DewarError(
        'form/field-refused',
        `A get form cannot hold the password ${field.name}: it would stand in the address.`,
      )
    }
    if (method === 'get' && isFileField(field)) {
      throw new DewarError(
        'form/field-refused',
        `A get form cannot hold the file ${field.name}: only its name would be sent.`,
      )
    }
    refuse(field.fields, method)
  }
}
