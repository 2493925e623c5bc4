import { dateText } from './date-text.ts'
import type { FieldKind } from './field.ts'
import { isNullable, type JsonSchema, typesOf } from './json-schema.ts'
import { compile, htmlPattern } from './pattern.ts'

/** HTML attributes that say what a schema demands. */
export type Constraints = Readonly<Record<string, string | number | true>>

/** What a schema demands, as HTML attributes of the control.  WHATWG HTML §4.10.5.3 */
export function constraintsOf(kind: FieldKind, described: JsonSchema, control: string): Constraints {
  switch (kind) {
    case 'text':
      return textConstraints(described)
    case 'number':
      return numberConstraints(described)
    case 'bigint':
      return { inputmode: 'numeric' }
    case 'date':
      return dateConstraints(described, control)
    case 'checkbox':
    case 'choice':
    case 'choices':
    case 'file':
    case 'files':
    case 'list':
    case 'group':
      return {}
  }
}

/**
 * Whether the control has to be filled in. A text that may be empty is not required even if its key is:
 * the schema takes the empty text. A checkbox is required only if it must be ticked.
 */
export function isRequired(kind: FieldKind, described: JsonSchema): boolean {
  if (isNullable(described) || described['dewar-or'] !== undefined || described['dewar-raw'] === true) return false
  switch (kind) {
    case 'text':
      return refusesEmpty(described)
    case 'checkbox':
      return described.const === true
    case 'choice':
      return described.const !== '' && !described.enum?.includes('')
    case 'number':
    case 'bigint':
    case 'date':
    case 'file':
      return true
    case 'files':
      return (described.minItems ?? 0) > 0
    case 'choices':
    case 'list':
    case 'group':
      return false
  }
}

function refusesEmpty({ minLength = 0, format, pattern }: JsonSchema): boolean {
  if (minLength > 0) return true
  const written = pattern === undefined ? null : compile(pattern)
  if (written !== null) return !written.test('')
  return format !== undefined && neverEmpty.has(format)
}

const neverEmpty: ReadonlySet<string> = new Set([
  'email',
  'idn-email',
  'uri',
  'date',
  'time',
  'date-time',
  'uuid',
  'ipv4',
  'ipv6',
])

function textConstraints({ minLength = 0, maxLength, pattern, format }: JsonSchema): Constraints {
  const whole = pattern === undefined || format !== undefined ? null : htmlPattern(pattern)
  return {
    ...(minLength > 1 && { minlength: minLength }),
    ...(maxLength !== undefined && { maxlength: maxLength }),
    ...(whole !== null && { pattern: whole }),
  }
}

// A browser counts steps from `min`, a schema from zero.
function numberConstraints(described: JsonSchema): Constraints {
  const isWhole = typesOf(described).includes('integer')
  const step = described.multipleOf ?? (isWhole ? 1 : undefined)
  const min = lowest(described, isWhole)
  const max = highest(described, isWhole)
  const first = min === undefined || step === undefined ? min : firstMultiple(min, step)
  return {
    inputmode: step !== undefined && Number.isInteger(step) ? 'numeric' : 'decimal',
    step: step === undefined || first === null ? 'any' : step,
    ...(min !== undefined && { min: first ?? min }),
    ...(max !== undefined && { max }),
  }
}

function lowest({ minimum, exclusiveMinimum: above }: JsonSchema, isWhole: boolean): number | undefined {
  const min = minimum ?? (isWhole && above !== undefined ? Math.floor(above) + 1 : above)
  return min !== undefined && min > Number.MIN_SAFE_INTEGER ? min : undefined // libraries write “any integer” as this
}

function highest({ maximum, exclusiveMaximum: below }: JsonSchema, isWhole: boolean): number | undefined {
  const max = maximum ?? (isWhole && below !== undefined ? Math.ceil(below) - 1 : below)
  return max !== undefined && max < Number.MAX_SAFE_INTEGER ? max : undefined
}

function firstMultiple(min: number, step: number): number | null {
  if (isMultiple(min, step)) return min
  return Number.isInteger(step) ? Math.ceil(min / step) * step : null
}

/** Whether a number is a whole number of steps from zero, give or take what binary fractions lose. */
export function isMultiple(number: number, step: number): boolean {
  const steps = number / step
  return Math.abs(steps - Math.round(steps)) <= 1e-9 * Math.max(1, Math.abs(steps))
}

// A date alone is midnight UTC: a day that begins before the first moment is too early.
function dateConstraints({ formatMinimum, formatMaximum }: JsonSchema, control: string): Constraints {
  const first = formatMinimum === undefined ? undefined : new Date(formatMinimum)
  const isMidnight = first?.getTime() === 0 || (first !== undefined && first.getTime() % dayMilliseconds === 0)
  const from = first !== undefined && control === 'date' && !isMidnight ? nextDay(first) : first
  const min = from === undefined ? '' : dateText(from, control)
  const max = formatMaximum === undefined ? '' : dateText(new Date(formatMaximum), control)
  return { ...(min !== '' && { min }), ...(max !== '' && { max }) }
}

const dayMilliseconds = 24 * 60 * 60 * 1000

function nextDay(date: Date): Date {
  return new Date(date.getTime() + dayMilliseconds)
}

/** The constraints that a control has a place for.  WHATWG HTML §4.10.5.1 */
export function fitting(constraints: Constraints, control: string): Constraints {
  return Object.fromEntries(Object.entries(constraints).filter(([name]) => hasPlaceFor(name, control)))
}

function hasPlaceFor(name: string, control: string): boolean {
  switch (name) {
    case 'minlength':
    case 'maxlength':
      return lines.has(control) || control === 'textarea'
    case 'pattern':
      return lines.has(control)
    case 'placeholder':
      return lines.has(control) || control === 'textarea' || control === 'number'
    case 'inputmode':
      return control === 'text'
    case 'min':
    case 'max':
    case 'step':
      return ranges.has(control)
    case 'required':
      return !['hidden', 'range', 'color'].includes(control)
    case 'autocomplete':
      return !['checkbox', 'radio', 'file'].includes(control)
    default:
      return true
  }
}

const lines: ReadonlySet<string> = new Set(['text', 'search', 'url', 'tel', 'email', 'password'])
const ranges: ReadonlySet<string> = new Set(['number', 'range', 'date', 'month', 'week', 'time', 'datetime-local'])
