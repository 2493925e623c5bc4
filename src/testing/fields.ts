import type { Control, SubmitControl } from './controls.ts'
import type { FieldValue } from './page.ts'

/** A control that holds a value: all but buttons. */
export type Field = Exclude<Control, SubmitControl>

/** True when a person can give the control a value, or could if it were not hidden or disabled. */
export function isField(control: Control): control is Field {
  return control.name !== '' && control.kind !== 'submit' && control.kind !== 'image'
}

/** The fields of that name in tree order; hidden ones only when nothing else has the name. */
export function fieldsNamed(name: string, controls: readonly Control[]): Field[] {
  const named = controls.filter(isField).filter((field) => field.name === name)
  const seen = named.filter((field) => field.kind !== 'hidden')
  return seen.length === 0 ? named : seen
}

/**
 * What the fields of one name hold, in the shape that `fill` takes it: text, `true` or `false` for one check box, the
 * ticked values for several, the picked value of radio buttons or of a select (`''` when none is), a list for
 * everything that is there several times.
 */
export function heldValue(fields: readonly Field[]): FieldValue {
  const [first, ...others] = fields
  if (others.length === 0 && first?.kind === 'checkbox') return first.checked
  const values = fields.flatMap(valuesIn)
  const isOne = first?.kind === 'radio' || (others.length === 0 && !isList(first))
  return isOne ? (values[0] ?? '') : values
}

function valuesIn(field: Field): (string | File)[] {
  switch (field.kind) {
    case 'checkbox':
    case 'radio':
      return field.checked ? [field.value] : []
    case 'select':
      return field.options.filter((option) => option.selected).map((option) => option.value)
    case 'file':
      return [...field.files]
    case 'text':
    case 'hidden':
      return [field.value]
  }
}

function isList(field: Field | undefined): boolean {
  return field?.kind === 'file' || (field?.kind === 'select' && field.multiple)
}
