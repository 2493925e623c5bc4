import type { Control, SubmitControl } from './controls.ts'

/** A name and what was filled in for it. */
export type Entry = readonly [name: string, value: string | File]

/**
 * What a form sends when `pressed` is the button that submits it, in tree order: nothing of disabled controls, of boxes
 * that are not ticked, of controls without a name, of other buttons. Line breaks become CR LF. Never fails.
 * HTML §4.10.22.4, "constructing the entry list"
 */
export function entryList(controls: readonly Control[], pressed?: SubmitControl): Entry[] {
  return controls
    .filter((control) => !control.disabled)
    .flatMap((control) => entriesOf(control, pressed))
    .map(([name, value]): Entry => [sentLines(name), typeof value === 'string' ? sentLines(value) : value])
}

function entriesOf(control: Control, pressed: SubmitControl | undefined): Entry[] {
  if (control.kind === 'image') return control === pressed ? whereItWasPressed(control.name) : []
  if (control.name === '') return []
  switch (control.kind) {
    case 'submit':
      return control === pressed ? [[control.name, control.value]] : []
    case 'checkbox':
    case 'radio':
      return control.checked ? [[control.name, control.value]] : []
    case 'select':
      return control.options
        .filter((option) => option.selected && !option.disabled)
        .map((option): Entry => [control.name, option.value])
    case 'file':
      return (control.files.length === 0 ? [noFile()] : control.files).map((file): Entry => [control.name, file])
    case 'text':
    case 'hidden':
      return [[control.name, control.value]]
  }
}

/** A picture tells where it was pressed; here always its top left corner. */
function whereItWasPressed(name: string): Entry[] {
  const prefix = name === '' ? '' : `${name}.`
  return [
    [`${prefix}x`, '0'],
    [`${prefix}y`, '0'],
  ]
}

function noFile(): File {
  return new File([], '', { type: 'application/octet-stream' })
}

/** HTML §4.10.22.6: each CR without LF and each LF without CR is sent as CR LF. */
function sentLines(text: string): string {
  return text.replace(/\r\n?|\n/g, '\r\n')
}
