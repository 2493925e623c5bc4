import type { Submitted } from '../app/stations.ts'
import { findField } from '../form/field.ts'
import type { Form } from '../form/form.ts'
import { tokenField } from '../once/token.ts'
import { UploadedFile } from '../upload/uploaded-file.ts'
import type { PostedSeen } from './exchange.ts'
import type { Paper } from './paper.ts'
import { hidden, isHidden } from './secrets.ts'

const mostEntries = 100

/** What was posted. Passwords are hidden by the form, and what looks like a secret by its name. */
export function postedIn({ fields, files, target }: Submitted, paper: Paper): readonly PostedSeen[] | null {
  if (fields === null) return null
  const form = target.kind === 'submit' ? target.form : null
  const texts = [...fields].slice(0, mostEntries).map(([name, value]): PostedSeen => {
    const isSecret = isHidden(name) || isSecretIn(form, name)
    if (!isSecret) return { name: paper.write(name), value: paper.write(value), kind: 'text' }
    const shown = value === '' ? 'nothing' : hidden
    return { name: paper.write(name), value: name === tokenField ? 'the token of the form' : shown, kind: 'secret' }
  })
  const sent = files.slice(0, mostEntries).map(([name, file]): PostedSeen => {
    return { name: paper.write(name), value: paper.write(fileInWords(file)), kind: 'file' }
  })
  return [...texts, ...sent]
}

function isSecretIn(form: Form | null, name: string): boolean {
  return form?.fields != null && findField(form.fields, name)?.isSecret === true
}

function fileInWords(file: Submitted['files'][number][1]): string {
  return file instanceof UploadedFile
    ? `${file.name}, ${file.type}, ${file.size.toLocaleString('en')} bytes`
    : `${file.name}, cut: larger than ${file.maxBytes.toLocaleString('en')} bytes`
}
