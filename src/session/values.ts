import { decodeBase64url, encodeBase64url } from '../crypto/base64url.ts'
import { DewarError } from '../errors/dewar-error.ts'

/** What JSON has words for. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/**
 * A copy of a value as a session keeps it: frozen all the way down. Holds JSON, `Date`, `Map`, `Set`, `bigint`
 * and `Uint8Array`; properties that are `undefined` are left out. Throws `session/value` for anything else,
 * naming its path. Bytes cannot be frozen, and a `Date`, `Map` or `Set` not all the way: they are copied when given out.
 */
export function keepValue(value: unknown, path: string): unknown {
  return keep(value, path, 0)
}

/** A kept value to hand out: itself, or a copy where somebody could change it. */
export function handOut(value: unknown): unknown {
  return isObject(value) && changeable.has(value) ? keep(value, 'value', 0) : value
}

/** A kept value as JSON, with a one-key object such as `{"$date":0}` for what JSON has no word for. */
export function toJson(value: unknown): Json {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value
  if (typeof value === 'bigint') return { $bigint: String(value) }
  if (value instanceof Date) return { $date: value.getTime() }
  if (value instanceof Map) return { $map: [...value].map(([key, each]) => [toJson(key), toJson(each)]) }
  if (value instanceof Set) return { $set: [...value].map(toJson) }
  if (value instanceof Uint8Array) return { $bytes: encodeBase64url(value) }
  if (Array.isArray(value)) return value.map(toJson)
  const pairs = Object.entries(value as object).map(([key, each]): [string, Json] => [key, toJson(each)]) // keepValue let nothing else in
  const plain = Object.fromEntries(pairs)
  return pairs.length === 1 && pairs[0]?.[0].startsWith('$') ? { $object: plain } : plain
}

/** The kept value that `toJson` wrote. */
export function fromJson(json: Json): unknown {
  if (typeof json !== 'object' || json === null) return json
  if (Array.isArray(json)) return freezeHolding(json.map(fromJson))
  const [only, second] = Object.entries(json)
  if (only?.[0].startsWith('$') && second === undefined) return fromTagged(only[0], only[1])
  return freezeHolding(Object.fromEntries(Object.entries(json).map(([key, each]) => [key, fromJson(each)])))
}

// What is not frozen all the way, or holds such a value.
const changeable = new WeakSet<object>()
const deepest = 100

function keep(value: unknown, path: string, depth: number): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'bigint')
    return value
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : refuse(path, String(value)) // JSON has no -0
  if (!isObject(value)) return refuse(path, typeof value)
  if (depth > deepest) return refuse(path, `nested deeper than ${deepest} levels, or holding itself`)
  if (value instanceof Date)
    return Number.isNaN(value.getTime()) ? refuse(path, 'an invalid Date') : freezeDate(new Date(value))
  if (value instanceof Uint8Array) return markChangeable(new Uint8Array(value))
  if (value instanceof Map) {
    const pairs = [...value].map(([key, each]): [unknown, unknown] => [
      keep(key, `${path} (a key of the Map)`, depth + 1),
      keep(each, `${path}.get(${typeof key === 'object' ? '…' : String(key)})`, depth + 1),
    ])
    return freezeMap(new Map(pairs))
  }
  if (value instanceof Set)
    return freezeSet(new Set([...value].map((each) => keep(each, `${path} (in the Set)`, depth + 1))))
  if (Array.isArray(value))
    return freezeHolding(Array.from(value, (each, index) => keep(each, `${path}[${index}]`, depth + 1)))
  return keepPlain(value, path, depth)
}

function keepPlain(value: object, path: string, depth: number): unknown {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null)
    return refuse(path, `a ${value.constructor?.name ?? 'class'} object`)
  const pairs = Object.entries(value).filter((pair) => pair[1] !== undefined)
  return freezeHolding(Object.fromEntries(pairs.map(([key, each]) => [key, keep(each, `${path}.${key}`, depth + 1)])))
}

function refuse(path: string, what: string): never {
  throw new DewarError(
    'session/value',
    `${path} is ${what}; a session holds JSON, Date, Map, Set, bigint and Uint8Array.`,
  )
}

function fromTagged(tag: string, json: Json): unknown {
  switch (tag) {
    case '$bigint':
      return BigInt(String(json))
    case '$date':
      return freezeDate(new Date(Number(json)))
    case '$bytes':
      return markChangeable(decodeBase64url(String(json)) ?? new Uint8Array())
    case '$set':
      return freezeSet(new Set(Array.isArray(json) ? json.map(fromJson) : []))
    case '$map':
      return freezeMap(new Map((json as [Json, Json][]).map(([key, each]) => [fromJson(key), fromJson(each)]))) // written by toJson
    default:
      return freezeHolding(Object.fromEntries(Object.entries(json ?? {}).map(([key, each]) => [key, fromJson(each)])))
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function freezeHolding<Container extends object>(container: Container): Container {
  const holdsChangeable = Object.values(container).some((value) => isObject(value) && changeable.has(value))
  return holdsChangeable ? markChangeable(Object.freeze(container)) : Object.freeze(container)
}

function markChangeable<Value extends object>(value: Value): Value {
  changeable.add(value)
  return value
}

// Object.freeze does not reach the inside of a Date, Map or Set, so the methods that change them are taken away.
const dateSetters: readonly string[] = Object.getOwnPropertyNames(Date.prototype).filter((name) =>
  name.startsWith('set'),
)

function freezeDate(date: Date): Date {
  return takeAway(date, dateSetters)
}

function freezeMap(map: Map<unknown, unknown>): Map<unknown, unknown> {
  return takeAway(map, ['set', 'delete', 'clear'])
}

function freezeSet(set: Set<unknown>): Set<unknown> {
  return takeAway(set, ['add', 'delete', 'clear'])
}

function takeAway<Value extends object>(value: Value, methods: readonly string[]): Value {
  for (const method of methods) Object.defineProperty(value, method, { value: changedInPlace })
  return markChangeable(Object.freeze(value))
}

function changedInPlace(): never {
  throw new TypeError('A value of a session is frozen. Change a copy of it and set it again.')
}
