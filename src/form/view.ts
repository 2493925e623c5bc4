import { DewarError } from '../errors/dewar-error.ts'
import { type Html, type HtmlSource, html } from '../html/html.ts'
import { type Attributes, choiceControls, control, written } from './control.ts'
import { type Field, findField, isUnechoed, namesOf } from './field.ts'
import type { Form } from './form.ts'
import { textsOf } from './initial.ts'
import type { Issue, Typed } from './submission.ts'

/** What a view of a form is made from. */
export interface FormViewParts {
  readonly form: Form
  /** The path that it is sent to. */
  readonly action: string
  /** What was typed, when it is shown again; else `null`. */
  readonly typed: Typed | null
  readonly issues: readonly Issue[]
  /** The hidden inputs that prove where it came from. Called when they are shown. */
  readonly hidden: () => Html | null
}

/**
 * A form as it stands in a page. `${form}` shows all of it, labelled; the pieces let an author lay it out by hand.
 * Shown again after invalid input it holds what the person typed, and the issues beside the fields.
 */
export class FormView<Names extends string = string> implements HtmlSource {
  readonly #parts: FormViewParts
  readonly #initial: Typed

  constructor(parts: FormViewParts, initial: Typed = new Map()) {
    this.#parts = parts
    this.#initial = initial
  }

  /** The same form, holding these values until the person has typed others. */
  fill(values: object): FormView<Names> {
    return new FormView(this.#parts, textsOf(values))
  }

  /** What is wrong with what was typed, in order. Empty on the first showing. */
  get issues(): readonly Issue[] {
    return this.#parts.issues
  }

  /** The text that stands in a control; empty for passwords and for names that begin with `_`. */
  value(name: Names): string {
    return this.#textsOf(name)[0] ?? ''
  }

  /** The attributes of a form laid out by hand: `<form ${form.attributes}>`. */
  get attributes(): Html {
    const { form, action } = this.#parts
    return written({ method: form.method, action, class: 'dewar-form' })
  }

  /** The hidden inputs that a form laid out by hand must hold: `<form ${form.attributes}>${form.hidden}…`. */
  get hidden(): Html {
    return html`${this.#parts.hidden()}`
  }

  /** The list of what is wrong, which takes the focus; nothing if nothing is wrong. Put it before the form. */
  get summary(): Html {
    if (this.issues.length === 0) return html``
    return html`<div class="dewar-summary" role="alert" tabindex="-1" autofocus><p>Please look at this again:</p>
<ul>${this.issues.map((issue) => this.#summaryItem(issue))}</ul></div>
`
  }

  /** A field: label, hint, control, error. Attributes are added to the control. */
  field(name: Names, attributes: Attributes = {}): Html {
    const field = this.#find(name)
    if (field.kind === 'group') return this.#group(field, name)
    if (field.kind === 'list') return this.#list(field, name)
    if (field.kind === 'choices' || field.control === 'radio') return this.#choices(field, name, attributes)
    if (field.control === 'hidden') return this.control(name, attributes)
    const label = html`<label for="${this.#id(name)}">${field.label}</label>`
    const own = this.control(name, attributes)
    if (field.control !== 'checkbox')
      return html`<div class="dewar-field">${label}${this.#hint(field, name)}${own}${this.error(name)}</div>
`
    return html`<div class="dewar-field dewar-check">${own} ${label}${this.#hint(field, name)}${this.error(name)}</div>
`
  }

  /** The control of a field alone: `input`, `textarea` or `select`. */
  control(name: Names, attributes: Attributes = {}): Html {
    const field = this.#find(name)
    return control({
      field,
      name,
      id: this.#id(name),
      texts: this.#textsOf(name),
      attributes: this.#tied(field, name, attributes),
    })
  }

  /** What is wrong with a field, or nothing. */
  error(name: Names): Html {
    const issues = this.#issuesOf(name)
    if (issues.length === 0) return html``
    return html`<p class="dewar-error" id="${this.#id(name)}-error">${issues.map(({ message }) => message).join(' ')}</p>`
  }

  /** The whole form. */
  toHtml(): Html {
    const { form } = this.#parts
    if (form.fields === null) throw new DewarError('form/fields-unknown')
    const names = form.fields.map(({ name }) => name as Names) // the names of the schema's own fields
    return html`${this.summary}<form ${this.attributes}>${this.hidden}
${names.map((name) => this.field(name))}<button type="submit">${form.button}</button>
</form>
`
  }

  #find(name: string): Field {
    const { fields } = this.#parts.form
    const field = findField(fields ?? [], name)
    if (field !== undefined) return field
    if (fields === null) throw new DewarError('form/fields-unknown')
    throw new DewarError('form/field-unknown', `The form has no field ${name}; it has ${namesOf(fields).join(', ')}.`)
  }

