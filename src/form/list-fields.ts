import { describeField } from './describe-field.ts'
import type { Field, FieldOptions } from './field.ts'
import type { JsonSchema } from './json-schema.ts'
import type { OptionsByName } from './read-fields.ts'

/**
 * The fields of a form whose schema does not describe itself: those that the author lists, in that order. A dot in a
 * name makes an object, a `*` after it a list: `address.city`, `items.*.sku`.
 */
export function listFields(options: OptionsByName): readonly Field[] {
  return listBelow([...options.keys()], { options, prefix: '' })
}

interface Place {
  readonly options: OptionsByName
  /** The names around the fields, with a dot behind. */
  readonly prefix: string
}

function listBelow(names: readonly string[], { options, prefix }: Place): readonly Field[] {
  const keys = new Set(names.map((name) => name.slice(prefix.length).split('.', 1)[0] ?? ''))
  return [...keys].map((key) => {
    const name = prefix + key
    const field = plainField(name, key, options.get(name) ?? {})
    const below = names.filter((each) => each.startsWith(`${name}.`))
    if (below.length === 0) return field
    const fields = listBelow(below, { options, prefix: `${name}.` })
    return { ...field, kind: fields[0]?.key === '*' ? 'list' : 'group', blank: 'empty', fields }
  })
}

function plainField(name: string, key: string, own: FieldOptions): Field {
  const control = own.control ?? (own.choices && 'select')
  const field = describeField({
    name,
    key,
    own: { ...own, ...(control && { control }) },
    described: describedBy(own),
    needed: own.required === true,
    isSure: !name.includes('*'),
  })
  if (own.multiple !== true) return field
  if (field.kind === 'file') return { ...field, kind: 'files', constraints: { ...field.constraints, multiple: true } }
  if (field.kind !== 'choice') return { ...field, kind: 'list', fields: [{ ...field, name: `${name}.*`, key: '*' }] }
  return { ...field, kind: 'choices', control: own.control === 'select' ? 'select' : 'checkbox' }
}

// As a schema would say what the author says.
function describedBy({ control, required }: FieldOptions): JsonSchema {
  switch (control) {
    case 'number':
      return { type: 'number' }
    case 'checkbox':
      return { type: 'boolean', ...(required && { const: true }) }
    case 'date':
    case 'file':
      return { 'dewar-kind': control }
    default:
      return required ? { type: 'string', minLength: 1 } : { type: 'string' }
  }
}
