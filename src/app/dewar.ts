import type { StandardSchemaV1 } from '@standard-schema/spec'
import { DewarError } from '../errors/dewar-error.ts'
import { refuseUnknown } from '../errors/refuse-options.ts'
import { Form } from '../form/form.ts'
import { html } from '../html/html.ts'
import { bodyOf } from '../http/body.ts'
import type { FormLimits } from '../http/limits.ts'
import { asAskedFor } from '../routing/path.ts'
import { createRoutes, type Method } from '../routing/routes.ts'
import type { Session } from '../session/session.ts'
import type { StoredSession } from '../session/stored-session.ts'
import type { Store } from '../store/store.ts'
import type {
  Answer,
  Committing,
  Context,
  Handler,
  Middleware,
  RouteOptions,
  Searching,
  Submitting,
  Viewing,
} from './context.ts'
import { fetchBelow } from './fetch-below.ts'
import type { House, Received, RouteRules, Stored, StoredMiddleware, Target } from './house.ts'
import { type Carried, look, type SeenSession } from './look.ts'
import { readOnce } from './once-options.ts'
import { type DewarOptions, readLimits, readOptions } from './options.ts'
import { page } from './page.ts'
import { turn } from './pipeline.ts'
import { noApp, refuseForm, refuseNoFunction } from './refuse-given.ts'
import { type Reply, send } from './reply.ts'
import { Sessions } from './sessions.ts'
import { isDeaf } from './unopened.ts'

/** What a handler is given as the session: with a store it can also `push`, `remove`, `increment` and `update`. */
export type SessionOf<Data extends object, Held> = Held extends Store ? StoredSession<Data> : Session<Data>

/** An app, whatever its sessions hold and wherever they are kept. */
export type AnyDewar = Dewar<object, Store | undefined>

/** Registers a handler for GET. A search form's values come from the query. */
export interface GetRoute<Kept> {
  <Path extends string>(path: Path, handler: Handler<Context<Kept, Path>>): void
  <Path extends string, Schema extends StandardSchemaV1>(
    path: Path,
    form: Form<Schema, 'get'>,
    handler: Handler<Context<Kept, Path> & Searching<Schema>>,
  ): void
}

/** Registers a handler for what is sent. With a form only valid input reaches it; the rest answers 422. */
export interface SendRoute<Kept, Held> {
  <Path extends string>(
    path: Path,
    handler: Handler<Context<Kept, Path> & Committing<Held>>,
    options?: RouteOptions<Context<Kept, Path>>,
  ): void
  <Path extends string, Schema extends StandardSchemaV1>(
    path: Path,
    form: Form<Schema, 'post'>,
    handler: Handler<Context<Kept, Path> & Submitting<Schema> & Committing<Held>>,
    options?: RouteOptions<Context<Kept, Path>>,
  ): void
}

/** The two sides of a form: how it is shown, and what happens when it is sent; and what holds for both. */
export interface FormHandlers<Shown, Sent> extends RouteOptions<Shown> {
  /** Shows the form: on GET, and again with 422 when what was sent is invalid. */
  readonly view: Handler<Shown>
  /** Does the work. Only valid input arrives here. Answer with a redirect. */
  readonly submit: Handler<Sent>
}

// Set by the class itself, which alone can reach its house.
let innerHouse: (app: AnyDewar) => House

/**
 * A web application. `export default app` is a fetch handler for Bun, Deno and Workers; on Node, `serve(app)` of
 * `dewar/node` runs it. Throws a `DewarError` for an option that cannot work, and in production without a secret.
 */
export class Dewar<Data extends object = Record<string, unknown>, Held extends Store | undefined = undefined> {
  readonly #house: House & { readonly middleware: StoredMiddleware[] }
  #notFound: Stored | null = null
  #sessions: Sessions | undefined
  #onError: House['onError'] = null

