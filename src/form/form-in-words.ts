import type { Field } from './field.ts'
import type { Form } from './form.ts'

/** What a form asks for, as `name: text, count: number`, as far as it is known. */
export function formInWords({ fields }: Form): string {
  if (fields === null) return 'fields unknown'
  return fields.length === 0 ? 'no fields' : fields.flatMap(fieldInWords).join(', ')
}

// A group has no control of its own, and of a list every item has one.
function fieldInWords({ name, kind, fields }: Field): readonly string[] {
  if (kind === 'group') return fields.flatMap(fieldInWords)
  if (kind !== 'list') return [`${name}: ${kind}`]
  return fields.flatMap((item) => (item.kind === 'group' ? fieldInWords(item) : [`${name}: list of ${item.kind}`]))
}
