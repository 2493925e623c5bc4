import { type Html, html } from '../html/html.ts'
import { type Attributes, choiceControls, control, hiddenControls, written } from './control.ts'
import type { Field } from './field.ts'
import { isFileField } from './file-field.ts'
import type { KeptFile } from './kept.ts'
import { attributesBesideKept, idsOfKept, showKept } from './show-kept.ts'
import type { Shown } from './shown.ts'
import type { Issue } from './submission.ts'

/** One field of a form in a page. */
export interface Part {
  readonly shown: Shown
  readonly field: Field
  /** Its name, with numbers for its places in lists. */
  readonly name: string
  /** What the author adds to its control. */
  readonly attributes: Attributes
}

/** A field: label, hint, control, error. */
export function showField(part: Part): Html {
  const { field } = part
  if (field.control === 'hidden' && field.kind !== 'group') return showControl(part)
  if (field.kind === 'group') return showGroup(part)
  if (field.kind === 'list' || hasButtons(field)) return showSet(part)
  const label = html`<label for="${idOf(part)}">${field.label}</label>`
  const own = showControl(part)
  if (field.control === 'checkbox') {
    return html`<div class="dewar-field dewar-check">${own} ${label}${showHint(part)}${showError(part)}</div>
`
  }
  return html`<div class="dewar-field">${label}${showHint(part)}${own}${showError(part)}</div>
`
}

/**
 * The control of a field alone. Of a group all its fields, of a list one control for each value and one more, of a file
 * also the files that are kept.
 */
export function showControl(part: Part): Html {
  const { shown, field, name } = part
  const own = { field, name, id: idOf(part), texts: shown.textsOf(name), attributes: tied(part) }
  if (field.kind === 'group') return showFields(part)
  if (field.kind === 'list' && field.fields[0]?.kind === 'group') return showRows(part)
  if (field.control === 'hidden') return hiddenControls(own)
  if (field.kind === 'list') return showValues(part)
  if (isFileField(field)) return html`${showKept({ ...own, files: keptOf(part) })}${control(own)}`
  if (!hasButtons(field)) return control(own)
  return choiceControls({ ...own, attributes: { ...part.attributes, ...(field.control !== 'radio' && invalid(part)) } })
}

/** What is wrong with a field, or nothing. */
export function showError(part: Part): Html {
  const issues = issuesOf(part)
  if (issues.length === 0) return html``
  const messages = [...new Set(issues.map(({ message }) => message))]
  return html`<p class="dewar-error" id="${idOf(part)}--error">${messages.join(' ')}</p>`
}

/** The id of the first control that a person can reach in a field; `null` if there is none. */
export function firstControlOf({ shown, field, name }: Omit<Part, 'attributes'>): string | null {
  if (field.control === 'hidden' && field.kind !== 'group') return null
  if (field.kind === 'group') {
    const inner = field.fields.map((each) => firstControlOf({ shown, field: each, name: `${name}.${each.key}` }))
    return inner.find((id) => id !== null) ?? null
  }
  const [item] = field.fields
  if (field.kind === 'list' && item?.kind === 'group') return firstControlOf({ shown, field: item, name: `${name}.0` })
  return field.kind === 'list' || hasButtons(field) ? `${shown.idOf(name)}-1` : shown.idOf(name)
}

function hasButtons(field: Field): boolean {
  return field.control === 'radio' || (field.kind === 'choices' && field.control !== 'select')
}

function idOf({ shown, name }: Part): string {
  return shown.idOf(name)
}

// An issue about one value of a list of plain values belongs to the list.
function issuesOf({ shown, field, name }: Part): readonly Issue[] {
  return isPlainList(field) ? shown.issuesOfList(name) : shown.issuesOf(name)
}

function isPlainList({ kind, fields }: Field): boolean {
  return kind === 'choices' || kind === 'files' || (kind === 'list' && fields[0]?.kind !== 'group')
}

function invalid(part: Part): Attributes {
  return issuesOf(part).length === 0 ? {} : { 'aria-invalid': 'true' }
}

// What ties a control, or a set of them, to its hint and its error.
function description(part: Part): Attributes {
  const hint = part.field.hint === '' ? '' : `${idOf(part)}--hint`
  const error = issuesOf(part).length === 0 ? '' : `${idOf(part)}--error`
  const kept = idsOfKept({ id: idOf(part), files: keptOf(part) })
  const ids = [part.attributes['aria-describedby'] ?? '', hint, ...kept, error].filter((id) => id !== '').join(' ')
  return ids === '' ? {} : { 'aria-describedby': ids }
}

function tied(part: Part): Attributes {
  return { ...invalid(part), ...part.attributes, ...attributesBesideKept(keptOf(part)), ...description(part) }
}

function keptOf({ shown, field, name }: Part): readonly KeptFile[] {
  return isFileField(field) ? shown.keptOf(name) : []
}

function showHint(part: Part): Html | null {
  return part.field.hint === '' ? null : html`<p class="dewar-hint" id="${idOf(part)}--hint">${part.field.hint}</p>`
}

function showGroup(part: Part): Html {
  if (part.field.fields.length === 0) return html``
  return html`<fieldset class="dewar-group" ${written({ id: idOf(part), ...description(part) })}><legend>${part.field.label}</legend>${showHint(part)}${showFields(part)}${showError(part)}</fieldset>
`
}

function showFields({ shown, field, name }: Part): Html {
  return html`${field.fields.map((each) => showField({ shown, field: each, name: `${name}.${each.key}`, attributes: {} }))}`
}

// Several controls that belong to one name: boxes, buttons, a list.
function showSet(part: Part): Html {
  const { field } = part
  const isRadio = field.control === 'radio'
  const attributes = { id: idOf(part), ...(isRadio && { role: 'radiogroup', ...invalid(part) }), ...description(part) }
  const kind = field.kind === 'list' ? 'dewar-list' : 'dewar-choices'
  return html`<fieldset class="${kind}" ${written(attributes)}><legend>${field.label}</legend>${showHint(part)}${showControl(part)}${showError(part)}</fieldset>
`
}

// What is there, and one empty place more.
function showValues(part: Part): Html {
  const { shown, field, name } = part
  const [item = field] = field.fields
  const whole = shown.issuesOf(name).length > 0
  return html`${[...shown.textsOf(name), ''].map((text, at) => {
    const wrong = whole || shown.issuesOf(`${name}.${at}`).length > 0
    const attributes = {
      'aria-label': `${field.label} ${at + 1}`,
      ...(wrong && { 'aria-invalid': 'true' }),
      ...part.attributes,
    }
    return html`${control({ field: item, name, id: `${idOf(part)}-${at + 1}`, texts: [text], attributes })}
`
  })}`
}

function showRows({ shown, field, name }: Part): Html {
  const rows = Array.from({ length: shown.countOf(name) + 1 }, (_, at) => {
    return field.fields.map((item) => {
      const labelled = { ...item, label: `${item.label} ${at + 1}` }
      return showField({ shown, field: labelled, name: `${name}.${at}`, attributes: {} })
    })
  })
  return html`${rows}`
}
