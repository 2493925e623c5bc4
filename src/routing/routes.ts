import { addRoute, createRouter, findRoute, type InferRouteParams, type RouterContext } from 'rou3'
import { DewarError } from '../errors/dewar-error.ts'
import { decodeSegment } from './path.ts'

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

/** The routes of an app. */
export interface Routes<Target> {
  /** Adds a route. Throws `routing/pattern` for a bad pattern, `routing/duplicate` for a second one of its kind. */
  add(method: Method | 'ANY', pattern: string, target: Target): void
  /** Finds the route for a method and a path in normal spelling. The more specific pattern wins. */
  match(method: string, path: string): Match<Target>
}

/** An empty set of routes. Matching is by rou3; patterns are those of its documentation. */
export function createRoutes<Target>(): Routes<Target> {
  const router = createRouter<Target>()
  const known = new Set<string>()
  return {
    add(method, pattern, target) {
      const key = `${method} ${shapeOf(pattern)}`
      if (known.has(key)) throw new DewarError('routing/duplicate', `There are two routes for ${method} ${pattern}.`)
      known.add(key)
      addPattern(router, method, pattern, target)
    },
    match: (method, path) => match(router, method, path),
  }
}

const methods: readonly Method[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

function addPattern<Target>(
  router: RouterContext<Target>,
  method: Method | 'ANY',
  pattern: string,
  target: Target,
): void {
  if (!pattern.startsWith('/')) {
    throw new DewarError('routing/pattern', `The pattern ${JSON.stringify(pattern)} does not begin with a slash.`)
  }
  try {
    addRoute(router, method === 'ANY' ? '' : method, pattern, target)
  } catch (cause) {
    throw new DewarError('routing/pattern', `The pattern ${JSON.stringify(pattern)} cannot be read.`, { cause })
  }
}

// Two patterns that differ only in the names of their parameters match the same paths.
function shapeOf(pattern: string): string {
  return pattern.replace(/:\w+/g, ':') || '/'
}

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
