import type { Submitted } from '../app/stations.ts'
import { findField, isSecretName } from '../form/field.ts'
import type { Form } from '../form/form.ts'
import { tokenField } from '../once/token.ts'
import { UploadedFile } from '../upload/uploaded-file.ts'
import type { PostedSeen } from './exchange.ts'

const mostEntries = 200
const mostCharacters = 2_000

/** What was posted, with secrets masked: passwords by the form or by their name, and names that begin with `_`. */
export function postedIn({ fields, files, target }: Submitted): readonly PostedSeen[] | null {
  if (fields === null) return null
  const form = target.kind === 'submit' ? target.form : null
  const texts = [...fields].map(([name, value]): PostedSeen => {
    if (isSecret(name, form))
      return { name, value: name === tokenField ? 'the token of the form' : masked(value), kind: 'secret' }
    return { name, value: cut(value), kind: 'text' }
  })
  const sent = files.map(([name, file]): PostedSeen => {
    const says =
      file instanceof UploadedFile
        ? `${file.name}, ${file.type}, ${file.size.toLocaleString('en')} bytes`
        : `${file.name}, cut: larger than ${file.maxBytes.toLocaleString('en')} bytes`
    return { name, value: says, kind: 'file' }
  })
  return [...texts, ...sent].slice(0, mostEntries)
}

/** An address with the values of secret names masked. */
export function addressOf(url: URL): string {
  const query = new URLSearchParams(url.search)
  const secrets = [...query.keys()].filter((name) => isSecretName(name))
  if (secrets.length === 0) return url.pathname + (url.search === '?' ? '' : url.search) // as srvx has it
  for (const name of secrets) query.set(name, 'secret')
  return `${url.pathname}?${query}`
}

function isSecret(name: string, form: Form | null): boolean {
  const field = form?.fields == null ? undefined : findField(form.fields, name)
  return field === undefined ? isSecretName(name) : field.isSecret || name.startsWith('_')
}

// Not even its length is told.
function masked(value: string): string {
  return value === '' ? 'nothing' : '••••••'
}

function cut(text: string): string {
  if (text.length <= mostCharacters) return text
  return `${text.slice(0, mostCharacters).toWellFormed()}… (${text.length.toLocaleString('en')} characters)`
}
