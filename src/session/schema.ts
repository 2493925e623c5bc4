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
 * cannot surprise this one. A key that is missing is no fault: a session may hold only some of its keys. Of a schema
 * that throws, or that refuses the whole and no key in it, nothing is left: the visitor can still be served.
 */
export function withoutStale(state: SessionState, schema: SessionSchema<object>): SessionState {
  const faults = faultsIn(state.data, schema)
  if (faults.length === 0) return state
  const data = new Map(state.data)
  for (const { key } of faults) {
    if (key === null) data.clear()
    else data.delete(key)
  }
  return { ...state, data }
}

/** Throws `session/value` if the schema does not accept what is to be kept: it would be gone at the next request. */
export function refuseFaults(data: SessionState['data'], schema: SessionSchema<object>): void {
  const [fault] = faultsIn(data, schema)
  if (fault === undefined) return
  throw new DewarError('session/value', `The session schema refuses ${fault.key ?? 'the session'}: ${fault.message}.`)
}

/** Throws `session/schema-async` for a schema that answers with a promise. */
export function refuseAsync(schema: SessionSchema<object>): void {
  if ('~standard' in schema && resultOf(schema, {}) instanceof Promise) throw new DewarError('session/schema-async')
}

/** Something in the data that the schema refuses: the value of a key, or the whole. */
interface Fault {
  readonly key: string | null
  readonly message: string
}

function faultsIn(data: SessionState['data'], schema: SessionSchema<object>): readonly Fault[] {
  if (!('~standard' in schema) || data.size === 0) return []
  const result = resultOf(schema, Object.fromEntries(data))
  if (result instanceof Promise) return [{ key: null, message: 'it is asynchronous' }]
  if (result === null) return [{ key: null, message: 'it throws' }]
  const faults = (result.issues ?? []).map(({ path, message }): Fault => {
    const first = path?.[0]
    return { key: first === undefined ? null : String(typeof first === 'object' ? first.key : first), message }
  })
  return faults.filter(({ key }) => key === null || data.has(key))
}

function resultOf(schema: StandardSchemaV1, data: object): ReturnType<StandardSchemaV1.Props['validate']> | null {
  try {
    const result = schema['~standard'].validate(data)
    if (result instanceof Promise) result.catch(() => {}) // it is refused as it is, whatever becomes of it
    return result
  } catch {
    return null
  }
}
