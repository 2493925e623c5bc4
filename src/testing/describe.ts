import type { Control, FormControls, SubmitControl } from './controls.ts'
import { isField } from './fields.ts'
import { actionPath, type Place } from './submission.ts'
import { attribute } from './tree.ts'

/** One line for a failure message: `POST /login [Sign in]: username, agree (checkbox), color (select: red, blue)`. */
export function describeForm(form: FormControls, place: Place): string {
  const method = attribute(form.element, 'method')?.toUpperCase() ?? 'GET'
  const id = attribute(form.element, 'id')
  const fields = new Map<string, Control[]>()
  for (const field of form.controls.filter(isField)) fields.set(field.name, [...(fields.get(field.name) ?? []), field])
  const names = [...fields].map(([name, controls]) => name + hints(controls))
  const buttons = form.controls.filter(isButton).map((button) => ` [${button.label}]`)
  return `${method} ${actionPath(form, place)}${id ? ` #${id}` : ''}${buttons.join('')}: ${names.join(', ') || 'no fields'}`
}

/** True for a button that submits its form. */
export function isButton(control: Control): control is SubmitControl {
  return control.kind === 'submit' || control.kind === 'image'
}

function hints(controls: readonly Control[]): string {
  const [first] = controls
  if (first === undefined) return ''
  const facts = first.kind === 'text' ? [] : [`${first.kind}${choices(controls)}`]
  if (controls.every((control) => control.disabled)) facts.push('disabled')
  if (controls.every((control) => control.readonly)) facts.push('read-only')
  if (controls.length > 1 && choices(controls) === '') facts.push(`${controls.length} times`)
  return facts.length === 0 ? '' : ` (${facts.join(', ')})`
}

function choices(controls: readonly Control[]): string {
  const values = controls.flatMap((control) => {
    if (control.kind === 'select') return control.options.map((option) => option.value)
    return control.kind === 'radio' || (control.kind === 'checkbox' && controls.length > 1) ? [control.value] : []
  })
  return values.length === 0 ? '' : `: ${values.map((value) => value || '""').join(' | ')}`
}
