import { escapeHtml } from '../html/escape.ts'
import { type Html, html, raw } from '../html/html.ts'
import type { Choice, Field } from './field.ts'

/** Attributes of a control, by name. `true` stands alone; `false` and `undefined` are left out. */
export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>

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
export function control(parts: ControlParts): Html {
  const { field, texts, name, id } = parts
  const attributes = written({ id, name, ...field.constraints, ...parts.attributes })
  switch (field.control) {
    case 'textarea':
      return html`<textarea ${attributes}>${texts[0] ?? ''}</textarea>`
    case 'select':
      return selectControl(parts, attributes)
    case 'checkbox':
      return html`<input type="checkbox" ${attributes} ${field.kind === 'checkbox' ? ticked(texts) : null}>`
    case 'password':
      return html`<input type="password" ${attributes}>`
    default:
      return html`<input type="${field.control}" ${attributes} value="${texts[0] ?? ''}">`
  }
}

/** One box or button for each choice of a field, inside its fieldset. */
export function choiceControls({ field, name, id, texts, attributes }: ControlParts): Html {
  const type = field.control === 'radio' ? 'radio' : 'checkbox'
  return html`${field.choices.map((choice, index) => {
    const own = written({ id: `${id}-${index + 1}`, name, value: String(choice.value), ...attributes })
    const checked = texts.includes(String(choice.value))
    return html`<label class="dewar-choice"><input type="${type}" ${own} ${checked ? raw('checked') : null}> ${choice.label}</label>`
  })}`
}

function selectControl({ field, texts }: ControlParts, attributes: Html): Html {
  const multiple = field.kind === 'choices'
  const optional = field.constraints.required !== true
  const blank = multiple ? null : html`<option value="">${optional ? '' : 'Choose…'}</option>`
  return html`<select ${attributes} ${multiple ? raw('multiple') : null}>${blank}${field.choices.map((choice) => option(choice, texts))}</select>`
}

function option({ value, label }: Choice, texts: readonly string[]): Html {
  const text = String(value)
  return html`<option value="${text}" selected=${texts.includes(text)}>${label}</option>`
}

function ticked(texts: readonly string[]): Html | null {
  const last = texts.at(-1)
  return last === undefined || ['', 'false', '0', 'off', 'no'].includes(last.toLowerCase()) ? null : raw('checked')
}

/** Attributes as they stand in a tag, escaped. Names come from schemas' constraints and the author, never from a request. */
export function written(attributes: Attributes): Html {
  const parts: string[] = []
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue
    parts.push(value === true ? name : `${name}="${escapeHtml(String(value))}"`)
  }
  return raw(parts.join(' '))
}
