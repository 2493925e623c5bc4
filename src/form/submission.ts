import type { Entry } from '../http/urlencoded.ts'
import { coerce, isTicked } from './coerce.ts'
import { type Field, isSecretName } from './field.ts'

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
  /** What was typed into fields that are never put back into a page: no message may say it either. */
  readonly secrets: readonly string[]
}

/**
 * Reads posted fields by what a form asks for. Names are flat texts: nesting and types come from the schema alone,
 * and a name it does not know goes nowhere. Items of a list in which nothing was filled in are left out.
 */
export function readSubmission(fields: readonly Field[], entries: Iterable<Entry>): Submission {
  const reader = new SubmissionReader(entries)
  const input = reader.readObject(fields, '', '')
  return { input, typed: reader.typed, issues: reader.issues, secrets: secretsAmong(reader.secrets) }
}

/** Reads the posted fields of a form about which nothing is known: one text, or a list of texts, under each name. */
export function readFlat(entries: Iterable<Entry>): Submission {
  const typed = byName(entries)
  const input = Object.create(null)
  for (const [name, texts] of typed) {
    if (!name.startsWith('_')) input[name] = texts.length === 1 ? texts[0] : texts
  }
  const secret = [...typed].filter(([name]) => isSecretName(name)).flatMap(([, texts]) => texts)
  return { input, typed, issues: [], secrets: secretsAmong(secret) }
}

// A schema may have trimmed what it quotes.
function secretsAmong(texts: readonly string[]): readonly string[] {
  return [...new Set(texts.flatMap((text) => [text, text.trim()]))].filter((text) => text !== '')
}

class SubmissionReader {
  readonly typed: Map<string, readonly string[]> = new Map()
  readonly issues: Issue[] = []
  readonly secrets: string[] = []
  readonly #posted: Typed

  constructor(entries: Iterable<Entry>) {
    this.#posted = byName(entries)
  }

  // `from` is the prefix under which an item was posted, `to` the one that it has in the list that results.
  readObject(fields: readonly Field[], from: string, to: string): Record<string, unknown> {
    const entries = fields.map(
      (field) => [field.key, this.#readField(field, from + field.key, to + field.key)] as const,
    )
    return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) // also `__proto__` is a property of its own
  }

  #readField(field: Field, from: string, to: string): unknown {
    const [item] = field.fields
    if (field.kind === 'group') return this.#readGroup(field, from, to)
    if (field.kind !== 'list' || item === undefined) return this.#readValue(field, from, to)
    return item.kind === 'group' ? this.#readObjects(item, from, to) : this.#readTexts(item, from, to)
  }

  #readValue(field: Field, from: string, to: string): unknown {
    const texts = this.#posted.get(from) ?? []
    this.#keep(field, to, texts)
    return this.#coerce(field, to, texts)
  }

  #coerce(field: Field, name: string, texts: readonly string[]): unknown {
    const coerced = coerce(field, texts)
    if (coerced.kind === 'value') return coerced.value
    this.issues.push({ name, message: coerced.message })
    return texts[0]
  }

  #keep(field: Field, name: string, texts: readonly string[]): void {
    if (texts.length > 0) this.typed.set(name, texts)
    if (field.isSecret) this.secrets.push(...texts)
  }

  #readGroup(field: Field, from: string, to: string): unknown {
    if (field.blank !== 'empty' && !this.#isFilled(field, from)) return field.blank === 'null' ? null : undefined
    return this.readObject(field.fields, `${from}.`, `${to}.`)
  }

  #readTexts(item: Field, from: string, to: string): readonly unknown[] {
    const texts = (this.#posted.get(from) ?? []).filter((text) => text.trim() !== '')
    this.#keep(item, to, texts)
    return texts.map((text, place) => this.#coerce(item, `${to}.${place}`, [text]))
  }

  #readObjects(item: Field, from: string, to: string): readonly unknown[] {
    const filled = this.#placesBelow(`${from}.`).filter((place) => this.#isFilled(item, `${from}.${place}`))
    return filled.map((index, place) => this.readObject(item.fields, `${from}.${index}.`, `${to}.${place}.`))
  }

  #isFilled(field: Field, from: string): boolean {
    const [item] = field.fields
    if (field.kind === 'group') return field.fields.some((each) => this.#isFilled(each, `${from}.${each.key}`))
    if (field.kind === 'list' && item?.kind === 'group') {
      return this.#placesBelow(`${from}.`).some((place) => this.#isFilled(item, `${from}.${place}`))
    }
    const texts = this.#posted.get(from) ?? []
    return field.kind === 'checkbox' ? isTicked(texts) : texts.some((text) => text.trim() !== '')
  }

  #placesBelow(prefix: string): readonly number[] {
    const places = new Set<number>()
    for (const name of this.#posted.keys()) {
      const digits = name.startsWith(prefix) ? /^\d{1,6}(?=\.)/.exec(name.slice(prefix.length))?.[0] : undefined
      if (digits !== undefined) places.add(Number(digits))
    }
    return [...places].sort((one, other) => one - other)
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
