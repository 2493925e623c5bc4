import { DewarError } from '../errors/dewar-error.ts'
import { choicesFor, describedChoices } from './choices.ts'
import { constraintsOf, isRequired } from './constraints.ts'
import { type Field, type FieldKind, type FieldOptions, inWords, isSecretName } from './field.ts'
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
 * Throws `form/field-refused` for a select or radio buttons with nothing to choose from.
 */
export function describeField({ name, key, own, described, needed, isSure }: FieldParts): Field {
  const natural = kindOf(described)
  const control = own.control ?? controlOf(natural, described, name)
  const choices = choicesFor(natural, described, own)
  if ((control === 'select' || control === 'radio') && choices.length === 0 && natural !== 'list') {
    throw new DewarError('form/field-refused', `The field ${name} has nothing to choose from: list it under choices.`)
  }
  const isRadioOfYesAndNo = natural === 'checkbox' && choices.length > 0
  const autocomplete =
    own.autocomplete ?? (control === 'password' ? autocompleteOfPassword(name, described) : undefined)
  const required = needed && isSure && isRequired(isRadioOfYesAndNo ? 'choice' : natural, described)
  return {
    name,
    key,
    kind: described['dewar-raw'] ? 'text' : choices.length > 0 && natural !== 'list' ? 'choice' : natural,
    control,
    label: own.label ?? described.title ?? inWords(name),
    hint: own.hint ?? described.description ?? '',
    constraints: {
      ...constraintsOf(natural, described, control),
      ...(required && { required: true }),
      ...(autocomplete !== undefined && { autocomplete }),
      ...(own.placeholder !== undefined && { placeholder: own.placeholder }),
    },
    choices,
    fields: [],
    blank: blankOf(natural, described, needed),
    initial: isSure ? initialOf(natural, described) : undefined,
    isSecret: isSecret(name, { isText: natural === 'text' && own.control !== 'text', control, described }),
  }
}

function kindOf(described: JsonSchema): FieldKind {
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
  if (described['dewar-kind'] === 'file') return 'file'
  if (kind === 'choice') return 'select'
  if (kind === 'checkbox' || kind === 'number' || kind === 'date') return kind
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
  ['binary', 'file'],
  ['email', 'email'],
  ['idn-email', 'email'],
  ['uri', 'url'],
  ['date', 'date'],
  ['time', 'time'],
  ['password', 'password'],
])

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
  const takesEmpty = described['dewar-or'] === 'empty' || describedChoices(described).includes('')
  if (takesEmpty || described['dewar-raw']) return 'empty'
  return (kind === 'text' || kind === 'group') && needed ? 'empty' : 'missing'
}

// A box that is not ticked says no, whatever the default: so the default stands in the page. A text that is left empty
// is left out, and the schema makes its default anew, which may be another one each time.
function initialOf(kind: FieldKind, described: JsonSchema): unknown {
  return kind === 'text' || kind === 'date' || kind === 'bigint' || kind === 'group' ? undefined : described.default
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
