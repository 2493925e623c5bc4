import { readDate } from './date-text.ts'
import type { Field } from './field.ts'

/** What the text of one control comes to: a value for the schema, or a sentence about why it is none. */
export type Coerced =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'unreadable'; readonly message: string }

/** Turns the texts posted under the name of a field into the value that its schema is asked about. */
export function coerce(field: Field, texts: readonly string[]): Coerced {
  if (field.kind === 'checkbox') return value(isTicked(texts))
  if (field.kind === 'choices') {
    return value(texts.filter((text) => text !== '').map((text) => chosen(field, text)))
  }
  const text = texts[0]
  if (text === undefined) return value(undefined)
  return isBlank(field, text) ? value(blankValue(field)) : coerceText(field, text)
}

/**
 * Whether these texts mean a ticked box. An unticked box sends nothing; a hidden `0` before a box of the same name is
 * overruled by the box.
 */
export function isTicked(texts: readonly string[]): boolean {
  const last = texts.at(-1)?.toLowerCase()
  return last !== undefined && !['', 'false', '0', 'off', 'no'].includes(last)
}

function coerceText(field: Field, text: string): Coerced {
  switch (field.kind) {
    case 'number':
      return coerceNumber(text.trim())
    case 'bigint':
      return coerceBigint(text.trim())
    case 'date': {
      const date = readDate(text.trim())
      return date === null ? unreadable('Enter a date.') : value(date)
    }
    case 'choice':
      return value(chosen(field, text))
    case 'text':
    case 'checkbox':
    case 'choices':
    case 'file':
    case 'files':
    case 'list':
    case 'group':
      return value(text.replace(/\r\n?/g, '\n')) // browsers send CRLF; the person saw one line end
  }
}

function isBlank(field: Field, text: string): boolean {
  return field.kind === 'text' ? text === '' : text.trim() === ''
}

/** What a field comes to when nothing is filled in. */
export function blankValue(field: Field): unknown {
  switch (field.blank) {
    case 'missing':
      return undefined
    case 'null':
      return null
    case 'empty':
      return ''
  }
}

// number = [ "+" / "-" ] ( 1*DIGIT [ "." *DIGIT ] / "." 1*DIGIT ) [ "e" [ "+" / "-" ] 1*DIGIT ]
// No two parts of the expression can take the same digit, so that it is read in one pass.
function coerceNumber(text: string): Coerced {
  const isWritten = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i.test(text)
  const number = Number(text)
  return isWritten && Number.isFinite(number) ? value(number) : unreadable('Enter a number.')
}

// Reading digits takes more than twice the time for twice as many, so there is an end.
function coerceBigint(text: string): Coerced {
  return /^[+-]?\d{1,1000}$/.test(text) ? value(BigInt(text)) : unreadable('Enter a whole number.')
}

function chosen(field: Field, text: string): unknown {
  const choice = field.choices.find((each) => String(each.value) === text)
  return choice === undefined ? text : choice.value
}

function value(found: unknown): Coerced {
  return { kind: 'value', value: found }
}

function unreadable(message: string): Coerced {
  return { kind: 'unreadable', message }
}
