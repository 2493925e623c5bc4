import type { Entry } from '../http/urlencoded.ts'
import { blankValue, coerce, isTicked } from './coerce.ts'
import type { CutFile } from './cut-file.ts'
import { type Field, isSecretName } from './field.ts'
import { type FileEntry, type FilesByName, filesByName, isWhole } from './file-entry.ts'
import { isFileField } from './file-field.ts'
import { shownFileName } from './file-name.ts'
import { fileSize } from './file-size.ts'

/** Something that is wrong with what a person typed: it is a value, never an error thrown. */
export interface Issue {
  /** The name of the control it belongs to, or empty for the whole form. */
  readonly name: string
  /** A sentence for the person. */
  readonly message: string
  /** The page that the same form led to before, if it has. */
  readonly result?: string
}

/** What was typed, by the name of its control. */
export type Typed = ReadonlyMap<string, readonly string[]>

/** What a posted form says, before its schema is asked. */
export interface Submission {
  /** The value for the schema. Only names that the schema knows are in it. */
  readonly input: Readonly<Record<string, unknown>>
  readonly typed: Typed
  /**
   * The files, the very objects that were read, by the name of the control that shows them when the form is shown again:
   * its place in a list may be another than the one it was posted under. Cut files are not among them, nor what is never
   * put back into a page.
   */
  readonly files: ReadonlyMap<string, readonly File[]>
  /** Texts that are not what their field asks for, and files that were cut or are too many. */
  readonly issues: readonly Issue[]
  /** What was typed into fields that are never put back into a page: no message may say it either. */
  readonly secrets: readonly string[]
}

/**
 * Reads posted fields by what a form asks for. Names are flat texts: nesting and types come from the schema alone,
 * and a name it does not know goes nowhere. A file field takes files alone, the others texts alone. Items of a list in
 * which nothing was filled in are left out.
 */
export function readSubmission(
  fields: readonly Field[],
  entries: Iterable<Entry>,
  files: Iterable<FileEntry>,
): Submission {
  const reader = new SubmissionReader(entries, files)
  const input = reader.readObject(fields, '', '')
  const { typed, files: read, issues, secrets } = reader
  return { input, typed, files: read, issues, secrets: secretsAmong(secrets) }
}

/**
 * Reads the posted fields of a form about which nothing is known: under each name one text or file, or a list of them,
 * texts first. Its files have no control that could show them again.
 */
export function readFlat(entries: Iterable<Entry>, files: Iterable<FileEntry>): Submission {
  const typed = byName(entries)
  const posted = filesByName(files)
  const input = Object.create(null)
  for (const name of new Set([...typed.keys(), ...posted.keys()])) {
    const values = [...(typed.get(name) ?? []), ...(posted.get(name) ?? []).filter(isWhole)]
    if (!name.startsWith('_') && values.length > 0) input[name] = values.length === 1 ? values[0] : values
  }
  const issues = [...posted].flatMap(([name, all]) => all.filter(isCut).map((file) => tooLarge(name, file)))
  const secret = [...typed].filter(([name]) => isSecretName(name)).flatMap(([, texts]) => texts)
  return { input, typed, files: new Map(), issues, secrets: secretsAmong(secret) }
}

function isCut(file: File | CutFile): file is CutFile {
  return !isWhole(file)
}

function tooLarge(name: string, file: CutFile): Issue {
  const message = `${shownFileName(file.name)} is larger than ${fileSize(file.maxBytes)}. Choose a smaller file.`
  return { name, message }
}

// A schema may have trimmed what it quotes.
function secretsAmong(texts: readonly string[]): readonly string[] {
  return [...new Set(texts.flatMap((text) => [text, text.trim()]))].filter((text) => text !== '')
}

class SubmissionReader {
  readonly typed: Map<string, readonly string[]> = new Map()
  readonly files: Map<string, readonly File[]> = new Map()
  readonly issues: Issue[] = []
  readonly secrets: string[] = []
  readonly #posted: Typed
  readonly #postedFiles: FilesByName

  constructor(entries: Iterable<Entry>, files: Iterable<FileEntry>) {
    this.#posted = byName(entries)
    this.#postedFiles = filesByName(files)
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
    if (isFileField(field)) return this.#readFiles(field, from, to)
    if (field.kind !== 'list' || item === undefined) return this.#readValue(field, from, to)
    return item.kind === 'group' ? this.#readObjects(item, from, to) : this.#readTexts(item, from, to)
  }

  #readValue(field: Field, from: string, to: string): unknown {
    const texts = this.#posted.get(from) ?? []
    this.#keep(field, to, texts)
    return this.#coerce(field, to, texts)
  }

  #readFiles(field: Field, from: string, to: string): unknown {
    const posted = this.#postedFiles.get(from) ?? []
    const files = posted.filter(isWhole)
    if (posted.length > 0) this.typed.set(to, []) // no text of it is shown, but the row of a list that it stands in is
    if (files.length > 0 && !field.isSecret) this.files.set(to, files)
    this.issues.push(...posted.filter(isCut).map((file) => tooLarge(to, file)))
    if (field.kind === 'files') return files
    if (files.length > 1) this.issues.push({ name: to, message: 'Choose one file.' })
    return files[0] ?? (posted.length > 0 ? undefined : blankValue(field))
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
    if (isFileField(field)) return this.#postedFiles.has(from)
    const texts = this.#posted.get(from) ?? []
    return field.kind === 'checkbox' ? isTicked(texts) : texts.some((text) => text.trim() !== '')
  }

  #placesBelow(prefix: string): readonly number[] {
    const places = new Set<number>()
    for (const name of [...this.#posted.keys(), ...this.#postedFiles.keys()]) {
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
