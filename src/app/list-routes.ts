import { formInWords } from '../form/form-in-words.ts'
import type { Method, Route } from '../routing/routes.ts'
import type { House, Target } from './house.ts'

/** A route as it is told to the author. */
export interface ListedRoute {
  readonly method: Method | 'ANY'
  /** The whole path, also of a route of an app that is mounted. */
  readonly path: string
  readonly isGuarded: boolean
  /** How what is sent is done once: `tx`, `guard` or `each time`; `null` where nothing is sent. */
  readonly once: 'tx' | 'guard' | 'each time' | null
  /** What is asked for, or what is mounted, in words; `null` for neither. */
  readonly form: string | null
}

/** A middleware as it is told to the author. */
export interface ListedMiddleware {
  /** The name of its function; empty if it has none. */
  readonly name: string
  /** The path that it stands around, with all below. */
  readonly path: string
}

// An app may be mounted in one that is mounted in it: each is entered once on the way down.
type Entered = readonly House[]

/** The routes of an app in their order. Those of an app that is mounted follow its mount. */
export function listRoutes(house: House, base = '', entered: Entered = []): readonly ListedRoute[] {
  return house.routes.all.flatMap((route) => {
    const listed = listedRoute(route, base)
    const below = route.target.kind === 'mount' ? route.target.app : null
    if (below === null || below === house || entered.includes(below)) return [listed]
    return [listed, ...listRoutes(below, base + prefixOf(route.pattern), [...entered, house])]
  })
}

/** The middleware of an app and of those that are mounted in it, outermost first. */
export function listMiddleware(house: House, base = '', entered: Entered = []): readonly ListedMiddleware[] {
  const own = house.middleware.map(({ prefix, run }) => ({ name: run.name, path: below(base, prefix) }))
  const mounted = house.routes.all.flatMap(({ pattern, target }) => {
    const other = target.kind === 'mount' ? target.app : null
    if (other === null || other === house || entered.includes(other)) return []
    return listMiddleware(other, base + prefixOf(pattern), [...entered, house])
  })
  return [...own, ...mounted]
}

function listedRoute({ method, pattern, target }: Route<Target>, base: string): ListedRoute {
  return {
    method,
    path: base + pattern,
    isGuarded: target.rules.guard !== null,
    once: method === 'GET' || target.kind === 'mount' ? null : (target.rules.once?.mode ?? 'each time'),
    form: formOf(target),
  }
}

function formOf(target: Target): string | null {
  switch (target.kind) {
    case 'form':
      return target.form.method === 'get' ? formInWords(target.form) : 'is shown'
    case 'submit':
      return formInWords(target.form)
    case 'mount':
      return target.app === null ? 'mounts a function' : 'mounts an app'
    case 'handler':
    case 'status':
    case 'missing':
      return null
  }
}

function below(base: string, prefix: string): string {
  return (base + prefix).replace(/(.)\/$/, '$1')
}

/** Where a mount is: its pattern is `/admin/**`. */
function prefixOf(pattern: string): string {
  return pattern.replace(/\/\*\*$/, '')
}
