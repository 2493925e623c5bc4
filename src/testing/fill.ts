import type { CheckboxControl, FileControl, RadioControl, SelectControl, TextControl } from './controls.ts'
import { oneLine } from './default-values.ts'
import type { Field } from './fields.ts'
import type { FieldValue, SingleValue } from './page.ts'

/** What comes of the wish to fill a field: why a person could not, or the act itself, not yet done. */
export type Filling = { kind: 'refused'; why: string } | { kind: 'ready'; act: () => void }

/**
 * Judges whether a person could put `value` into the fields of one name. Nothing changes before `act` is called.
 * Lengths, patterns, ranges and required fields are not looked at.
 */
export function judgeFilling(fields: readonly Field[], value: FieldValue): Filling {
  const [first, ...others] = fields
  if (first === undefined) return refused('is not there')
  if (others.some((other) => other.kind !== first.kind)) return refused('is the name of fields of several kinds')
  switch (first.kind) {
    case 'hidden':
      return refused('is hidden: a person cannot type there')
    case 'text':
      return spread(
        fields.filter((field) => field.kind === 'text'),
        value,
        typeText,
      )
    case 'select':
      return spread(
        fields.filter((field) => field.kind === 'select'),
        value,
        chooseOptions,
      )
    case 'file':
      return spread(
        fields.filter((field) => field.kind === 'file'),
        value,
        chooseFiles,
      )
    case 'checkbox':
      return tickBoxes(
        fields.filter((field) => field.kind === 'checkbox'),
        value,
      )
    case 'radio':
      return pickRadio(
        fields.filter((field) => field.kind === 'radio'),
        value,
      )
  }
}

/** One field takes the value; of several with one name, each takes its own item of the list, in tree order. */
function spread<One extends Field>(
  fields: readonly One[],
  value: FieldValue,
  judge: (field: One, value: FieldValue) => Filling,
): Filling {
  const [first, ...others] = fields
  if (first !== undefined && others.length === 0) return judge(first, value)
  if (!isList(value)) return refused(`is there ${fields.length} times: give a list of values`)
  if (value.length > fields.length) return refused(`is there ${fields.length} times, not ${value.length}`)
  return together(
    fields.flatMap((field, index) => {
      const own = value[index]
      return own === undefined ? [] : [judge(field, own)]
    }),
  )
}

function typeText(field: TextControl, value: FieldValue): Filling {
  if (field.disabled) return refused('is disabled')
  if (field.readonly) return refused('is read-only')
  if (typeof value !== 'string' && typeof value !== 'number') return refused(`takes one text, not ${shown(value)}`)
  const text = String(value)
  return ready(() => {
    field.value = field.multiline ? text.replace(/\r\n?/g, '\n') : oneLine(text)
  })
}

function chooseOptions(select: SelectControl, value: FieldValue): Filling {
  if (select.disabled) return refused('is disabled')
  if (isList(value) && !select.multiple) return refused('takes one option, not a list')
  const wanted = asTexts(value)
  const picked = wanted.map((text) => select.options.find((option) => option.value === text && !option.disabled))
  const missing = wanted[picked.indexOf(undefined)]
  if (missing !== undefined) {
    const isThere = select.options.some((option) => option.value === missing)
    return refused(isThere ? `has the option "${missing}" disabled` : `has no option "${missing}"`)
  }
  return ready(() => {
    for (const option of select.options) option.selected = picked.includes(option)
  })
}

function chooseFiles(field: FileControl, value: FieldValue): Filling {
  if (field.disabled) return refused('is disabled')
  const files = (isList(value) ? value : [value]).filter((item) => item instanceof File)
  if (files.length !== (isList(value) ? value.length : 1)) return refused(`takes a File, not ${shown(value)}`)
  if (files.length > 1 && !field.multiple) return refused('takes one file')
  return ready(() => {
    field.files = files
  })
}

function tickBoxes(boxes: readonly CheckboxControl[], value: FieldValue): Filling {
  if (typeof value === 'boolean' && boxes.length > 1) return refused('has several boxes: give the values to tick')
  const wanted = asTexts(value)
  const missing = wanted.find((text) => typeof value !== 'boolean' && !boxes.some((box) => box.value === text))
  if (missing !== undefined) return refused(`has no box "${missing}"`)
  const isWanted = (box: CheckboxControl): boolean => (typeof value === 'boolean' ? value : wanted.includes(box.value))
  if (boxes.some((box) => box.disabled && isWanted(box) !== box.checked)) return refused('is disabled')
  return ready(() => {
    for (const box of boxes) box.checked = isWanted(box)
  })
}

function pickRadio(buttons: readonly RadioControl[], value: FieldValue): Filling {
  const [wanted, ...others] = asTexts(value)
  if (wanted === undefined || others.length > 0) return refused('takes one of its values')
  const picked = buttons.find((button) => button.value === wanted)
  if (picked === undefined) return refused(`has no radio button "${wanted}"`)
  if (picked.disabled) return refused(`has the radio button "${wanted}" disabled`)
  return ready(() => {
    for (const button of buttons) button.checked = button === picked
  })
}

function asTexts(value: FieldValue): string[] {
  return (isList(value) ? value : [value]).map(String)
}

function isList(value: FieldValue): value is readonly SingleValue[] {
  return Array.isArray(value)
}

function shown(value: FieldValue): string {
  return isList(value) ? 'a list' : value instanceof File ? 'a File' : `${value}`
}

function together(fillings: readonly Filling[]): Filling {
  const stop = fillings.find((filling) => filling.kind === 'refused')
  if (stop !== undefined) return stop
  return ready(() => {
    for (const filling of fillings) if (filling.kind === 'ready') filling.act()
  })
}

function refused(why: string): Filling {
  return { kind: 'refused', why }
}

function ready(act: () => void): Filling {
  return { kind: 'ready', act }
}
