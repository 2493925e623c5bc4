import { type JsonSchema, typesOf } from './json-schema.ts'

/** What a schema demands of a file, as far as it says. */
export interface FileDemands {
  /** Most bytes; `null` if it sets no limit. */
  readonly maxBytes: number | null
  /** The media types that it takes; empty if it takes any. */
  readonly types: readonly string[]
}

/** Whether a schema is one of a file.  OpenAPI 3.0 “binary”, and our own mark */
export function isFile(described: JsonSchema): boolean {
  return described['dewar-kind'] === 'file' || described.format === 'binary'
}

/** What the schema of a file demands: in the words of JSON Schema, or of the properties that a file has. */
export function fileDemandsOf(described: JsonSchema): FileDemands {
  const { maxLength, contentMediaType, properties } = described
  const listed = described['dewar-types'] ?? (contentMediaType === undefined ? null : [contentMediaType])
  return {
    maxBytes: maxLength ?? highestSize(properties?.size) ?? null,
    types: (listed ?? textsIn(properties?.type)).filter((type) => type !== ''),
  }
}

/** Of several kinds of files, any may be sent: the widest limit, and the types of all. */
export function uniteFiles(branches: readonly JsonSchema[]): JsonSchema {
  const demands = branches.map(fileDemandsOf)
  const maxBytes = Math.max(...demands.map((each) => each.maxBytes ?? Number.POSITIVE_INFINITY))
  const takesAny = demands.some(({ types }) => types.length === 0)
  return {
    'dewar-kind': 'file',
    ...(Number.isFinite(maxBytes) && { maxLength: maxBytes }),
    ...(!takesAny && { 'dewar-types': [...new Set(demands.flatMap(({ types }) => types))] }),
  }
}

function highestSize(size: JsonSchema | undefined): number | undefined {
  if (size === undefined || !typesOf(size).some((type) => type === 'number' || type === 'integer')) return undefined
  const { maximum, exclusiveMaximum: below } = size
  return maximum ?? (below === undefined ? undefined : Math.ceil(below) - 1)
}

function textsIn(type: JsonSchema | undefined): readonly string[] {
  return (type?.enum ?? [type?.const]).filter((value) => typeof value === 'string')
}
