import { type Field, findField } from './field.ts'

/** Whether a field takes a file, or several. */
export function isFileField({ kind }: Field): boolean {
  return kind === 'file' || kind === 'files'
}

/** Whether there is a file field among fields, at any depth. */
export function hasFileField(fields: readonly Field[]): boolean {
  return fields.some((field) => isFileField(field) || hasFileField(field.fields))
}

/** The file field among fields that is posted under a name; numbers in the name stand for any place in a list. */
export function findFileField(fields: readonly Field[], name: string): Field | undefined {
  const field = name.split('.').includes('*') ? undefined : findField(fields, name)
  return field !== undefined && isFileField(field) ? field : undefined
}