  constructor(options: DewarOptions<Data, Held> = {}) {
    const app = this
    this.#house = {
      config: readOptions(options),
      routes: createRoutes<Target>(),
      middleware: [],
      get notFound() {
        return app.#notFound
      },
      get onError() {
        return app.#onError
      },
    }
  }

  /** The sessions that are kept: to list a user's devices, and to end sessions from the server. */
  get sessions(): Sessions {
    this.#sessions ??= new Sessions(this.#house.config)
    return this.#sessions
  }

  /** Answers a request. Never rejects: whatever goes wrong becomes an answer. */
  readonly fetch: (request: Request) => Promise<Response> = async (request) => {
    const received = {
      request,
      url: new URL(request.url),
      body: bodyOf(request),
      base: '',
      near: () => true,
      address: () => null,
    }
    return send(await turn(this.#house, received), request.method)
  }

  /** Answers GET and HEAD at a path, such as `/orders/:id`. */
  readonly get: GetRoute<SessionOf<Data, Held>> = (path: string, ...rest: RouteRest) => this.#route('GET', path, rest)
  /** Answers POST at a path. */
  readonly post: SendRoute<SessionOf<Data, Held>, Held> = (path: string, ...rest: RouteRest) =>
    this.#route('POST', path, rest)
  /** Answers PUT at a path. */
  readonly put: SendRoute<SessionOf<Data, Held>, Held> = (path: string, ...rest: RouteRest) =>
    this.#route('PUT', path, rest)
  /** Answers PATCH at a path. */
  readonly patch: SendRoute<SessionOf<Data, Held>, Held> = (path: string, ...rest: RouteRest) =>
    this.#route('PATCH', path, rest)
  /** Answers DELETE at a path. */
  readonly delete: SendRoute<SessionOf<Data, Held>, Held> = (path: string, ...rest: RouteRest) =>
    this.#route('DELETE', path, rest)

  /** A form at a path: shown on GET, and on POST either done or shown again with what was typed and what is wrong. */
  form<Path extends string, Schema extends StandardSchemaV1>(
    path: Path,
    form: Form<Schema, 'post'>,
    handlers: FormHandlers<
      Context<SessionOf<Data, Held>, Path> & Viewing<Schema>,
      Context<SessionOf<Data, Held>, Path> & Submitting<Schema> & Committing<Held>
    >,
  ): void {
    refuseForm(`app.form ${path}`, form, 'post')
    refuseUnknown(`app.form ${path}`, handlers, ['view', 'submit', ...ruleNames, 'once'])
    const { view, submit } = handlers
    if (typeof view !== 'function' || typeof submit !== 'function') {
      throw new DewarError('app/option-invalid', `app.form ${path} needs two functions: { view, submit }.`)
    }
    const { limits, guard, once = true } = handlers
    const rules = this.#rulesOf(`app.form ${path}`, { limits, guard, once }, 'POST')
    this.#house.routes.add('GET', path, { kind: 'form', form, handler: stored(view), rules })
    this.#house.routes.add('POST', path, { kind: 'submit', form, view: stored(view), handler: stored(submit), rules })
  }

  /**
   * Puts something around the answers of handlers and mounted apps and around 404 pages, or around those at and below
   * a path. First come, outermost. What leaves before (405, OPTIONS, 403, 413 …) and failure pages do not pass it.
   */
  use(middleware: Middleware<Context<SessionOf<Data, Held>>>): void
  use(path: string, middleware: Middleware<Context<SessionOf<Data, Held>>>): void
  use(
    first: string | Middleware<Context<SessionOf<Data, Held>>>,
    second?: Middleware<Context<SessionOf<Data, Held>>>,
  ): void {
    const run = typeof first === 'string' ? second : first
    const prefix = typeof first === 'string' ? first : '/'
    if (typeof run !== 'function' || (typeof first !== 'string' && second !== undefined))
      throw new DewarError('app/option-invalid', 'app.use takes a path and a function, or one function.')
    if (!/^\/[^*:]*$/.test(prefix))
      throw new DewarError('routing/pattern', `app.use takes a plain path, not ${JSON.stringify(prefix)}.`)
    this.#house.middleware.push({
      prefix: prefix.replace(/(.)\/$/, '$1'),
      run: run as unknown as StoredMiddleware['run'], // see stored
    })
  }

  /**
   * Hands everything at and below a path to another app, or to a function from request to response, which sees the
   * path without the prefix. Requests are judged by their origin first. A function may be given limits for the bodies
   * that it reads; an app has its own.
   */
  mount(
    prefix: string,
    other: AnyDewar | ((request: Request) => Response | Promise<Response>),
    options: { readonly limits?: Partial<FormLimits> } = {},
  ): void {
    refuseUnknown(`app.mount ${prefix}`, options, ['limits'])
    if (!(other instanceof Dewar)) refuseNoFunction(`app.mount ${prefix}`, other, 'another app or a function')
    const base = asAskedFor(String(prefix)).replace(/\/$/, '')
    if (!/^(?:\/(?!\.{1,2}(?:\/|$))[^/*:(){}?+\\#]+)+$/.test(base))
      throw new DewarError('routing/pattern', `app.mount takes a plain path, not ${JSON.stringify(prefix)}.`)
    const enter =
      other instanceof Dewar ? enterBelow(other, base) : (received: Received) => fetchBelow(other, received, base)
    const app = other instanceof Dewar ? houseOf(other) : null
    const rules = this.#rulesOf(`app.mount ${prefix}`, options)
    this.#house.routes.add('ANY', `${base}/**`, { kind: 'mount', app, enter, rules })
  }

  /** Answers what no route answers, with 404. */
  notFound(handler: Handler<Context<SessionOf<Data, Held>>>): void {
    refuseNoFunction('app.notFound', handler)
    this.#notFound = stored(handler)
  }

  /** Answers what was thrown, with its status or 500. Nothing that the handler did to the session is kept. */
  onError(handler: (error: unknown, given: Context<SessionOf<Data, Held>>) => Answer | Promise<Answer>): void {
    refuseNoFunction('app.onError', handler)
    this.#onError = handler as unknown as House['onError'] // see stored
  }

  static {
    innerHouse = (app) => app.#house
  }

  #route(method: Method, path: string, rest: RouteRest): void {
    const { routes } = this.#house
    const [first] = rest
    const form = first instanceof Form ? first : null
    const [handler, options = {}] = form === null ? rest : rest.slice(1)
    if (typeof handler !== 'function') {
      throw new DewarError('app/option-invalid', `The route ${method} ${path} needs a function that answers it.`)
    }
    if (form !== null) refuseForm(`The route ${method} ${path}`, form, method === 'GET' ? 'get' : 'post')
    const rules = this.#rulesOf(`The route ${method} ${path}`, options as Rules, method)
    if (form === null)
      routes.add(method, path, { kind: 'handler', handler: stored(handler), isDeaf: isDeaf(handler), rules })
    else if (method === 'GET') routes.add(method, path, { kind: 'form', form, handler: stored(handler), rules })
    else routes.add(method, path, { kind: 'submit', form, handler: stored(handler), view: plainView, rules })
  }

  #rulesOf(place: string, options: Rules, method: Method | 'ANY' = 'ANY'): RouteRules {
    refuseUnknown(place, options, method === 'GET' || method === 'ANY' ? ruleNames : [...ruleNames, 'once'])
    const { limits, guard = null } = options
    const { config } = this.#house
    if (guard !== null && typeof guard !== 'function') {
      throw new DewarError('app/option-invalid', `${place} has a guard that is no function.`)
    }
    return {
      limits: readLimits(`${place}: limits`, limits, config.limits),
      guard: guard && stored(guard),
      once: readOnce(place, options.once, { method, config }),
    }
  }
}

const ruleNames: readonly string[] = ['limits', 'guard']

interface Rules {
  readonly limits?: Partial<FormLimits> | undefined
  readonly guard?: unknown
  readonly once?: unknown
}

/**
 * Makes an app ready to be served: removes the temporary files that a crash left, and makes its store ready. For the
 * rooms around the app; without it the app serves all the same. Rejects with `store/refused`.
 */
export async function prepare(app: AnyDewar): Promise<void> {
  const { depot, keeper, clock } = houseOf(app).config
  await depot.sweep().catch(() => {}) // an app that takes no files needs no folder; the first file tells
  await keeper.ready(Math.floor(clock.now() / 1000))
}

/** Where an app keeps its sessions; `null` for sealed cookies. For the rooms around the app. */
export function storeOf(app: AnyDewar): Store | null {
  return houseOf(app).config.store
}

/** What an app was told: its options, routes and middleware. For the rooms around the app. */
export function houseOf(app: AnyDewar): House {
  if (!(app instanceof Dewar)) throw noApp(app)
  return innerHouse(app)
}

/** Looks at the session that a request would find, without making it. For the rooms around the app. */
export function lookInto(app: AnyDewar, carried: Carried): Promise<SeenSession | null> {
  return look(houseOf(app).config, carried)
}

/** Lets a request into an app by its inner door. For the rooms around the app. */
export function enter(app: AnyDewar, received: Received): Promise<Reply> {
  return turn(houseOf(app), received)
}

type RouteRest = readonly unknown[]

// The methods above type what a handler is given; the request context has it all, with the types of this one app.
function stored(handler: unknown): Stored {
  return handler as Stored
}

const plainView: Stored = ({ form }) => page('Please look at this again', html`${form}`)

function enterBelow(other: AnyDewar, base: string): (received: Received) => Promise<Reply> {
  return (received) => enter(other, { ...received, base: received.base + base })
}
