import type { SessionState } from '../session/state.ts'
import { valueInWords } from '../session/value-in-words.ts'
import type { PartSeen } from './exchange.ts'
import type { Paper } from './paper.ts'
import { isHidden, withoutHidden } from './secrets.ts'

const mostParts = 100

/** What there was of a session before and after: its user, its values by their keys, its messages. */
export function partsOf(before: SessionState | null, after: SessionState | null, paper: Paper): readonly PartSeen[] {
  const [was, is] = [partsIn(before), partsIn(after)]
  const parts = [...new Map([...was, ...is])].slice(0, mostParts)
  return parts.map(([id, { kind, name }]) => {
    const [old, now] = [was.get(id)?.words() ?? null, is.get(id)?.words() ?? null]
    const first = old === null ? null : paper.write(old)
    return {
      kind,
      name: paper.write(name),
      before: first,
      after: now === old || now === null ? now && first : paper.write(now),
    }
  })
}

interface Part extends Pick<PartSeen, 'kind' | 'name'> {
  readonly words: () => string
}

function partsIn(state: SessionState | null): ReadonlyMap<string, Part> {
  const parts = new Map<string, Part>()
  if (state === null) return parts
  const { user, data, flashes } = state
  if (user !== null) parts.set('user', { kind: 'user', name: 'signed in as', words: () => valueInWords(user) })
  for (const [key, value] of data) {
    const words = (): string => (isHidden(key) ? '(secret)' : valueInWords(withoutHidden(value)))
    parts.set(`value ${key}`, { kind: 'value', name: key, words })
  }
  for (const { id, message, category, page } of flashes) {
    const words = (): string => `${valueInWords(message)} (${category}), for ${page ?? 'the next page'}`
    parts.set(`message ${id}`, { kind: 'message', name: 'message', words })
  }
  return parts
}
