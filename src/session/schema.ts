import type { StandardSchemaV1 } from '@standard-schema/spec'
import { DewarError } from '../errors/dewar-error.ts'
import type { SessionState } from './state.ts'

/** What a session may hold, said as a type alone: see `shape`. */
export interface Shape<Data extends object> {
  /** Never there: it only carries the type. */
  readonly '~dewar-shape'?: Data
}

/**
 * Says what a session may hold by a type alone: `new Dewar({ session: shape<{ username: string }>() })`.
 * Nothing is checked at run time; a Standard Schema in its place also catches shapes of older releases.
 */
export function shape<Data extends object>(): Shape<Data> {
  return {}
}

/** How an app says what its sessions may hold. */
export type SessionSchema<Data extends object> = StandardSchemaV1<unknown, Data> | Shape<Data>

/**
 * The state without the values that the schema no longer accepts, so that a session kept by an older release
 * cannot surprise this one. A key that is missing is no fault: a session may hold only some of its keys.
 * Throws `session/schema-async` for a schema that answers with a promise.
 */
export function withoutStale(state: SessionState, schema: SessionSchema<object>): SessionState {
  if (!('~standard' in schema) || state.data.size === 0) return state
  const result = schema['~standard'].validate(Object.fromEntries(state.data))
  if (result instanceof Promise) throw new DewarError('session/schema-async')
  if (result.issues === undefined) return state
  const data = new Map(state.data)
  for (const { path } of result.issues) {
    const first = path?.[0]
    if (first !== undefined) data.delete(String(typeof first === 'object' ? first.key : first))
  }
  return data.size === state.data.size ? state : { ...state, data }
}
