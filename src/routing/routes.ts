import {
  addRoute,
  compareRoutes,
  createRouter,
  findRoute,
  type InferRouteParams,
  type RouterContext,
  routeNodeKeys,
} from 'rou3'
import { DewarError } from '../errors/dewar-error.ts'
import { decodeSegment, normalEscape } from './path.ts'

/** The methods an app can answer by a route. HEAD and OPTIONS follow from these. */
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** The parameters of a path pattern: `/orders/:id` has `{ id: string }`, `/files/**:path` has `{ path: string }`. */
export type Params<Path extends string> = InferRouteParams<Path>

/** What a request's method and path come to. */
export type Match<Target> =
  | { readonly kind: 'found'; readonly target: Target; readonly params: Readonly<Record<string, string>> }
  /** The path is known, but not for this method. `allow` is the exact value of the Allow header. RFC 9110 §10.2.1 */
  | { readonly kind: 'method'; readonly allow: string }
  | { readonly kind: 'missing' }

/** A route as it was added. */
export interface Route<Target> {
  readonly method: Method | 'ANY'
  readonly pattern: string
  readonly target: Target
}

/** The routes of an app. */
export interface Routes<Target> {
  /** All of them, in the order in which they were added. */
  readonly all: readonly Route<Target>[]
  /** Adds a route. Throws `routing/pattern` for a bad pattern, `routing/duplicate` for a second one of its kind. */
  add(method: Method | 'ANY', pattern: string, target: Target): void
  /** Finds the route for a method and a path in normal spelling. The more specific pattern wins. */
  match(method: string, path: string): Match<Target>
}

/** An empty set of routes. Matching is by rou3; patterns are those of its documentation. */
export function createRoutes<Target>(): Routes<Target> {
  const router = createRouter<Target>()
  const known = new Map<string, string[]>()
  const all: Route<Target>[] = []
  return {
    all,
    add(method, pattern, target) {
      refuseDuplicate(known, method, pattern, nodesOf(pattern))
      addRoute(router, method === 'ANY' ? '' : method, pattern, target)
      all.push({ method, pattern, target })
    },
    match: (method, path) => match(router, method, path),
  }
}

// Patterns that share no node of the tree cannot match the same paths, so only those that do are compared.
function refuseDuplicate(
  known: Map<string, string[]>,
  method: string,
  pattern: string,
  nodes: readonly string[],
): void {
  const key = `${method} ${nodes.join(' ')}`
  const patterns = known.get(key) ?? []
  const twin = patterns.find((other) => compareRoutes(other, pattern) === 'equal')
  if (twin !== undefined) {
    const named = twin === pattern ? pattern : `${pattern}, which is the same as ${twin}`
    throw new DewarError('routing/duplicate', `There are two routes for ${method} ${named}.`)
  }
  known.set(key, [...patterns, pattern])
}

function nodesOf(pattern: string): readonly string[] {
  if (!/^\/(?!\/)/.test(pattern)) {
    throw new DewarError('routing/pattern', `The pattern ${JSON.stringify(pattern)} does not begin with one slash.`)
  }
  const normal = pattern.replace(/%[0-9a-f]{2}/gi, normalEscape).replace(/%(?![0-9a-f]{2})/gi, '%25')
  if (normal !== pattern) {
    throw new DewarError(
      'routing/pattern',
      `The pattern ${JSON.stringify(pattern)} would match nothing, for paths are matched in normal spelling. Write ${JSON.stringify(normal)}.`,
    )
  }
  const colons = pattern.replace(/<(?:\w+:)?(\w+)>/g, ':$1') // as Flask and Django write parameters
  if (colons !== pattern) {
    throw new DewarError(
      'routing/pattern',
      `The pattern ${JSON.stringify(pattern)} has no parameter, for one is written with a colon. Write ${JSON.stringify(colons)}.`,
    )
  }
  try {
    return routeNodeKeys(pattern)
  } catch (cause) {
    throw new DewarError(
      'routing/pattern',
      `The pattern ${JSON.stringify(pattern)} cannot be read: ${reasonOf(cause)}.`,
      { cause },
    )
  }
}

// rou3 says `rou3: what is wrong (the pattern)`.
function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message.replace(/^rou3: /, '').replace(/ \(\/.*\)$/s, '') : String(cause)
}

const methods: readonly Method[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

function match<Target>(router: RouterContext<Target>, method: string, path: string): Match<Target> {
  const found = findRoute(router, method === 'HEAD' ? 'GET' : method, path)
  if (found !== undefined && method !== 'TRACE') {
    return { kind: 'found', target: found.data, params: decodeParams(found.params) }
  }
  const allowed = methods.filter((known) => findRoute(router, known, path, { params: false }) !== undefined)
  if (allowed.length === 0) return { kind: 'missing' }
  return { kind: 'method', allow: allowOf(allowed) }
}

function allowOf(allowed: readonly Method[]): string {
  return allowed
    .flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
    .concat('OPTIONS')
    .join(', ')
}

const noParams: Readonly<Record<string, string>> = Object.freeze(Object.create(null))

function decodeParams(params: Record<string, string> | undefined): Readonly<Record<string, string>> {
  if (params === undefined) return noParams
  const decoded: Record<string, string> = Object.create(null)
  for (const [name, segment] of Object.entries(params)) decoded[name] = decodeSegment(segment) ?? segment
  return decoded
}
