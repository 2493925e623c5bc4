import { DewarError } from '../errors/dewar-error.ts'
import { type Html, type HtmlSource, html } from '../html/html.ts'
import { type Attributes, written } from './control.ts'
import { type Field, findField, namesOf } from './field.ts'
import type { Form } from './form.ts'
import { textsOf } from './initial.ts'
import type { Kept } from './kept.ts'
import { firstControlOf, type Part, showControl, showError, showField } from './show-field.ts'
import { Shown } from './shown.ts'
import type { Issue, Typed } from './submission.ts'

/** What a view of a form is made from. */
export interface FormViewParts {
  readonly form: Form
  /** The path that it is sent to. */
  readonly action: string
  /** What was typed, when it is shown again; else `null`. */
  readonly typed: Typed | null
  readonly issues: readonly Issue[]
  /** The files that are kept from an earlier try. Default: none. */
  readonly kept?: Kept
  /** The hidden inputs that prove where it came from. Called when they are shown. */
  readonly hidden: () => Html | null
}

/**
 * A form as it stands in a page. `${form}` shows all of it, labelled; the pieces let an author lay it out by hand.
 * Shown again after invalid input it holds what the person typed, and the issues beside the fields.
 */
export class FormView<Names extends string = string> implements HtmlSource {
  readonly #parts: FormViewParts
  readonly #shown: Shown

  constructor(parts: FormViewParts, values: object = {}) {
    const { form, action, typed, issues, kept = new Map() } = parts
    const texts = typed ?? textsOf(form.fields, values)
    this.#parts = parts
    this.#shown = new Shown({ fields: form.fields, action, texts, issues, kept })
  }

  /**
   * The same form, holding these values until the person has typed others. A value that is not given is the default
   * of its field. Passwords, files, and names that begin with `_`, are never filled in.
   */
  fill(values: object): FormView<Names> {
    return new FormView(this.#parts, values)
  }

  /** What is wrong with what was typed, in order. Empty on the first showing. */
  get issues(): readonly Issue[] {
    return this.#parts.issues
  }

  /** The text that stands in a control; empty for passwords, files and names that begin with `_`. */
  value(name: Names): string {
    return this.#shown.textsOf(name)[0] ?? ''
  }

  /** The attributes of a form laid out by hand: `<form ${form.attributes}>`. */
  get attributes(): Html {
    const { form, action } = this.#parts
    const enctype = form.takesFiles ? 'multipart/form-data' : undefined
    return written({ method: form.method, action, enctype, class: 'dewar-form' })
  }

  /** The hidden inputs that a form laid out by hand must hold: `<form ${form.attributes}>${form.hidden}…`. */
  get hidden(): Html {
    return html`${this.#parts.hidden()}`
  }

  /**
   * What there is to say about the whole form, and the list of what is wrong in it. It takes the focus; nothing if
   * nothing is wrong. Put it before the form.
   */
  get summary(): Html {
    if (this.issues.length === 0) return html``
    const { whole = [], part = [] } = Object.groupBy(this.issues, ({ name }) => (name === '' ? 'whole' : 'part'))
    const list = html`<p>Please look at this again:</p>
<ul>${part.map((issue) => this.#summaryItem(issue))}</ul>`
    return html`<div class="dewar-summary" role="alert" tabindex="-1" autofocus>${whole.map(summarySentence)}${part.length > 0 && list}</div>
`
  }

  /** A field: label, hint, control, error. Attributes are added to the control; they go before the schema's. */
  field(name: Names, attributes: Attributes = {}): Html {
    return showField(this.#part(name, attributes))
  }

  /**
   * The control of a field alone: `input`, `textarea` or `select`; boxes or radio buttons, each in its label; of a
   * group all its fields; of a list one control for each value and an empty one; of a file also what is kept.
   */
  control(name: Names, attributes: Attributes = {}): Html {
    return showControl(this.#part(name, attributes))
  }

  /** What is wrong with a field, or nothing. */
  error(name: Names): Html {
    return showError(this.#part(name, {}))
  }

  /** The whole form. */
  toHtml(): Html {
    const { form } = this.#parts
    if (form.fields === null) throw new DewarError('form/fields-unknown')
    const parts = form.fields.map((field) => ({ shown: this.#shown, field, name: field.name, attributes: {} }))
    return html`${this.summary}<form ${this.attributes}>${this.hidden}
${parts.map(showField)}<button type="submit">${form.button}</button>
</form>
`
  }

  #part(name: string, attributes: Attributes): Part {
    return { shown: this.#shown, field: this.#find(name), name, attributes }
  }

  #find(name: string): Field {
    const { fields } = this.#parts.form
    if (fields === null) throw new DewarError('form/fields-unknown')
    const field = findField(fields, name)
    if (field !== undefined && (field.key !== '*' || field.kind === 'group')) return field
    throw new DewarError('form/field-unknown', `The form has no field ${name}; it has ${namesOf(fields).join(', ')}.`)
  }

  #summaryItem({ name, message }: Issue): Html {
    const { field, owner, place } = this.#ownerOf(name)
    if (field === undefined) return html`<li>${message}</li>`
    const first = firstControlOf({ shown: this.#shown, field, name: owner })
    if (first === null) return html`<li>${field.label}: ${message}</li>`
    const isThere = place !== null && place < this.#shown.textsOf(owner).length
    const target = !isThere ? first : first.replace(/1$/, String(place + 1))
    return html`<li><a href="${`#${target}`}">${field.label}</a>: ${message}</li>`
  }

  // A value in a list of plain values has no label of its own: the list has, and one control for each place.
  #ownerOf(name: string): { field: Field | undefined; owner: string; place: number | null } {
    const fields = this.#parts.form.fields ?? []
    const field = findField(fields, name)
    const [, list, place] = /^(.+)\.(\d+)$/.exec(name) ?? []
    const isValue = field === undefined || (field.key === '*' && field.kind !== 'group')
    if (!isValue || list === undefined) return { field, owner: name, place: null }
    const owner = findField(fields, list)
    return { field: owner, owner: list, place: owner?.kind === 'list' ? Number(place) : null }
  }
}

function summarySentence({ message, result }: Issue): Html {
  const link = result === undefined ? null : html` <a href="${result}">See what came of it</a>.`
  return html`<p>${message}${link}</p>
`
}
