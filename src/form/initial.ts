import type { Typed } from './submission.ts'

/** Values as the texts that stand in the controls of a form, by name: the way back from what a schema gives. */
export function textsOf(values: object): Typed {
  const texts = new Map<string, readonly string[]>()
  collect(values, '', texts)
  return texts
}

function collect(values: object, prefix: string, texts: Map<string, readonly string[]>): void {
  for (const [key, value] of Object.entries(values)) {
    const name = prefix + key
    if (value === null || value === undefined) continue
    if (Array.isArray(value)) collectList(value, name, texts)
    else if (isPlain(value)) collect(value, `${name}.`, texts)
    else texts.set(name, [textOf(value)])
  }
}

function collectList(values: readonly unknown[], name: string, texts: Map<string, readonly string[]>): void {
  const plain = values.filter((value) => !isPlain(value)).map(textOf)
  if (plain.length > 0) texts.set(name, plain)
  values.forEach((value, index) => {
    if (isPlain(value)) collect(value, `${name}.${index}.`, texts)
  })
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !(value instanceof Date) && !Array.isArray(value)
}

// A date control takes yyyy-mm-dd.  WHATWG HTML §2.3.5.2
function textOf(value: unknown): string {
  if (value instanceof Date) return value.toISOString().slice(0, 10)
  return value === true ? 'on' : value === false ? '' : String(value)
}
