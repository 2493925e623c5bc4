import { cleanDefault } from './default-values.ts'
import { type Option, readOptions } from './options.ts'
import { ancestorsOf, attribute, type Document, type Element, elementsIn, has, isElement, textIn } from './tree.ts'
import { labelOf } from './visible-text.ts'

/** What all controls have. */
interface Named {
  /** `''` when the control has no name: it then sends nothing. */
  readonly name: string
  readonly disabled: boolean
  readonly readonly: boolean
}

/** A line or an area of text, and every kind of input whose value is text: numbers, dates, colours. */
export interface TextControl extends Named {
  readonly kind: 'text'
  readonly multiline: boolean
  value: string
}

/** A value that the page sends back to the server unseen. */
export interface HiddenControl extends Named {
  readonly kind: 'hidden'
  readonly value: string
}

interface Ticked extends Named {
  /** What is sent when it is ticked; `on` when the page gives no value. */
  readonly value: string
  checked: boolean
}

/** A box that is ticked or not, whatever others of its name are. */
export interface CheckboxControl extends Ticked {
  readonly kind: 'checkbox'
}

/** One of several buttons of a name, of which at most one is picked. */
export interface RadioControl extends Ticked {
  readonly kind: 'radio'
}

/** A list of choices. Without `multiple` at most one of them is selected. */
export interface SelectControl extends Named {
  readonly kind: 'select'
  readonly multiple: boolean
  readonly options: readonly Option[]
}

/** A choice of files; none at first, whatever the page says. */
export interface FileControl extends Named {
  readonly kind: 'file'
  readonly multiple: boolean
  files: readonly File[]
}

/** A button that submits its form. Buttons that do not (`type=reset`, `type=button`) are not controls here. */
export interface SubmitControl extends Named {
  readonly kind: 'submit' | 'image'
  readonly value: string
  /** What a person reads on it. */
  readonly label: string
  readonly element: Element
}

/** Anything in a form that holds a value or sends it. */
export type Control =
  | TextControl
  | HiddenControl
  | CheckboxControl
  | RadioControl
  | SelectControl
  | FileControl
  | SubmitControl

/** A form with its controls in tree order, wherever in the page they stand. */
export interface FormControls {
  readonly element: Element
  readonly controls: readonly Control[]
}

/**
 * The forms of a page in tree order, each with its own controls as the page sent them. Never fails.
 * A control belongs to the form that its `form` attribute names, or else to the form around it. Known limit: a form
 * written between the parts of a table is around nothing, and its controls are not found.  HTML §4.10.17.3
 */
export function readForms(document: Document): FormControls[] {
  const forms = new Map<Element, Control[]>()
  for (const element of elementsIn(document)) if (element.tagName === 'form') forms.set(element, [])
  for (const element of elementsIn(document)) {
    const owner = ownerOf(element, document)
    const control = readControl(element)
    if (owner !== undefined && control !== undefined) forms.get(owner)?.push(control)
  }
  for (const controls of forms.values()) keepLastPicked(controls)
  return [...forms].map(([element, controls]) => ({ element, controls }))
}

function ownerOf(element: Element, document: Document): Element | undefined {
  const id = attribute(element, 'form')
  const around = id === undefined ? ancestorsOf(element) : elementsIn(document)
  for (const candidate of around) {
    if (id === undefined ? candidate.tagName === 'form' : attribute(candidate, 'id') === id) return candidate
  }
  return undefined
}

function readControl(element: Element): Control | undefined {
  if ([...ancestorsOf(element)].some((around) => around.tagName === 'datalist')) return undefined
  const named = { name: attribute(element, 'name') ?? '', disabled: isDisabled(element), readonly: false }
  switch (element.tagName) {
    case 'input':
      return readInput(element, named)
    case 'textarea':
      return { ...named, kind: 'text', multiline: true, readonly: has(element, 'readonly'), value: lines(element) }
    case 'select':
      return { ...named, kind: 'select', multiple: has(element, 'multiple'), options: readOptions(element) }
    case 'button':
      return readButton(element, named)
    default:
      return undefined
  }
}

function readInput(element: Element, named: Named): Control | undefined {
  const type = attribute(element, 'type')?.toLowerCase() ?? 'text'
  const value = attribute(element, 'value')
  switch (type) {
    case 'hidden':
      return { ...named, kind: type, value: named.name.toLowerCase() === '_charset_' ? 'UTF-8' : (value ?? '') }
    case 'checkbox':
    case 'radio':
      return { ...named, kind: type, value: value ?? 'on', checked: has(element, 'checked') }
    case 'file':
      return { ...named, kind: type, multiple: has(element, 'multiple'), files: [] }
    case 'submit':
      return { ...named, kind: type, value: value ?? 'Submit', label: value ?? 'Submit', element }
    case 'image':
      return { ...named, kind: type, value: '', label: attribute(element, 'alt') ?? value ?? 'Submit', element }
    case 'reset':
    case 'button':
      return undefined
    default:
      return {
        ...named,
        kind: 'text',
        multiline: false,
        readonly: isReadonly(element, type),
        value: cleanDefault(element, type),
      }
  }
}

/** A `type` that HTML does not know means `submit`.  HTML §4.10.6 */
function readButton(element: Element, named: Named): SubmitControl | undefined {
  const type = attribute(element, 'type')?.toLowerCase()
  if (type === 'reset' || type === 'button') return undefined
  return { ...named, kind: 'submit', value: attribute(element, 'value') ?? '', label: labelOf(element), element }
}

/** Disabled itself, or by a fieldset around it, unless it stands in that fieldset's first legend.  HTML §4.10.18.5 */
function isDisabled(element: Element): boolean {
  if (has(element, 'disabled')) return true
  let inside = element
  for (const around of ancestorsOf(element)) {
    if (around.tagName === 'fieldset' && has(around, 'disabled') && inside !== firstLegend(around)) return true
    inside = around
  }
  return false
}

function firstLegend(fieldset: Element): Element | undefined {
  return fieldset.childNodes.filter(isElement).find((child) => child.tagName === 'legend')
}

function isReadonly(element: Element, type: string): boolean {
  return has(element, 'readonly') && type !== 'range' && type !== 'color'
}

function lines(textarea: Element): string {
  return textIn(textarea).replace(/\r\n?/g, '\n')
}

/** Of radio buttons with one name only one is picked: the last that says `checked`.  HTML §4.10.5.1.16 */
function keepLastPicked(controls: readonly Control[]): void {
  const seen = new Set<string>()
  for (const control of controls.toReversed()) {
    if (control.kind !== 'radio' || !control.checked || control.name === '') continue
    control.checked = !seen.has(control.name)
    seen.add(control.name)
  }
}