  #textsOf(name: string): readonly string[] {
    if (isUnechoed(findField(this.#parts.form.fields ?? [], name), name)) return []
    return (this.#parts.typed ?? this.#initial).get(name) ?? []
  }

  // An issue about one value of a list of plain values belongs to the control that has them all.
  #issuesOf(name: string): readonly Issue[] {
    const plain = findField(this.#parts.form.fields ?? [], name)?.fields[0]?.kind !== 'group'
    return this.issues.filter((issue) => {
      return (
        issue.name === name ||
        (plain && /^\d+$/.test(issue.name.slice(name.length + 1)) && issue.name.startsWith(`${name}.`))
      )
    })
  }

  #id(name: string): string {
    const [path = ''] = this.#parts.action.split('?', 1)
    const page = path.replace(/[^a-z0-9]+/gi, '-').replace(/^-|-$/g, '')
    return `${page === '' ? 'form' : page}-${name.replace(/\./g, '-')}`
  }

  #tied(field: Field, name: string, own: Attributes): Attributes {
    const wrong = this.#issuesOf(name).length > 0
    const described = [field.hint === '' ? '' : `${this.#id(name)}-hint`, wrong ? `${this.#id(name)}-error` : '']
    const ids = described.filter((id) => id !== '').join(' ')
    return { 'aria-invalid': wrong ? 'true' : undefined, 'aria-describedby': ids === '' ? undefined : ids, ...own }
  }

  #hint(field: Field, name: string): Html | null {
    return field.hint === '' ? null : html`<p class="dewar-hint" id="${this.#id(name)}-hint">${field.hint}</p>`
  }

  #group(field: Field, name: string): Html {
    const inner = field.fields.map((each) => this.field(childName(each, name) as Names)) // names of the schema's own fields
    return html`<fieldset class="dewar-group" id="${this.#id(name)}"><legend>${field.label}</legend>${this.#hint(field, name)}${inner}${this.error(name as Names)}</fieldset>
`
  }

  #choices(field: Field, name: Names, attributes: Attributes): Html {
    const { 'aria-invalid': invalid, ...tied } = this.#tied(field, name, {})
    const required = field.control === 'radio' ? field.constraints.required : undefined
    const controls = choiceControls({
      field,
      name,
      id: this.#id(name),
      texts: this.#textsOf(name),
      attributes: { 'aria-invalid': invalid, required, ...attributes },
    })
    return html`<fieldset class="dewar-choices" ${written({ id: this.#id(name), ...tied })}><legend>${field.label}</legend>${this.#hint(field, name)}${controls}${this.error(name)}</fieldset>
`
  }

  // What is there, and one empty place more.
  #list(field: Field, name: string): Html {
    const [item] = field.fields
    const items = item?.kind === 'group' ? this.#objects(item, name) : this.#texts(field, name)
    return html`<fieldset class="dewar-list" ${written({ id: this.#id(name), ...this.#tied(field, name, { 'aria-invalid': undefined }) })}><legend>${field.label}</legend>${this.#hint(field, name)}${items}${this.error(name as Names)}</fieldset>
`
  }

  #texts(field: Field, name: string): readonly Html[] {
    const [item = field] = field.fields
    const wrong = this.#issuesOf(name).length > 0 ? 'true' : undefined
    return [...this.#textsOf(name), ''].map((text, index) => {
      const attributes = { 'aria-label': `${field.label} ${index + 1}`, 'aria-invalid': wrong }
      return html`${control({ field: item, name, id: `${this.#id(name)}-${index + 1}`, texts: [text], attributes })}
`
    })
  }

  #objects(item: Field, name: string): readonly Html[] {
    const held = new Set(
      [...(this.#parts.typed ?? this.#initial).keys()].map((key) => key.slice(name.length + 1).split('.')[0]),
    )
    const count = [...held].filter((place) => /^\d+$/.test(place ?? '')).length
    return Array.from({ length: count + 1 }, (_, index) => {
      return this.#group({ ...item, label: `${item.label} ${index + 1}` }, `${name}.${index}`)
    })
  }

  #summaryItem({ name, message }: Issue): Html {
    const field =
      findField(this.#parts.form.fields ?? [], name) ??
      findField(this.#parts.form.fields ?? [], name.replace(/\.\d+$/, ''))
    if (field === undefined) return html`<li>${message}</li>`
    const shown = field.name.endsWith('.*') ? name.replace(/\.\d+$/, '') : name
    const first = field.kind === 'choices' || field.kind === 'list' ? `${this.#id(shown)}-1` : this.#id(shown)
    return html`<li><a href="${`#${first}`}">${field.label}</a>: ${message}</li>`
  }
}

function childName(field: Field, parent: string): string {
  return `${parent}.${field.name.slice(field.name.lastIndexOf('.') + 1)}`
}
