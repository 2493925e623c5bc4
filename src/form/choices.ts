import type { Choice, FieldKind, FieldOptions } from './field.ts'
import type { JsonSchema } from './json-schema.ts'

/**
 * What there is to choose from: the constants of the schema, in the author's words; where it has none and the author
 * wants a select or radio buttons, what the author lists, or yes and no.
 */
export function choicesFor(kind: FieldKind, described: JsonSchema, own: FieldOptions): readonly Choice[] {
  const words = new Map(Object.entries(own.choices ?? {}))
  return valuesFor(kind, described, own).map((value) => {
    return { value, label: words.get(String(value)) ?? wordFor(value) }
  })
}

/** The constants that a schema takes. */
export function describedChoices({ enum: values, const: only }: JsonSchema): readonly Choice['value'][] {
  return (values ?? [only]).filter(isChoice)
}

function valuesFor(kind: FieldKind, described: JsonSchema, own: FieldOptions): readonly Choice['value'][] {
  if (kind === 'choice') return describedChoices(described)
  if (own.control !== 'select' && own.control !== 'radio') return []
  if (kind === 'checkbox') return [true, false]
  const said = Object.keys(own.choices ?? {})
  return kind === 'number' ? said.map(Number) : said
}

function wordFor(value: Choice['value']): string {
  if (typeof value !== 'boolean') return String(value)
  return value ? 'Yes' : 'No'
}

function isChoice(value: unknown): value is Choice['value'] {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}
