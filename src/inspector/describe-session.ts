import { isSecretName } from '../form/field.ts'
import type { SessionState } from '../session/state.ts'
import { valueInWords } from '../session/value-in-words.ts'
import type { PartSeen } from './exchange.ts'

/** Longest text of one value, in characters. */
const mostCharacters = 2_000

/** What there was of a session before and after: its user, its values by their keys, its messages. */
export function partsOf(before: SessionState | null, after: SessionState | null): readonly PartSeen[] {
  const [was, is] = [wordsOf(before), wordsOf(after)]
  const names = [...new Set([...was.keys(), ...is.keys()])]
  return names.map((name) => ({ name, before: was.get(name) ?? null, after: is.get(name) ?? null }))
}

function wordsOf(state: SessionState | null): ReadonlyMap<string, string> {
  const words = new Map<string, string>()
  if (state === null) return words
  if (state.user !== null) words.set('signed in as', valueInWords(state.user))
  for (const [key, value] of state.data) words.set(key, isSecretName(key) ? '(secret)' : cut(valueInWords(value)))
  for (const { id, message, category, page } of state.flashes) {
    words.set(`message ${id}`, `${valueInWords(message)} (${category}), for ${page ?? 'the next page'}`)
  }
  return words
}

function cut(text: string): string {
  return text.length <= mostCharacters ? text : `${text.slice(0, mostCharacters).toWellFormed()}…`
}
