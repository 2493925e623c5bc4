import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { Form } from '../form/form.ts'
import type { NamesOf, ValuesOf } from '../form/names.ts'
import type { FormView } from '../form/view.ts'
import type { Html } from '../html/html.ts'
import type { Fields } from '../http/fields.ts'
import type { FormLimits } from '../http/limits.ts'
import type { Params } from '../routing/routes.ts'
import type { FlashMessage } from '../session/state.ts'
import type { TransactionalStore } from '../store/store.ts'
import type { Files } from '../upload/files.ts'
import type { Cookies } from './cookies.ts'
import type { Invalid, InvalidReasons } from './invalid.ts'
import type { OnceSetting } from './once-options.ts'

/** What a handler is given. Take it apart: `({ params, session }) => …`. */
export interface Context<Kept = unknown, Path extends string = string> {
  /** The request as it came. Its body is unread unless it was a form. */
  readonly request: Request
  /** The address that was asked for. */
  readonly url: URL
  /** The parameters of the route's pattern, decoded. */
  readonly params: Readonly<Params<Path>>
  /** What stands behind `?` in the address. */
  readonly query: Fields
  /** What was posted as a form, as text. Empty if nothing was. */
  readonly fields: Fields
  /** The files that were posted. They go away with the request: `file.moveTo(path)` keeps one. */
  readonly files: Files
  /** What this visitor's browser and the app remember together. */
  readonly session: Kept
  /** The messages for this page. Reading them takes them, once the page is sent. */
  readonly flashes: readonly FlashMessage[]
  /** Leaves a message for the page that the visitor sees next: the target, if this answer is a redirect. */
  readonly flash: (message: string, category?: string) => void
  /** Cookies besides the session's. */
  readonly cookies: Cookies
  /** A form of another route, as it stands in this page: `${formFor(search, '/search')}`. */
  readonly formFor: <Schema extends StandardSchemaV1>(form: Form<Schema>, action: string) => FormView<NamesOf<Schema>>
  /** The hidden inputs that a form written by hand needs: `<form method="post" action="/reset">${hidden('/reset')}…`. */
  readonly hidden: (action: string) => Html
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal
  /** This submission, where it is done once. */
  readonly once: OnceContext
  /** A place for middleware to leave things for this request. */
  readonly state: Record<string, unknown>
}

/** What a view of a form is given besides the context. */
export interface Viewing<Schema extends StandardSchemaV1> {
  /** The form, to be shown: `${form}`. After invalid input it holds what was typed, and what is wrong with it. */
  readonly form: FormView<NamesOf<Schema>>
}

/** What the handler of a search form is given besides the context. */
export interface Searching<Schema extends StandardSchemaV1> extends Viewing<Schema> {
  /** The typed values of the query; `undefined` if it has none of the form's fields, or invalid ones. */
  readonly data: ValuesOf<Schema> | undefined
}

/** What work in a transaction returns: at once on SQLite, whose statements are synchronous; else at once or later. */
export type Committable<Tx> = Tx extends { exec(sql: string): void; prepare(sql: string): unknown }
  ? Answer
  : Answer | Promise<Answer>

/** What a handler is given where the store has transactions. */
export type Committing<Held> =
  Held extends TransactionalStore<infer Tx>
    ? {
        /**
         * Runs statements of the app in the very transaction that keeps the session and that this was submitted: all of
         * it is kept, or nothing. The work returns the answer: `return commit((tx) => { …; return redirect('/') })`.
         * What it throws is thrown, and undoes it; so does `invalid`. On SQLite the work is synchronous; on PostgreSQL it
         * may be run again when transactions collide.
         */
        readonly commit: (work: (tx: Tx) => Committable<Tx>) => Promise<Answer>
      }
    : unknown

/** What is submitted once. */
export interface OnceContext {
  /** Names this submission, the same each time it is sent: for a payment service that does things once by a key. */
  readonly key: string
  /**
   * Says that something begins which no store can undo, such as a payment. What fails after it is not tried again by
   * itself: the person is asked. For routes with `once: { mode: 'guard' }`.
   */
  external(): void
}

/** What the handler of a posted form is given besides the context. */
export interface Submitting<Schema extends StandardSchemaV1> extends Viewing<Schema> {
  /** What was posted, valid and typed. */
  readonly data: ValuesOf<Schema>
  /** Shows the form again with 422: `return invalid({ username: 'is taken' })`, or one sentence about the whole form. */
  readonly invalid: (reasons: InvalidReasons<NamesOf<Schema>>) => Invalid
}

/**
 * What a handler may answer: `html` is an HTML page, a string is plain text (never HTML), a plain object or array is
 * JSON, and `redirect(…)`, `invalid(…)` and a web `Response` are what they are.
 */
export type Answer = Html | FormView | string | (object & { readonly then?: never }) // no promise of something else

/** A handler: takes what it is given and answers, at once or later. */
export type Handler<Given> = (given: Given) => Answer | Promise<Answer>

/**
 * Asked before the body is read, as a login wall in front of a large upload: what it answers ends the request, and with
 * nothing the request goes on.
 */
export type Guard<Given> = (
  given: Omit<Given, 'fields' | 'files'>,
) => Answer | undefined | Promise<Answer | undefined> | Promise<void>

/** What holds for one route. */
export interface RouteOptions<Given> {
  /** How large what is posted here may be, in place of the app's limits. */
  readonly limits?: Partial<FormLimits>
  /** Asked before the body is read. */
  readonly guard?: Guard<Given>
  /**
   * Whether what is sent here twice is done once: by a double click, a reload, a browser that tries again. Default: true
   * for `app.form`, false for the others. Its form needs `${form}`, `${form.hidden}` or `${hidden(action)}`.
   */
  readonly once?: OnceSetting<Given>
}

/** Something around handlers: answers itself, or returns what `next` gives, changed or not. */
export type Middleware<Given> = (given: Given, next: () => Promise<Response>) => Answer | Promise<Answer>
