import type { FieldKind } from './field.ts'
import type { JsonSchema } from './json-schema.ts'

type Constraints = Record<string, string | number | true>

/** What a schema demands, as HTML attributes of the control.  WHATWG HTML §4.10.5.3 */
export function constraintsOf(kind: FieldKind, described: JsonSchema, control: string): Constraints {
  switch (kind) {
    case 'text':
      return textConstraints(described, control)
    case 'number':
      return numberConstraints(described)
    case 'bigint':
      return { inputmode: 'numeric' }
    case 'checkbox':
    case 'date':
    case 'choice':
    case 'choices':
    case 'list':
    case 'group':
      return {}
  }
}

/**
 * Whether the control has to be filled in. A text that may be empty is not required even if its key is:
 * the schema takes the empty text. A checkbox is required only if it must be ticked.
 */
export function isRequired(kind: FieldKind, described: JsonSchema, needed: boolean): boolean {
  if (!needed) return false
  if (kind === 'checkbox') return described.const === true
  if (kind === 'text') return refusesEmpty(described)
  return kind !== 'group' && kind !== 'list' && kind !== 'choices' && !isNullable(described)
}

function refusesEmpty({ minLength, format, pattern, type }: JsonSchema): boolean {
  if (Array.isArray(type) && type.includes('null')) return false
  return (minLength ?? 0) > 0 || format !== undefined || (pattern !== undefined && !new RegExp(pattern).test(''))
}

function isNullable({ type }: JsonSchema): boolean {
  return Array.isArray(type) && type.includes('null')
}

function textConstraints({ minLength, maxLength, pattern, format }: JsonSchema, control: string): Constraints {
  const constraints: Constraints = {}
  const lengths = ['text', 'search', 'url', 'tel', 'email', 'password', 'textarea'].includes(control)
  if (lengths && minLength !== undefined && minLength > 1) constraints.minlength = minLength
  if (lengths && maxLength !== undefined) constraints.maxlength = maxLength
  const whole = pattern === undefined || format !== undefined || control === 'textarea' ? null : htmlPattern(pattern)
  if (lengths && whole !== null) constraints.pattern = whole
  return constraints
}

// A JSON Schema pattern matches anywhere in the text, an HTML one the whole text and with the `v` flag.
function htmlPattern(pattern: string): string | null {
  const whole = `${pattern.startsWith('^') ? '' : '.*'}(?:${pattern})${pattern.endsWith('$') ? '' : '.*'}`
  try {
    new RegExp(whole, 'v')
    return whole
  } catch {
    return null // the server still checks it
  }
}

function numberConstraints(described: JsonSchema): Constraints {
  const { type, multipleOf, exclusiveMinimum, exclusiveMaximum } = described
  const whole = type === 'integer' || (Array.isArray(type) && type.includes('integer'))
  const above = whole && exclusiveMinimum !== undefined ? exclusiveMinimum + 1 : exclusiveMinimum
  const below = whole && exclusiveMaximum !== undefined ? exclusiveMaximum - 1 : exclusiveMaximum
  const constraints: Constraints = { step: multipleOf ?? (whole ? 1 : 'any') }
  const min = described.minimum ?? above
  const max = described.maximum ?? below
  if (min !== undefined && min > Number.MIN_SAFE_INTEGER) constraints.min = min // libraries write "any integer" as this
  if (max !== undefined && max < Number.MAX_SAFE_INTEGER) constraints.max = max
  return constraints
}
