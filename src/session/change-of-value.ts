import { DewarError } from '../errors/dewar-error.ts'
import { handOut, keepValue, toJson } from './values.ts'

/** An operation that makes the value of a key from the one that is there: done again on the newest, nothing is lost. */
export type ChangeOfValue =
  /** Sets a key if its value is still the one that was seen, as JSON text. */
  | { readonly kind: 'set-seen'; readonly key: string; readonly value: unknown; readonly seen: string }
  /** Adds an item to a list; beyond `most` the oldest go. */
  | { readonly kind: 'push'; readonly key: string; readonly item: unknown; readonly most: number }
  /** Takes every item out of a list that is equal to this one. */
  | { readonly kind: 'remove'; readonly key: string; readonly item: unknown }
  | { readonly kind: 'increment'; readonly key: string; readonly by: number }
  | { readonly kind: 'update'; readonly key: string; readonly change: (value: unknown) => unknown }

/** The value that a change makes of another one; `undefined` for none. Throws `session/conflict` and `session/value`. */
export function changed(value: unknown, operation: ChangeOfValue): unknown {
  const { key } = operation
  switch (operation.kind) {
    case 'set-seen':
      if (jsonOf(value) === operation.seen) return operation.value
      throw new DewarError('session/conflict', `Another request has set ${key} meanwhile.`)
    case 'push':
      return keepValue([...listOf(value, key), operation.item].slice(-operation.most), key)
    case 'remove': {
      const gone = jsonOf(operation.item)
      return keepValue(
        listOf(value, key).filter((item) => jsonOf(item) !== gone),
        key,
      )
    }
    case 'increment':
      return keepValue(numberOf(value, key) + operation.by, key)
    case 'update': {
      const made = operation.change(handOut(value))
      return made === undefined ? undefined : keepValue(made, key)
    }
  }
}

/** A kept value as text, by which two of them are compared. */
export function jsonOf(value: unknown): string {
  return value === undefined ? '' : JSON.stringify(toJson(value))
}

function listOf(value: unknown, key: string): readonly unknown[] {
  if (value === undefined) return []
  if (Array.isArray(value)) return value
  throw new DewarError('session/value', `${key} is no list.`)
}

function numberOf(value: unknown, key: string): number {
  if (value === undefined) return 0
  if (typeof value === 'number') return value
  throw new DewarError('session/value', `${key} is no number.`)
}
