import { type ChangeOfValue, changed } from './change-of-value.ts'
import type { Flash, SessionState } from './state.ts'

/** One thing that was done to a session. A commit applies the log of them to the newest kept state. */
export type Operation =
  | { readonly kind: 'set'; readonly key: string; readonly value: unknown }
  | ChangeOfValue
  | { readonly kind: 'delete'; readonly key: string }
  /** Ends the session: data, user, messages. What is done after it begins another one. */
  | { readonly kind: 'clear' }
  | { readonly kind: 'login'; readonly user: string; readonly nowSeconds: number }
  | { readonly kind: 'flash'; readonly flash: Flash }
  /** Messages that a page has shown. */
  | { readonly kind: 'take'; readonly ids: readonly string[] }
  /** Messages that wait for the page of one redirect, and now for the page it leads on to. */
  | { readonly kind: 'readdress'; readonly ids: readonly string[]; readonly page: string | null }
  | { readonly kind: 'refresh'; readonly nowSeconds: number }
  /** Begins a session that holds nothing yet, so that there is somebody to know again. */
  | { readonly kind: 'begin' }

/** Most flash messages a session holds. One more pushes the oldest out. */
export const mostFlashes = 20

/** A state with one operation done to it. `begin` makes the state of a session that begins now. */
export function apply(
  state: SessionState | null,
  operation: Operation,
  begin: () => SessionState,
): SessionState | null {
  switch (operation.kind) {
    case 'set': {
      const base = state ?? begin()
      return { ...base, data: new Map(base.data).set(operation.key, operation.value) }
    }
    case 'set-seen':
    case 'push':
    case 'remove':
    case 'increment':
    case 'update': {
      const base = state ?? begin()
      const value = changed(base.data.get(operation.key), operation)
      return value === undefined
        ? without(base, operation.key)
        : { ...base, data: new Map(base.data).set(operation.key, value) }
    }
    case 'delete':
      return state?.data.has(operation.key) ? without(state, operation.key) : state
    case 'clear':
      return null
    case 'login': {
      const base = state ?? begin()
      return { ...base, user: operation.user, epoch: base.epoch + 1, createdSeconds: operation.nowSeconds }
    }
    case 'flash': {
      const base = state ?? begin()
      return { ...base, flashes: [...base.flashes, operation.flash].slice(-mostFlashes) }
    }
    case 'take':
      return state && { ...state, flashes: state.flashes.filter(({ id }) => !operation.ids.includes(id)) }
    case 'readdress':
      return state && { ...state, flashes: readdressed(state.flashes, operation.ids, operation.page) }
    case 'begin':
      return state ?? begin()
    case 'refresh':
      return state && { ...state, seenSeconds: operation.nowSeconds }
  }
}

function without(state: SessionState, key: string): SessionState {
  const data = new Map(state.data)
  data.delete(key)
  return { ...state, data }
}

function readdressed(flashes: readonly Flash[], ids: readonly string[], page: string | null): readonly Flash[] {
  return flashes.map((flash) => (ids.includes(flash.id) ? { ...flash, page } : flash))
}
