import { type Field, findField, isSecretName } from './field.ts'
import type { Kept, KeptFile } from './kept.ts'
import type { Issue, Typed } from './submission.ts'

/** What a form in a page is made from. */
export interface ShownParts {
  readonly fields: readonly Field[] | null
  /** The path that it is sent to: the ids of its parts begin with it. */
  readonly action: string
  readonly texts: Typed
  readonly issues: readonly Issue[]
  /** The files that are kept from an earlier try. */
  readonly kept: Kept
}

/** What a form in a page holds, by the name of the control: texts, kept files, issues and ids. */
export class Shown {
  readonly fields: readonly Field[] | null
  readonly issues: readonly Issue[]
  readonly #texts: Typed
  readonly #kept: Kept
  readonly #issues: ReadonlyMap<string, readonly Issue[]>
  readonly #issuesOfLists: ReadonlyMap<string, readonly Issue[]>
  readonly #prefix: string

  constructor({ fields, action, texts, issues, kept }: ShownParts) {
    this.fields = fields
    this.issues = issues
    this.#texts = texts
    this.#kept = kept
    this.#issues = Map.groupBy(issues, ({ name }) => name)
    this.#issuesOfLists = Map.groupBy(issues, ({ name }) => name.replace(/\.\d+$/, ''))
    this.#prefix = prefixOf(action)
  }

  /** The texts that stand in a control; none for passwords and for names that begin with `_`. */
  textsOf(name: string): readonly string[] {
    return this.#isSecret(name) ? [] : (this.#texts.get(name) ?? [])
  }

  /** The files that are kept for a file field; none under names that begin with `_`. */
  keptOf(name: string): readonly KeptFile[] {
    return this.#isSecret(name) ? [] : (this.#kept.get(name) ?? [])
  }

  /** What is wrong with a field itself. */
  issuesOf(name: string): readonly Issue[] {
    return this.#issues.get(name) ?? []
  }

  /** What is wrong with a list of plain values: with the list itself, or with one of its values. */
  issuesOfList(name: string): readonly Issue[] {
    return this.#issuesOfLists.get(name) ?? []
  }

  /** How many objects a list holds. */
  countOf(name: string): number {
    let count = 0
    for (const key of [...this.#texts.keys(), ...this.#kept.keys()]) {
      const place = key.startsWith(`${name}.`) ? Number.parseInt(key.slice(name.length + 1), 10) : -1
      if (place >= count) count = place + 1
    }
    return count
  }

  /** The id of a control. It begins with a letter and has only letters, digits, `-` and `_`; no two names share one. */
  idOf(name: string): string {
    return `${this.#prefix}-${name.replace(/[^a-z0-9_]/gi, (sign) => (sign === '.' ? '-' : escapeSign(sign)))}`
  }

  #isSecret(name: string): boolean {
    return findField(this.fields ?? [], name)?.isSecret ?? isSecretName(name)
  }
}

function prefixOf(action: string): string {
  const [path = ''] = action.split('?', 1)
  const words = path.replace(/[^a-z0-9]+/gi, '-').replace(/^-|-$/g, '')
  if (words === '') return 'form'
  return /^[a-z]/i.test(words) ? words : `form-${words}`
}

function escapeSign(sign: string): string {
  return `_${sign.charCodeAt(0).toString(16)}_`
}
