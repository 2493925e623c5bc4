import type { Form } from '../form/form.ts'
import type { Body } from '../http/body.ts'
import type { FormLimits } from '../http/limits.ts'
import type { Routes } from '../routing/routes.ts'
import type { RouteOnce } from './once-options.ts'
import type { Config } from './options.ts'
import type { Reply } from './reply.ts'
import type { RequestContext } from './request-context.ts'
import type { Trace } from './watching.ts'

/** What a route leads to, and the rules that hold for it. */
export type Target = Goal & { readonly rules: RouteRules }

/** The rules of one route. */
export interface RouteRules {
  readonly limits: FormLimits
  /** Asked before the body is read; what it answers ends the request. */
  readonly guard: Stored | null
  /** How what is sent here is done once; `null` if it is done each time. */
  readonly once: RouteOnce | null
}

/** What a route leads to. Handlers are kept without their types: `Dewar` has checked them where they were given. */
export type Goal =
  | {
      readonly kind: 'handler'
      readonly handler: Stored
      /** It takes nothing: `() => …`. So it cannot ask for the session. */
      readonly isDeaf: boolean
    }
  /** A form shown, or a search form filled in from the address. */
  | { readonly kind: 'form'; readonly form: Form; readonly handler: Stored }
  /** A form posted. `view` shows it again when it is invalid. */
  | { readonly kind: 'submit'; readonly form: Form; readonly handler: Stored; readonly view: Stored }
  /** The page that waits for a submission. */
  | { readonly kind: 'status' }
  /** No route at all. `handler` is the app's own page for it. */
  | { readonly kind: 'missing'; readonly handler: Stored | null }
  /** Another app, or a function: `null`. An app judges, proves and keeps for itself. */
  | { readonly kind: 'mount'; readonly app: House | null; readonly enter: (received: Received) => Promise<Reply> }

/** A handler as it is kept. */
export type Stored = (context: RequestContext) => unknown

/** A middleware as it is kept: it goes around everything at and below its prefix. */
export interface StoredMiddleware {
  readonly prefix: string
  readonly run: (context: RequestContext, next: () => Promise<Response>) => unknown
}

/** An app as its requests see it. */
export interface House {
  readonly config: Config
  readonly routes: Routes<Target>
  readonly middleware: readonly StoredMiddleware[]
  readonly notFound: Stored | null
  readonly onError: ((error: unknown, context: RequestContext) => unknown) | null
}

/** A request at the door. */
export interface Received {
  readonly request: Request
  readonly url: URL
  /** Where its body comes from; not a byte of it is read yet. */
  readonly body: Body
  /** The prefix under which this app is mounted in another one; empty if it is not. */
  readonly base: string
  /** Whether it came from this machine, as far as the server can tell. */
  readonly near: () => boolean
  /** The address of the client, as far as the server can tell. */
  readonly address: () => string | null
  /** Who follows it on its way, if anybody does. */
  readonly trace?: Trace
}
