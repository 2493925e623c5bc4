import { escapeHtml } from '../html/escape.ts'
import { type Html, html, raw } from '../html/html.ts'
import { isTicked } from './coerce.ts'
import { type Constraints, fitting, isMultiple } from './constraints.ts'
import { isDay, isLocalTime, isTimeOfDay } from './date-text.ts'
import type { Choice, Field } from './field.ts'

/** Attributes of a control, by name. `true` stands alone; `false` and `undefined` are left out. */
export interface Attributes {
  readonly [name: string]: string | number | boolean | undefined
  /** The id and the name of a control are the form's own. */
  readonly id?: never
  readonly name?: never
}

/** What a control shows. */
export interface ControlParts {
  readonly field: Field
  /** Its name as it is posted. */
  readonly name: string
  readonly id: string
  /** The texts that stand in it, or are chosen or ticked. */
  readonly texts: readonly string[]
  /** What the author adds or overrides, and what ties it to its hint and its error. */
  readonly attributes: Attributes
}

/** The control of a field: `input`, `textarea` or `select`, with the constraints of its schema. */
export function control({ attributes: { type, ...attributes }, ...parts }: ControlParts): Html {
  const shown = { ...parts, attributes }
  const text = parts.texts[0] ?? ''
  const kind = parts.field.control === 'file' ? 'file' : String(type ?? parts.field.control)
  switch (kind) {
    case 'textarea':
      return html`<textarea ${written(attributesOf(shown, kind))}>${text}</textarea>`
    case 'select':
      return selectControl(shown)
    case 'checkbox':
      return input(shown, kind, { checked: isTicked(parts.texts) })
    case 'password':
      return input(shown, kind, {})
    case 'file': // what stands in it is the person's alone
      return input({ ...shown, attributes: { ...attributes, value: undefined } }, kind, {})
    default:
      // A browser empties an input whose text is not of its type. What the person typed is worth more than the type.
      return input(shown, text === '' || holds(kind, text) ? kind : 'text', { value: text })
  }
}

/** One box or button for each choice of a field, inside its fieldset. */
export function choiceControls(parts: ControlParts): Html {
  const { field, id, texts } = parts
  const type = field.control === 'radio' ? 'radio' : 'checkbox'
  return html`${field.choices.map(({ value, label }, index) => {
    const text = String(value)
    const one = input({ ...parts, id: `${id}-${index + 1}` }, type, { value: text, checked: texts.includes(text) })
    return html`<label class="dewar-choice">${one} ${label}</label>`
  })}`
}

/** Hidden inputs that hold the texts of a field. */
export function hiddenControls({ field, name, id, texts }: ControlParts): Html {
  if (field.kind !== 'choices' && field.kind !== 'list') {
    return html`<input ${written({ type: 'hidden', id, name, value: texts[0] ?? '' })}>`
  }
  return html`${texts.map((value) => html`<input ${written({ type: 'hidden', name, value })}>`)}`
}

function input(parts: ControlParts, type: string, ours: Attributes): Html {
  const attributes = { ...ours, ...parts.attributes }
  return html`<input ${written({ type, ...attributesOf({ ...parts, attributes }, type) })}>`
}

function holds(type: string, text: string): boolean {
  switch (type) {
    case 'number':
    case 'range':
      return /^-?(?:\d+(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?$/i.test(text)
    case 'date':
      return isDay(text)
    case 'time':
      return isTimeOfDay(text)
    case 'datetime-local':
      return isLocalTime(text)
    case 'month':
      return isDay(`${text}-01`)
    case 'week':
      return /^\d{4}-W(?:0[1-9]|[1-4]\d|5[0-3])$/.test(text)
    case 'color':
      return /^#[\da-f]{6}$/i.test(text)
    default:
      return true
  }
}

function selectControl(parts: ControlParts): Html {
  const { field, texts } = parts
  const isMultiple = field.kind === 'choices'
  const hasBlank = !isMultiple && !field.choices.some(({ value }) => value === '')
  const blank = field.constraints.required === true ? 'Choose…' : '—'
  const attributes = { ...attributesOf(parts, 'select'), multiple: isMultiple }
  return html`<select ${written(attributes)}>${hasBlank && html`<option value="">${blank}</option>`}${field.choices.map((choice) => option(choice, texts))}</select>`
}

function option({ value, label }: Choice, texts: readonly string[]): Html {
  const text = String(value)
  return html`<option value="${text}" selected=${texts.includes(text)}>${label === '' ? '—' : label}</option>`
}

type Written = Readonly<Record<string, string | number | boolean | undefined>>

// The author's attributes go before the schema's, the id and the name before all.
function attributesOf({ field, name, id, texts, attributes }: ControlParts, control: string): Written {
  const named = { id, name }
  const constraints = fitting(field.constraints, control)
  return { ...named, ...constraints, ...steps(constraints, texts[0]), ...attributes, ...named }
}

// Without `min` a browser counts steps from the value in the page: a wrong one would make right ones wrong.
function steps({ step, min }: Constraints, text: string | undefined): Constraints {
  const isOff = typeof step === 'number' && min === undefined && text !== undefined && !isMultiple(Number(text), step)
  return isOff ? { step: 'any' } : {}
}

/** Attributes as they stand in a tag, escaped. Names come from schemas' constraints and the author, never from a request. */
export function written(attributes: Written): Html {
  const parts: string[] = []
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue
    parts.push(value === true ? name : `${name}="${escapeHtml(String(value))}"`)
  }
  return raw(parts.join(' '))
}
