import { isSecretName } from '../form/field.ts'
import type { SessionState } from '../session/state.ts'
import { valueInWords } from '../session/value-in-words.ts'
import type { PartSeen } from './exchange.ts'

/** Longest text of one value, in characters. */
const mostCharacters = 2_000

/** What there was of a session before and after: its user, its values by their keys, its messages. */
export function partsOf(before: SessionState | null, after: SessionState | null): readonly PartSeen[] {
  const [was, is] = [partsIn(before), partsIn(after)]
  return [...new Map([...was, ...is])].map(([id, { kind, name }]) => {
    return { kind, name, before: was.get(id)?.words ?? null, after: is.get(id)?.words ?? null }
  })
}

interface Part extends Pick<PartSeen, 'kind' | 'name'> {
  readonly words: string
}

function partsIn(state: SessionState | null): ReadonlyMap<string, Part> {
  const parts = new Map<string, Part>()
  if (state === null) return parts
  if (state.user !== null) parts.set('user', { kind: 'user', name: 'signed in as', words: valueInWords(state.user) })
  for (const [key, value] of state.data) {
    const words = isSecretName(key) ? '(secret)' : cut(valueInWords(value))
    parts.set(`value ${key}`, { kind: 'value', name: key, words })
  }
  for (const { id, message, category, page } of state.flashes) {
    const words = cut(`${valueInWords(message)} (${category}), for ${page ?? 'the next page'}`)
    parts.set(`message ${id}`, { kind: 'message', name: 'message', words })
  }
  return parts
}

function cut(text: string): string {
  return text.length <= mostCharacters ? text : `${text.slice(0, mostCharacters).toWellFormed()}…`
}
