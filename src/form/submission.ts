import type { Entry } from '../http/urlencoded.ts'
import { coerce } from './coerce.ts'
import type { Field } from './field.ts'

/** Something that is wrong with what a person typed: it is a value, never an error thrown. */
export interface Issue {
  /** The name of the control it belongs to, or empty for the whole form. */
  readonly name: string
  /** A sentence for the person. */
  readonly message: string
}

/** What was typed, by the name of its control. */
export type Typed = ReadonlyMap<string, readonly string[]>

/** What a posted form says, before its schema is asked. */
export interface Submission {
  /** The value for the schema. Only names that the schema knows are in it. */
  readonly input: Readonly<Record<string, unknown>>
  readonly typed: Typed
  /** Texts that are not what their field asks for. */
  readonly issues: readonly Issue[]
}

/**
 * Reads posted fields by what a form asks for. Names are flat texts: nesting and types come from the schema alone,
 * and a name it does not know goes nowhere. Items of a list in which nothing was filled in are left out.
 */
export function readSubmission(fields: readonly Field[], entries: Iterable<Entry>): Submission {
  const reader = new SubmissionReader(entries)
  return { input: reader.readObject(fields, '', ''), typed: reader.typed, issues: reader.issues }
}

/** Reads the posted fields of a form about which nothing is known: one text, or a list of texts, under each name. */
export function readFlat(entries: Iterable<Entry>): Submission {
  const typed = byName(entries)
  const input = Object.create(null)
  for (const [name, texts] of typed) {
    if (!name.startsWith('_')) input[name] = texts.length === 1 ? texts[0] : texts
  }
  return { input, typed, issues: [] }
}

class SubmissionReader {
  readonly typed: Map<string, readonly string[]> = new Map()
  readonly issues: Issue[] = []
  readonly #posted: Typed

  constructor(entries: Iterable<Entry>) {
    this.#posted = byName(entries)
  }

  // `from` is the prefix under which an item was posted, `to` the one that it has in the list that results.
  readObject(fields: readonly Field[], from: string, to: string): Record<string, unknown> {
    const object: Record<string, unknown> = Object.create(null)
    for (const field of fields) {
      const key = field.name.slice(field.name.lastIndexOf('.') + 1)
      const value = this.#readField(field, from + key, to + key)
      if (value !== undefined) object[key] = value
    }
    return object
  }

  #readField(field: Field, from: string, to: string): unknown {
    const [item] = field.fields
    if (field.kind === 'group') return this.#readGroup(field, from, to)
    if (field.kind !== 'list' || item === undefined) return this.#readValue(field, from, to)
    return item.kind === 'group' ? this.#readObjects(item, from, to) : this.#readTexts(item, from, to)
  }

  #readValue(field: Field, from: string, to: string): unknown {
    const texts = this.#posted.get(from) ?? []
    if (texts.length > 0) this.typed.set(to, texts)
    const coerced = coerce(field, texts)
    if (coerced.kind === 'value') return coerced.value
    this.issues.push({ name: to, message: coerced.message })
    return texts[0]
  }

  #readGroup(field: Field, from: string, to: string): unknown {
    if (field.blank !== 'empty' && !this.#hasBelow(`${from}.`)) return field.blank === 'null' ? null : undefined
    return this.readObject(field.fields, `${from}.`, `${to}.`)
  }

  #readTexts(item: Field, from: string, to: string): readonly unknown[] {
    const texts = (this.#posted.get(from) ?? []).filter((text) => text.trim() !== '')
    if (texts.length > 0) this.typed.set(to, texts)
    return texts.map((text) => {
      const coerced = coerce(item, [text])
      if (coerced.kind === 'value') return coerced.value
      this.issues.push({ name: to, message: coerced.message })
      return text
    })
  }

  #readObjects(item: Field, from: string, to: string): readonly unknown[] {
    const filled = this.#indexesBelow(`${from}.`).filter((index) => this.#hasBelow(`${from}.${index}.`))
    return filled.map((index, place) => this.readObject(item.fields, `${from}.${index}.`, `${to}.${place}.`))
  }

  #hasBelow(prefix: string): boolean {
    for (const [name, texts] of this.#posted) {
      if (name.startsWith(prefix) && texts.some((text) => text.trim() !== '')) return true
    }
    return false
  }

  #indexesBelow(prefix: string): readonly number[] {
    const indexes = new Set<number>()
    for (const name of this.#posted.keys()) {
      const digits = name.startsWith(prefix) ? /^\d{1,6}(?=\.)/.exec(name.slice(prefix.length))?.[0] : undefined
      if (digits !== undefined) indexes.add(Number(digits))
    }
    return [...indexes].sort((one, other) => one - other)
  }
}

function byName(entries: Iterable<Entry>): Typed {
  const posted = new Map<string, string[]>()
  for (const [name, text] of entries) {
    const texts = posted.get(name)
    if (texts === undefined) posted.set(name, [text])
    else texts.push(text)
  }
  return posted
}
