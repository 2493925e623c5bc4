import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { Field } from './field.ts'
import { findFileField } from './file-field.ts'
import type { Issue, Submission } from './submission.ts'

/** What a schema says of a submission. */
export type Checked =
  | { readonly kind: 'valid'; readonly values: unknown }
  | { readonly kind: 'invalid'; readonly issues: readonly Issue[] }

/** Who is asked, and about what. */
export interface Asked {
  readonly schema: StandardSchemaV1
  readonly fields: readonly Field[]
}

/**
 * Asks the schema. A text that is no number or date at all, and a file that was cut, are told in our words, once;
 * everything else in the schema's own words, without the passwords that some libraries quote in them. Issues keep the schema's order.
 */
export async function check({ schema, fields }: Asked, submission: Submission): Promise<Checked> {
  const result = await schema['~standard'].validate(submission.input)
  const unreadable = new Set(submission.issues.map(({ name }) => name))
  if (result.issues === undefined) {
    return unreadable.size === 0
      ? { kind: 'valid', values: result.value }
      : { kind: 'invalid', issues: submission.issues }
  }
  const found = Array.from(result.issues, (issue) => issueOf(issue, fields)).filter(({ name }) => !unreadable.has(name))
  const told = found.map(({ name, message }) => ({ name, message: withoutSecrets(message, submission.secrets) }))
  return { kind: 'invalid', issues: [...submission.issues, ...told] }
}

// A path may be an array of a class of its own, whose `map` makes another of its kind.
function issueOf({ path, message }: StandardSchemaV1.Issue, fields: readonly Field[]): Issue {
  const keys = Array.from(path ?? [], (step) => String(typeof step === 'object' ? step.key : step))
  return { name: nameOfFile(keys, fields) ?? keys.join('.'), message }
}

// What is wrong with the size of a file is wrong with the file: `photo.size` is about the control `photo`.
function nameOfFile(keys: readonly string[], fields: readonly Field[]): string | undefined {
  const names = keys.map((_, at) => keys.slice(0, at + 1).join('.'))
  const at = names.findIndex((name) => findFileField(fields, name) !== undefined)
  if (at === -1) return undefined
  return findFileField(fields, names[at] ?? '')?.kind === 'files' ? names[at + 1] : names[at]
}

function withoutSecrets(message: string, secrets: readonly string[]): string {
  return secrets.reduce((kept, secret) => {
    return [JSON.stringify(secret), `"${secret}"`].reduce((text, quoted) => text.replaceAll(quoted, '"…"'), kept)
  }, message)
}
