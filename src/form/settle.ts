import { isFile, uniteFiles } from './file-demands.ts'
import { isNullable, type JsonSchema, typesOf } from './json-schema.ts'

/**
 * One schema in place of references, intersections and unions, as far as a form can show them: `null`, nothing and the
 * empty text beside one other branch become marks on it, constants become an `enum`, objects one object with the
 * properties of all. Of a union that is none of these only the type that all have is left.
 */
export function settle(schema: JsonSchema | boolean, root: JsonSchema, followed: readonly string[] = []): JsonSchema {
  if (typeof schema === 'boolean') return {}
  const { $ref, allOf, anyOf, oneOf, ...rest } = schema
  if ($ref !== undefined) {
    const target = followed.includes($ref) ? {} : lookUp($ref, root)
    return settle({ ...target, ...withoutReference(schema) }, root, [...followed, $ref])
  }
  const own = withoutNull(rest)
  if (allOf !== undefined) {
    const parts = [{ ...own, ...(anyOf && { anyOf }), ...(oneOf && { oneOf }) }, ...allOf]
    return parts.map((part) => settle(part, root, followed)).reduce(join)
  }
  const branches = anyOf ?? oneOf
  if (branches === undefined) return own
  return { ...unite(branches.map((branch) => settle(branch, root, followed))), ...own }
}

function withoutReference({ $ref: _, ...rest }: JsonSchema): JsonSchema {
  return rest
}

// RFC 6901: ~1 stands for a slash, ~0 for a tilde
function lookUp(reference: string, root: JsonSchema): JsonSchema {
  let found: unknown = reference.startsWith('#') ? root : undefined
  for (const step of reference.split('/').slice(1)) {
    const key = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~')
    // `as never`: the key is there, as the line says, and what it holds stays unknown.
    found = typeof found === 'object' && found !== null && Object.hasOwn(found, key) ? found[key as never] : undefined
  }
  return typeof found === 'object' && found !== null ? found : {}
}

// zod writes null among the values of an enum.
function withoutNull(schema: JsonSchema): JsonSchema {
  if (!schema.enum?.includes(null)) return schema
  return nullable({ ...schema, enum: schema.enum.filter((value) => value !== null) })
}

function nullable(schema: JsonSchema): JsonSchema {
  return isNullable(schema) ? schema : { ...schema, type: [...typesOf(schema), 'null'] }
}

function join(one: JsonSchema, other: JsonSchema): JsonSchema {
  const joined = { ...one, ...other }
  if (one.properties === undefined && other.properties === undefined) return joined
  return {
    ...joined,
    properties: { ...one.properties, ...other.properties },
    required: [...(one.required ?? []), ...(other.required ?? [])],
  }
}

function unite(branches: readonly JsonSchema[]): JsonSchema {
  const values = branches.filter((branch) => !isNull(branch) && !isAbsence(branch))
  const isClosed = values.every((branch) => constantsOf(branch) !== null)
  const others = isClosed ? values : values.filter((branch) => branch.const !== '')
  const blank = others.length < values.length ? 'empty' : branches.some(isAbsence) ? 'missing' : null
  const united: JsonSchema = { ...uniteValues(others), ...(blank && { 'dewar-or': blank }) }
  return branches.some(isNullable) ? nullable(united) : united
}

function isNull(branch: JsonSchema): boolean {
  return branch.type === 'null'
}

function isAbsence(branch: JsonSchema): boolean {
  return branch['dewar-kind'] === 'undefined'
}

function uniteValues(branches: readonly JsonSchema[]): JsonSchema {
  const [first, ...more] = branches
  if (first === undefined || more.length === 0) return first ?? {}
  if (branches.every(isFile)) return uniteFiles(branches)
  const types = branches.map(({ contentMediaType }) => contentMediaType)
  if (types.every((type) => type !== undefined)) return { 'dewar-types': types }
  const constants = branches.map(constantsOf)
  if (!constants.includes(null)) return { enum: [...new Set(constants.flatMap((values) => values ?? []))] }
  if (branches.every(({ properties }) => properties !== undefined)) return uniteObjects(branches)
  const { type, format } = first
  if (more.every((branch) => branch.type === type)) {
    return { ...(type && { type }), ...(format && more.every((branch) => branch.format === format) && { format }) }
  }
  return branches.every((branch) => branch.type === 'number' || branch.type === 'integer') ? { type: 'number' } : {}
}

function constantsOf(schema: JsonSchema): readonly unknown[] | null {
  if (schema.const !== undefined) return [schema.const]
  return schema.enum ?? null
}

// A property is needed if every branch needs it.
function uniteObjects(branches: readonly JsonSchema[]): JsonSchema {
  const names = new Set(branches.flatMap(({ properties = {} }) => Object.keys(properties)))
  const properties = [...names].map((name) => {
    const found = branches.flatMap((branch) => branch.properties?.[name] ?? [])
    return [name, found.length === 1 ? found[0] : { anyOf: found }] as const
  })
  const required = [...names].filter((name) => branches.every((branch) => branch.required?.includes(name)))
  return { type: 'object', properties: Object.fromEntries(properties) as JsonSchema['properties'] & object, required }
}
