import type { Field } from './field.ts'

/** What the text of one control comes to: a value for the schema, or a sentence about why it is none. */
export type Coerced =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'unreadable'; readonly message: string }

/** Turns the texts posted under the name of a field into the value that its schema is asked about. */
export function coerce(field: Field, texts: readonly string[]): Coerced {
  if (field.kind === 'checkbox') return coerceCheckbox(texts)
  if (field.kind === 'choices')
    return { kind: 'value', value: texts.filter((text) => text !== '').map((text) => chosen(field, text)) }
  const text = texts[0]
  if (text === undefined) return { kind: 'value', value: undefined }
  if (isBlank(field, text)) return blankValue(field, text)
  return coerceText(field, text)
}

function coerceText(field: Field, text: string): Coerced {
  switch (field.kind) {
    case 'number':
      return coerceNumber(text.trim())
    case 'bigint':
      return /^-?\d+$/.test(text.trim())
        ? { kind: 'value', value: BigInt(text.trim()) }
        : unreadable('Enter a whole number.')
    case 'date':
      return coerceDate(text.trim())
    case 'choice':
      return { kind: 'value', value: chosen(field, text) }
    case 'text':
    case 'checkbox':
    case 'choices':
    case 'list':
    case 'group':
      return { kind: 'value', value: text.replace(/\r\n?/g, '\n') } // browsers send CRLF; the person saw one line end
  }
}

function isBlank(field: Field, text: string): boolean {
  return field.kind === 'text' ? text === '' : text.trim() === ''
}

function blankValue(field: Field, text: string): Coerced {
  switch (field.blank) {
    case 'missing':
      return { kind: 'value', value: undefined }
    case 'null':
      return { kind: 'value', value: null }
    case 'empty':
      return { kind: 'value', value: text }
  }
}

// An unticked box sends nothing. A hidden `0` before a box of the same name is overruled by the box.
function coerceCheckbox(texts: readonly string[]): Coerced {
  const last = texts.at(-1)?.toLowerCase()
  return { kind: 'value', value: last !== undefined && !['', 'false', '0', 'off', 'no'].includes(last) }
}

function coerceNumber(text: string): Coerced {
  const written = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text)
  const value = Number(text)
  return written && Number.isFinite(value) ? { kind: 'value', value } : unreadable('Enter a number.')
}

// yyyy-mm-dd is midnight UTC; with a time it is that time, in UTC when no zone is named.
function coerceDate(text: string): Coerced {
  const [, day, time = 'T00:00', zone = 'Z'] =
    /^(\d{4,6}-\d\d-\d\d)([T ]\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)?(Z|[+-]\d\d:\d\d)?$/.exec(text) ?? []
  const date = new Date(`${day}${time.replace(' ', 'T')}${zone}`)
  const midnight = new Date(`${day}T00:00Z`)
  const exists = !Number.isNaN(date.getTime()) && midnight.toISOString().startsWith(day ?? '?')
  return exists ? { kind: 'value', value: date } : unreadable('Enter a date.')
}

function chosen(field: Field, text: string): unknown {
  const choice = field.choices.find(({ value }) => String(value) === text)
  return choice === undefined ? text : choice.value
}

function unreadable(message: string): Coerced {
  return { kind: 'unreadable', message }
}
