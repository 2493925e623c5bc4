/** One thing a form asks for, read from its schema. */
export interface Field {
  /** The name of its control: `username`, `address.city`, and `items.*.sku` inside a list. */
  readonly name: string
  /** The property of its object that it fills; `*` for the items of a list. */
  readonly key: string
  readonly kind: FieldKind
  readonly label: string
  /** A sentence that helps to fill it in, or empty. */
  readonly hint: string
  /** What an `input` of it has as its type; `textarea` and `select` stand for those elements. */
  readonly control: string
  /** HTML attributes that say what the schema demands. Its control may have no place for some of them. */
  readonly constraints: Readonly<Record<string, string | number | true>>
  /** For `choice` and `choices`: what there is to choose from. */
  readonly choices: readonly Choice[]
  /** For `group`: its fields. For `list`: the one field of an item, named `….*`. */
  readonly fields: readonly Field[]
  /** What it comes to when nothing is filled in: no value, `null`, or the empty text or object itself. */
  readonly blank: 'missing' | 'null' | 'empty'
  /** What is chosen, ticked or counted when the form is first shown: its default. `undefined` for nothing. */
  readonly initial: unknown
  /** Whether what is typed into it stays out of every page: passwords, and names that begin with `_`. */
  readonly isSecret: boolean
  /** For `file` and `files`: most bytes of one file; `null` if its schema sets no limit. */
  readonly maxBytes: number | null
  /** For `file` and `files`: the media types that its schema takes, such as `image/png`; empty if it takes any. */
  readonly types: readonly string[]
}

/** How the text of a field becomes a value. */
export type FieldKind =
  | 'text'
  | 'number'
  | 'bigint'
  | 'checkbox'
  | 'date'
  /** One of several. */
  | 'choice'
  /** Any of several. */
  | 'choices'
  | 'file'
  /** As many files as the person likes, chosen in one control. */
  | 'files'
  /** As many as the person likes. */
  | 'list'
  /** An object. */
  | 'group'

/** One of the things to choose from. */
export interface Choice {
  /** The value itself: what the schema wants. */
  readonly value: string | number | boolean
  readonly label: string
}

/** What an author says about a field besides what its schema says. */
export interface FieldOptions {
  /** The text of its label. Default: the schema's title, else the name in words (`firstName`: “First name”). */
  readonly label?: string
  /** A sentence that helps to fill it in. Default: the schema's description. */
  readonly hint?: string
  /**
   * The control: `textarea`, `select`, `radio`, `checkbox`, or a type of `input` such as `password`, `tel`, `hidden`.
   * Default: by the schema; text of over 255 characters gets a textarea, a name with “password” in it a password field.
   * A password is never put back into a page, nor is text of such a name, unless its control is said to be `text`.
   * For a schema that does not describe itself, `number`, `checkbox`, `date` and `file` also say that the value is one;
   * `file` also for a property about which its schema says nothing.
   */
  readonly control?: string
  /**
   * The autocomplete attribute. Default: for a password `new-password` if its schema demands a length or its name says
   * that it is new, else `current-password`; none for others.  WHATWG HTML §4.10.18.7
   */
  readonly autocomplete?: string
  /** An example in the empty control. A hint is better: it stays while one types. */
  readonly placeholder?: string
  /**
   * For a choice: the words for its values, by value. Default: the values themselves.
   * With the control `select` or `radio` they also say what there is to choose from, where the schema takes any text.
   */
  readonly choices?: Readonly<Record<string, string>>
  /**
   * For a file: what the browser offers to choose from, such as `image/*,.pdf`. It checks nothing.
   * Default: the media types of the schema.  WHATWG HTML §4.10.5.1.17
   */
  readonly accept?: string
  /** Only for a schema that does not describe itself: the field may have several values. Default false. */
  readonly multiple?: boolean
  /** Only for a schema that does not describe itself: the control has to be filled in. Default false. */
  readonly required?: boolean
}

/** The names of what an author may say about a field. */
export const fieldOptionNames: readonly (keyof FieldOptions)[] = [
  'label',
  'hint',
  'control',
  'autocomplete',
  'placeholder',
  'choices',
  'accept',
  'multiple',
  'required',
]

/** A name in words: `firstName` and `first_name` are “First name”, `address.city` is “City”. */
export function inWords(name: string): string {
  const last =
    name
      .split('.')
      .filter((part) => part !== '*' && !/^\d+$/.test(part))
      .at(-1) ?? name
  const words = last
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[_-]+/g, ' ')
    .trim()
    .toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** Whether what is typed under a name of which nothing else is known stays out of every page. */
export function isSecretName(name: string): boolean {
  return name.split('.').some((part) => part.startsWith('_')) || /password|passphrase/i.test(name)
}

/** The field with this name among the fields of a form; numbers in the name stand for any place in a list. */
export function findField(fields: readonly Field[], name: string): Field | undefined {
  for (const field of fields) {
    const found = isNamed(field, name) ? field : findField(field.fields, name)
    if (found !== undefined) return found
  }
  return undefined
}

function isNamed(field: Field, name: string): boolean {
  if (field.name === name) return true
  if (!field.name.includes('*')) return false
  const parts = name.split('.')
  const pattern = field.name.split('.')
  return (
    parts.length === pattern.length &&
    pattern.every((part, at) => part === parts[at] || (part === '*' && /^\d+$/.test(parts[at] ?? '')))
  )
}

/** The names of all controls of a form, for messages. */
export function namesOf(fields: readonly Field[]): string[] {
  return fields.flatMap((field) => (field.fields.length === 0 ? [field.name] : [field.name, ...namesOf(field.fields)]))
}
