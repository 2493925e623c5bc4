import { constraintsOf, isRequired } from './constraints.ts'
import { type Choice, type Field, type FieldKind, type FieldOptions, inWords } from './field.ts'
import type { JsonSchema } from './json-schema.ts'

/** What an author said about the fields of a form, by name. */
export type OptionsByName = Readonly<Record<string, FieldOptions | undefined>>

/** The fields of a form whose schema describes itself, in the schema's order. */
export function readFields(root: JsonSchema, options: OptionsByName): readonly Field[] {
  const object = settle(root, root)
  return readProperties({ root, options }, object, '')
}

/** The fields of a form whose schema does not describe itself: those that the author lists. */
export function listFields(options: OptionsByName): readonly Field[] {
  return Object.entries(options).map(([name, own = {}]) => {
    const kind = own.control === undefined ? 'text' : (kindOfControl[own.control] ?? 'text')
    const field = fieldOf({
      name,
      own,
      kind,
      described: own.required === true ? { minLength: 1 } : {},
      needed: own.required === true,
    })
    if (own.multiple !== true) return field
    return { ...field, kind: 'list', fields: [{ ...field, name: `${name}.*` }] }
  })
}

const kindOfControl: Readonly<Record<string, FieldKind>> = { number: 'number', checkbox: 'checkbox', date: 'date' }

interface Reading {
  readonly root: JsonSchema
  readonly options: OptionsByName
}

function readProperties(reading: Reading, object: JsonSchema, prefix: string): readonly Field[] {
  return Object.entries(object.properties ?? {}).map(([key, property]) => {
    return readField(reading, { name: prefix + key, schema: property, needed: object.required?.includes(key) ?? false })
  })
}

interface Property {
  readonly name: string
  readonly schema: JsonSchema
  readonly needed: boolean
}

function readField(reading: Reading, { name, schema, needed }: Property): Field {
  const described = settle(schema, reading.root)
  const own = reading.options[name] ?? {}
  const kind = kindOf(described)
  const field = fieldOf({ name, own, kind, described, needed })
  if (kind === 'group') return { ...field, fields: readProperties(reading, described, `${name}.`) }
  if (kind !== 'list') return field
  const item = settle(described.items ?? {}, reading.root)
  const choices = choicesOf(item, own)
  if (choices.length > 0) return { ...field, kind: 'choices', control: own.control ?? 'checkbox', choices }
  return { ...field, fields: [readField(reading, { name: `${name}.*`, schema: item, needed: false })] }
}

interface FieldParts {
  readonly name: string
  readonly own: FieldOptions
  readonly kind: FieldKind
  readonly described: JsonSchema
  readonly needed: boolean
}

function fieldOf({ name, own, kind, described, needed }: FieldParts): Field {
  const control = own.control ?? controlOf(kind, described, name)
  return {
    name,
    kind,
    control,
    label: own.label ?? described.title ?? inWords(name),
    hint: own.hint ?? described.description ?? '',
    constraints: {
      ...constraintsOf(kind, described, control),
      ...(isRequired(kind, described, needed) && { required: true }),
      ...(own.autocomplete !== undefined && { autocomplete: own.autocomplete }),
      ...(own.placeholder !== undefined && { placeholder: own.placeholder }),
    },
    choices: choicesOf(described, own),
    fields: [],
    blank: blankOf(kind, described, needed),
  }
}

function blankOf(kind: FieldKind, described: JsonSchema, needed: boolean): Field['blank'] {
  if (typesOf(described).includes('null')) return 'null'
  return (kind === 'text' || kind === 'group') && needed ? 'empty' : 'missing'
}

function kindOf(described: JsonSchema): FieldKind {
  const special = described['dewar-kind']
  if (special !== undefined) return special
  const types = typesOf(described).filter((type) => type !== 'null')
  if (types.length === 1 && types[0] === 'boolean') return 'checkbox'
  if (choicesOf(described, {}).length > 0) return 'choice'
  if (types.length !== 1) return 'text'
  switch (types[0]) {
    case 'number':
    case 'integer':
      return 'number'
    case 'array':
      return 'list'
    case 'object':
      return 'group'
    default:
      return 'text'
  }
}

function controlOf(kind: FieldKind, described: JsonSchema, name: string): string {
  if (kind === 'choice') return 'select'
  if (kind === 'checkbox' || kind === 'number' || kind === 'date') return kind
  if (kind !== 'text') return 'text'
  if (described.format === 'date-time') return takesLocalTime(described) ? 'datetime-local' : 'text'
  if (described.format !== undefined) return controlOfFormat[described.format] ?? 'text'
  if (/password|passphrase/i.test(name)) return 'password'
  return (described.maxLength ?? 0) > 255 ? 'textarea' : 'text'
}

const controlOfFormat: Readonly<Record<string, string>> = {
  binary: 'file',
  email: 'email',
  'idn-email': 'email',
  uri: 'url',
  date: 'date',
  time: 'time',
  password: 'password',
}

// A datetime-local control sends no time zone; a schema that wants one would refuse whatever it sends.
function takesLocalTime({ pattern }: JsonSchema): boolean {
  return pattern !== undefined && new RegExp(pattern).test('2026-01-31T12:30')
}

function choicesOf({ enum: values, const: only, anyOf, oneOf }: JsonSchema, own: FieldOptions): readonly Choice[] {
  const branches = anyOf ?? oneOf ?? []
  const written = values ?? (only === undefined ? branches.map((branch) => branch.const) : [only])
  return written.filter(isChoice).map((value) => ({ value, label: own.choices?.[String(value)] ?? String(value) }))
}

function isChoice(value: unknown): value is Choice['value'] {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

function typesOf({ type }: JsonSchema): readonly string[] {
  if (type === undefined) return []
  return typeof type === 'string' ? [type] : type
}

// Follows a reference, joins what `allOf` splits, and takes the other side of an `anyOf` with null.
function settle(schema: JsonSchema, root: JsonSchema): JsonSchema {
  const { $ref, allOf, anyOf, ...rest } = schema
  const target = $ref?.startsWith('#/$defs/') ? root.$defs?.[$ref.slice('#/$defs/'.length)] : undefined
  if (target !== undefined) return settle({ ...target, ...rest }, root)
  if (allOf !== undefined) return allOf.map((part) => settle(part, root)).reduce(join, settle({ ...rest }, root))
  if (anyOf === undefined) return schema
  const others = anyOf.filter((branch) => branch.type !== 'null')
  const [only] = others
  if (others.length !== 1 || anyOf.length === 1 || only === undefined) return schema
  const settled = settle(only, root)
  return { ...settled, ...rest, type: [...typesOf(settled), 'null'] }
}

function join(one: JsonSchema, other: JsonSchema): JsonSchema {
  return {
    ...one,
    ...other,
    properties: { ...one.properties, ...other.properties },
    required: [...(one.required ?? []), ...(other.required ?? [])],
  }
}
