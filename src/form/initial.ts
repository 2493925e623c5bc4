import { dateText } from './date-text.ts'
import type { Field } from './field.ts'
import type { Typed } from './submission.ts'

/**
 * Values as the texts that stand in the controls of a form, by name: the way back from what a schema gives. A property
 * that is not there holds its default; one that no field is for, and secrets, go nowhere.
 */
export function textsOf(fields: readonly Field[] | null, values: object): Typed {
  const texts = new Map<string, readonly string[]>()
  if (fields === null) collectFlat(values, texts)
  else collectObject(fields, { values, prefix: '', texts })
  return texts
}

type Texts = Map<string, readonly string[]>

interface Values {
  readonly values: object
  /** The names around its fields, with a dot behind. */
  readonly prefix: string
  readonly texts: Texts
}

function collectObject(fields: readonly Field[], { values, prefix, texts }: Values): void {
  for (const field of fields) {
    const value = field.key in values ? values[field.key as keyof typeof values] : field.initial
    if (!field.isSecret) collect(field, { value, name: prefix + field.key, texts })
  }
}

interface Value {
  readonly value: unknown
  readonly name: string
  readonly texts: Texts
}

function collect(field: Field, { value, name, texts }: Value): void {
  switch (field.kind) {
    case 'group':
      collectObject(field.fields, { values: objectOf(value), prefix: `${name}.`, texts })
      break
    case 'list':
      collectList(field, { value, name, texts })
      break
    case 'choices':
      texts.set(name, textsIn(field, listOf(value)))
      break
    case 'text':
    case 'number':
    case 'bigint':
    case 'checkbox':
    case 'date':
    case 'choice':
      texts.set(name, textsIn(field, [value]))
      break
    case 'file':
    case 'files': // what stands in a file input is the person's alone
      break
  }
}

function collectList(list: Field, { value, name, texts }: Value): void {
  for (const item of list.fields) {
    if (item.kind !== 'group') texts.set(name, textsIn(item, listOf(value)))
    else for (const [at, each] of listOf(value).entries()) collect(item, { value: each, name: `${name}.${at}`, texts })
  }
}

function collectFlat(values: object, texts: Texts): void {
  for (const [name, value] of Object.entries(values)) {
    texts.set(name, textsIn(null, Array.isArray(value) ? value : [value]))
  }
}

function objectOf(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {}
}

function listOf(value: unknown): readonly unknown[] {
  // `as never`: it can be iterated, as the line says, and what it holds stays unknown.
  return typeof value === 'object' && value !== null && Symbol.iterator in value ? Array.from(value as never) : []
}

function textsIn(field: Field | null, values: readonly unknown[]): readonly string[] {
  return values.map((value) => textOf(field, value)).filter((text) => text !== null)
}

function textOf(field: Field | null, value: unknown): string | null {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'bigint':
      return String(value)
    case 'boolean':
      return field?.control === 'checkbox' ? (value ? 'on' : '') : String(value)
    case 'object':
      return value instanceof Date ? dateText(value, field?.control ?? '') : null
    default:
      return null
  }
}
