import { DewarError } from '../errors/dewar-error.ts'
import { isRequired } from './constraints.ts'
import { describeField } from './describe-field.ts'
import type { Field, FieldOptions } from './field.ts'
import { isFile } from './file-demands.ts'
import { type JsonSchema, typesOf } from './json-schema.ts'
import { settle } from './settle.ts'

/** What an author said about the fields of a form, by the name of the field: `items.*.sku` inside a list. */
export type OptionsByName = ReadonlyMap<string, FieldOptions>

/**
 * The fields of a form whose schema describes itself, in the schema's order; `null` for a schema that does not say
 * what it is. Throws `form/schema-invalid` for a schema of something else than an object, `form/field-refused` for
 * what no control can give and for a schema that contains itself.
 */
export function readFields(root: JsonSchema, options: OptionsByName): readonly Field[] | null {
  const object = settle(root, root)
  if (isFile(object)) throw notOfObject('of a file')
  if (object.properties !== undefined) return readProperties({ root, options, isSure: true }, object, '')
  const types = typesOf(object)
  if (types.includes('object')) return []
  if (types.length === 0) return null
  throw notOfObject(`of type ${types.join(' or ')}`)
}

function notOfObject(found: string): DewarError {
  return new DewarError('form/schema-invalid', `A form asks for an object; this schema is ${found}.`)
}

interface Reading {
  readonly root: JsonSchema
  readonly options: OptionsByName
  /** Whether what is read is there whatever is filled in: not in an object that may be missing, nor in a list. */
  readonly isSure: boolean
}

function readProperties(reading: Reading, object: JsonSchema, prefix: string): readonly Field[] {
  return Object.entries(object.properties ?? {}).map(([key, schema]) => {
    const own = reading.options.get(prefix + key) ?? {}
    const needed = object.required?.includes(key) ?? false
    return readField(reading, { name: prefix + key, key, own, schema, needed })
  })
}

interface Property {
  readonly name: string
  readonly key: string
  readonly own: FieldOptions
  readonly schema: JsonSchema | boolean
  readonly needed: boolean
}

function readField(reading: Reading, { schema, needed, ...property }: Property): Field {
  const described = settle(schema, reading.root)
  refuse(property.name, described)
  const isNeeded = needed && described['dewar-or'] !== 'missing'
  const field = describeField({ ...property, described, needed: isNeeded, isSure: reading.isSure })
  if (field.kind === 'group') {
    const isSure = reading.isSure && field.blank === 'empty'
    return { ...field, fields: readProperties({ ...reading, isSure }, described, `${field.name}.`) }
  }
  if (field.kind !== 'list') return field
  const needsOne = isNeeded && reading.isSure && isRequired('files', described)
  return readList(reading, { field, own: property.own, items: described.items ?? {}, needsOne })
}

interface List {
  readonly field: Field
  readonly own: FieldOptions
  readonly items: JsonSchema | boolean
  /** Whether it has to have an item. */
  readonly needsOne: boolean
}

// What the author says about a list holds for the controls of its items too.
function readList(reading: Reading, { field, own, items, needsOne }: List): Field {
  const name = `${field.name}.*`
  const { title = field.label } = settle(items, reading.root)
  const ownOfItem = { ...own, hint: '', label: title, ...reading.options.get(name) }
  const item = readField({ ...reading, isSure: false }, { name, key: '*', own: ownOfItem, schema: items, needed: true })
  if (item.kind === 'list' || item.kind === 'choices' || item.kind === 'files')
    throw refused(`The field ${field.name} is a list of lists.`)
  const isSecret = field.isSecret || (item.isSecret && item.kind !== 'group')
  if (item.kind === 'file') return filesField({ ...field, isSecret }, item, needsOne)
  if (item.kind !== 'choice') return { ...field, isSecret, fields: [item] }
  const control = own.control === 'select' || own.control === 'hidden' ? own.control : 'checkbox'
  return { ...field, kind: 'choices', control, choices: item.choices }
}

// One control for all of them, and each file is judged as its item says.
function filesField(field: Field, { control, constraints, maxBytes, types }: Field, needsOne: boolean): Field {
  const required: Field['constraints'] = needsOne ? { required: true } : {}
  return {
    ...field,
    kind: 'files',
    control,
    constraints: { ...constraints, ...required, multiple: true },
    maxBytes,
    types,
  }
}

const deepest = 12

function refuse(name: string, described: JsonSchema): void {
  const path = name.split('.')
  if (path.length > deepest) {
    const start = path.slice(0, 3).join('.')
    throw refused(`The fields below ${start} go more than ${deepest} deep: the schema seems to contain itself.`)
  }
  if (described['dewar-kind'] === 'collection' || described.prefixItems !== undefined) {
    throw refused(`The field ${name} is a tuple, a set, a map or a function: use an object or an array.`)
  }
}

function refused(detail: string): DewarError {
  return new DewarError('form/field-refused', detail)
}
