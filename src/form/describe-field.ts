import { DewarError } from '../errors/dewar-error.ts'
import { choicesFor, describedChoices } from './choices.ts'
import { constraintsOf, isRequired } from './constraints.ts'
import { type Choice, type Field, type FieldKind, type FieldOptions, inWords, isSecretName } from './field.ts'
import { fileDemandsOf, isFile } from './file-demands.ts'
import { isNullable, type JsonSchema, typesOf } from './json-schema.ts'
import { compile } from './pattern.ts'

/** What a field is made from. */
export interface FieldParts {
  readonly name: string
  readonly key: string
  readonly own: FieldOptions
  /** Its schema, settled. */
  readonly described: JsonSchema
  /** Whether its object needs it. */
  readonly needed: boolean
  /** Whether its object is there whatever is filled in. */
  readonly isSure: boolean
}

/**
 * A field by what its schema says and its author adds; what is inside a group or a list is still missing from it.
 * Throws `form/field-refused` for a select or radio buttons with nothing to choose from, and for a file input about
 * something that is no file, or the other way round.
 */
export function describeField({ name, key, own, described, needed, isSure }: FieldParts): Field {
  const natural = kindOf(described, own)
  const control = own.control ?? controlOf(natural, described, name)
  refuseMisfit(name, natural, control)
  const choices = choicesFor(natural, described, own)
  if ((control === 'select' || control === 'radio') && choices.length === 0 && natural !== 'list') {
    throw new DewarError('form/field-refused', `The field ${name} has nothing to choose from: list it under choices.`)
  }
  const isRadioOfYesAndNo = natural === 'checkbox' && choices.length > 0
  const autocomplete =
    own.autocomplete ?? (control === 'password' ? autocompleteOfPassword(name, described) : undefined)
  const { maxBytes, types } = natural === 'file' ? fileDemandsOf(described) : { maxBytes: null, types: [] }
  const accept = natural === 'file' ? (own.accept ?? types.join(',')) : ''
  const required = needed && isSure && isRequired(isRadioOfYesAndNo ? 'choice' : natural, described)
  return {
    name,
    key,
    kind: readAs(natural, described, choices),
    control,
    label: own.label ?? described.title ?? inWords(name),
    hint: own.hint ?? described.description ?? '',
    constraints: {
      ...constraintsOf(natural, described, control),
      ...(accept !== '' && { accept }),
      ...(required && { required: true }),
      ...(autocomplete !== undefined && { autocomplete }),
      ...(own.placeholder !== undefined && { placeholder: own.placeholder }),
    },
    choices,
    fields: [],
    blank: blankOf(natural, described, needed),
    initial: isSure ? initialOf(natural, described) : undefined,
    isSecret: isSecret(name, { isText: natural === 'text' && own.control !== 'text', control, described }),
    maxBytes,
    types,
  }
}

function kindOf(described: JsonSchema, own: FieldOptions): FieldKind {
  const kind = describedKind(described)
  return kind === 'text' && own.control === 'file' ? 'file' : kind
}

// A schema that wants the text itself gets it, but a file is no text.
function readAs(natural: FieldKind, described: JsonSchema, choices: readonly Choice[]): FieldKind {
  if (natural === 'file') return natural
  if (described['dewar-raw']) return 'text'
  return choices.length > 0 && natural !== 'list' ? 'choice' : natural
}

function describedKind(described: JsonSchema): FieldKind {
  if (isFile(described)) return 'file'
  const special = described['dewar-kind']
  if (special === 'date' || special === 'bigint') return special
  const types = typesOf(described).filter((type) => type !== 'null')
  if (types.join() === 'boolean' || typeof described.const === 'boolean') return 'checkbox'
  if (describedChoices(described).length > 0) return 'choice'
  if (types.length !== 1) return 'text'
  switch (types[0]) {
    case 'number':
    case 'integer':
      return 'number'
    case 'array':
      return 'list'
    case 'object':
      return 'group'
    default:
      return 'text'
  }
}

function controlOf(kind: FieldKind, described: JsonSchema, name: string): string {
  if (kind === 'choice') return 'select'
  if (kind === 'checkbox' || kind === 'number' || kind === 'date' || kind === 'file') return kind
  return kind === 'text' ? controlOfText(described, name) : 'text'
}

function controlOfText(described: JsonSchema, name: string): string {
  const { format = '', maxLength = 0 } = described
  if (format === 'date-time') return takesLocalTime(described) ? 'datetime-local' : 'text'
  const known = controlOfFormat.get(format)
  if (known !== undefined) return known
  if (/password|passphrase/i.test(name)) return 'password'
  return maxLength > 255 ? 'textarea' : 'text'
}

const controlOfFormat: ReadonlyMap<string, string> = new Map([
  ['email', 'email'],
  ['idn-email', 'email'],
  ['uri', 'url'],
  ['date', 'date'],
  ['time', 'time'],
  ['password', 'password'],
])

function refuseMisfit(name: string, kind: FieldKind, control: string): void {
  if (kind === 'list' || kind === 'group' || (kind === 'file') === (control === 'file')) return
  const problem =
    kind === 'file' ? `is a file: its control is file, not ${control}.` : `is a ${kind}: no file can be one.`
  throw new DewarError('form/field-refused', `The field ${name} ${problem}`)
}

// A rule about its length is for a password that is being made: who signs in has one already.
function autocompleteOfPassword(name: string, { minLength = 0 }: JsonSchema): string {
  return minLength > 1 || /new|confirm|repeat|again/i.test(name) ? 'new-password' : 'current-password'
}

// A datetime-local control sends no time zone; a schema that wants one would refuse whatever it sends.
function takesLocalTime({ pattern }: JsonSchema): boolean {
  return pattern !== undefined && compile(pattern)?.test('2026-01-31T12:30') === true
}

function blankOf(kind: FieldKind, described: JsonSchema, needed: boolean): Field['blank'] {
  if (isNullable(described)) return 'null'
  if (kind === 'file') return described['dewar-or'] === 'empty' ? 'empty' : 'missing'
  const takesEmpty = described['dewar-or'] === 'empty' || describedChoices(described).includes('')
  if (takesEmpty || described['dewar-raw']) return 'empty'
  return (kind === 'text' || kind === 'group') && needed ? 'empty' : 'missing'
}

// A box that is not ticked says no, whatever the default: so the default stands in the page. A text that is left empty
// is left out, and the schema makes its default anew, which may be another one each time.
function initialOf(kind: FieldKind, described: JsonSchema): unknown {
  switch (kind) {
    case 'text':
    case 'date':
    case 'bigint':
    case 'file':
    case 'files':
    case 'group':
      return undefined
    case 'number':
    case 'checkbox':
    case 'choice':
    case 'choices':
    case 'list':
      return described.default
  }
}

interface SecretParts {
  readonly isText: boolean
  readonly control: string
  readonly described: JsonSchema
}

function isSecret(name: string, { isText, control, described }: SecretParts): boolean {
  if (control === 'password' || described.format === 'password') return true
  return isText ? isSecretName(name) : isSecretName(name.replace(/password|passphrase/gi, ''))
}
