// Dates, big integers, files and the flags of a pattern have no JSON Schema. Each library takes its own options for
// them; of another library a form knows what JSON Schema says.

type Made = Record<string, unknown>

/** What a library is asked for besides, by its name in Standard Schema. */
export const hints: ReadonlyMap<string, Record<string, unknown>> = new Map<string, Record<string, unknown>>([
  ['zod', { unrepresentable: 'any', override: completeZod }],
  ['valibot', { errorMode: 'ignore', overrideSchema: completeValibot, overrideAction: completeValibotAction }],
  [
    'arktype',
    {
      fallback: {
        date: completeArktypeDate,
        domain: ({ base, domain }: { base: Made; domain: string }) => mark(base, domain),
        proto: ({ base, proto }: { base: Made; proto: unknown }) => completeArktypeClass(base, kindOfClass(proto)),
        unit: ({ base, unit }: { base: Made; unit: unknown }) => mark(base, typeof unit),
        defaultValue: () => undefined,
        default: ({ base }: { base: Made }) => base,
      },
    },
  ],
])

const kinds: ReadonlyMap<string, string> = new Map([
  ['date', 'date'],
  ['bigint', 'bigint'],
  ['undefined', 'undefined'],
  ['file', 'file'],
  ['blob', 'file'],
  ['set', 'collection'],
  ['map', 'collection'],
  ['symbol', 'collection'],
  ['function', 'collection'],
])

function mark(made: Made, type: string): Made {
  const kind = kinds.get(type)
  if (kind !== undefined) made['dewar-kind'] = kind
  return made
}

interface ZodDefinition {
  readonly type: string
  readonly check?: string
  readonly format?: string
  readonly pattern?: RegExp
  readonly value?: unknown
  readonly checks?: readonly ZodPart[]
  readonly in?: ZodPart
}

interface ZodPart {
  readonly _zod: {
    readonly def: ZodDefinition
    readonly bag?: { readonly Class?: unknown }
    /** The schema that it was made from by adding a check. */
    readonly parent?: ZodPart
  }
}

function completeZod({ zodSchema, jsonSchema }: { zodSchema: ZodPart; jsonSchema: Made }): void {
  const { def } = zodSchema._zod
  mark(jsonSchema, def.type)
  const checks = [def, ...(def.checks ?? []).map((part) => part._zod.def)]
  if (def.type === 'string') completeZodText(jsonSchema, checks)
  if (def.type === 'date') completeZodDate(jsonSchema, checks)
  if (def.type === 'custom' && kindOfClass(zodClassOf(zodSchema)) === 'file') mark(jsonSchema, 'file')
  const isPreprocessed = def.type === 'pipe' && def.in?._zod.def.type === 'transform'
  if (isPreprocessed && jsonSchema.type !== 'object' && jsonSchema.type !== 'array') jsonSchema['dewar-raw'] = true
}

// zod leaves out the formats of times without a zone. A pattern after `trim` or `toLowerCase` is not one of the text typed.
function completeZodText(made: Made, checks: readonly ZodDefinition[]): void {
  if (checks.some(({ format }) => format === 'time')) made.format = 'time'
  if (checks.some(({ format }) => format === 'datetime')) made.format = 'date-time'
  const isRewritten = checks.some(({ check }) => check === 'overwrite')
  if (isRewritten || checks.some(({ pattern }) => isFlagged(pattern?.flags))) {
    delete made.pattern
    delete made.allOf
  }
}

function completeZodDate(made: Made, checks: readonly ZodDefinition[]): void {
  for (const { check, value } of checks) {
    if (!(value instanceof Date)) continue
    if (check === 'greater_than') made.formatMinimum = value.toISOString()
    if (check === 'less_than') made.formatMaximum = value.toISOString()
  }
}

// `z.instanceof` notes its class; a schema with more checks knows only the one it was made from.
function zodClassOf(part: ZodPart | undefined): unknown {
  return part === undefined ? undefined : (part._zod.bag?.Class ?? zodClassOf(part._zod.parent))
}

interface ValibotSchema {
  readonly type: string
  readonly class?: unknown
}

function completeValibot({ valibotSchema, jsonSchema }: { valibotSchema: ValibotSchema; jsonSchema: Made }): Made {
  const isFileClass = valibotSchema.type === 'instance' && kindOfClass(valibotSchema.class) === 'file'
  return mark(jsonSchema, isFileClass ? 'file' : valibotSchema.type)
}

interface ValibotAction {
  readonly kind: string
  readonly type: string
  readonly requirement?: unknown
}

function completeValibotAction({
  valibotAction: { kind, type, requirement },
  jsonSchema: made,
}: {
  valibotAction: ValibotAction
  jsonSchema: Made
}): Made {
  if (kind === 'transformation') made['dewar-rewritten'] = true
  if (requirement instanceof Date && type === 'min_value') made.formatMinimum = requirement.toISOString()
  if (requirement instanceof Date && type === 'max_value') made.formatMaximum = requirement.toISOString()
  if (made['dewar-kind'] === 'file') completeValibotFile(made, type, requirement)
  if (!(requirement instanceof RegExp)) return made
  if (made.format === 'date-time') made.pattern = requirement.source // tells a time with a zone from one without
  if (made['dewar-rewritten'] === true || isFlagged(requirement.flags)) delete made.pattern
  return made
}

function completeValibotFile(made: Made, type: string, requirement: unknown): void {
  if (type === 'mime_type') made['dewar-types'] = requirement
  if ((type !== 'max_size' && type !== 'size') || typeof requirement !== 'number') return
  made.maxLength = typeof made.maxLength === 'number' ? Math.min(made.maxLength, requirement) : requirement
}

// arktype writes down the properties of objects alone, such as the size that a file may have.
function completeArktypeClass(base: Made, kind: string): Made {
  if (kind === 'file') base.type = 'object'
  return mark(base, kind)
}

function completeArktypeDate({ base, after, before }: { base: Made; after?: Date; before?: Date }): Made {
  if (after !== undefined) base.formatMinimum = after.toISOString()
  if (before !== undefined) base.formatMaximum = before.toISOString()
  return mark(base, 'date')
}

function kindOfClass(proto: unknown): string {
  if (proto === globalThis.File || proto === globalThis.Blob) return 'file'
  if (proto === Set || proto === Map || proto === WeakSet || proto === WeakMap) return 'map'
  return 'other'
}

/** Whether a pattern in what arktype says of a schema stands there without a flag that widens or narrows it. */
export function isFlaggedPattern(schema: object, pattern: unknown): boolean {
  const nodes = 'select' in schema && typeof schema.select === 'function' ? schema.select('pattern') : []
  return nodes.some((node: { rule: string; flags?: string }) => node.rule === pattern && isFlagged(node.flags))
}

// `i` takes more, `y` takes less; the others make no difference to one line of text.
function isFlagged(flags: string | undefined): boolean {
  return flags !== undefined && /[iy]/.test(flags)
}
