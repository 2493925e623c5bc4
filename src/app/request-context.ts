import { encodeBase64url } from '../crypto/base64url.ts'
import { DewarError } from '../errors/dewar-error.ts'
import type { Form } from '../form/form.ts'
import type { Kept } from '../form/kept.ts'
import type { Issue, Typed } from '../form/submission.ts'
import { FormView } from '../form/view.ts'
import { type Html, html } from '../html/html.ts'
import { Fields, noFields } from '../http/fields.ts'
import { decodeQuery } from '../http/urlencoded.ts'
import { takeFlashes } from '../session/flashes.ts'
import type { LiveSession } from '../session/live-session.ts'
import { Session } from '../session/session.ts'
import type { FlashMessage } from '../session/state.ts'
import { StoredSession } from '../session/stored-session.ts'
import { Files, noFiles, type UploadedEntry } from '../upload/files.ts'
import { UploadedFile } from '../upload/uploaded-file.ts'
import { Cookies } from './cookies.ts'
import type { Environment } from './environment.ts'
import { hiddenFor, nextToken } from './form-token.ts'
import { type Invalid, type InvalidReasons, invalidFor } from './invalid.ts'
import { Reply, toResponse } from './reply.ts'
import type { Opened } from './stations.ts'
import { type Committed, transact } from './transaction.ts'

/** What was typed into a form that is shown again, and what is wrong with it. */
interface Shown {
  readonly typed: Typed | null
  readonly issues: readonly Issue[]
  /** The files that were sent with it and are kept. */
  readonly kept: Kept
}

const fresh: Shown = { typed: null, issues: [], kept: new Map() }

/** The context of one request: everything in it is made when it is asked for. */
export class RequestContext {
  readonly #opened: Opened
  #session: Session<Record<string, unknown>> | undefined
  #flashes: readonly FlashMessage[] | undefined
  #cookies: Cookies | undefined
  #query: Fields | undefined
  #showsForm = false
  #onceKey: string | undefined
  #passed: Map<Response, Reply> | undefined
  #state: Record<string, unknown> | undefined
  /** The typed values of the route's form, once they are known to be valid. */
  data: unknown
  /** What was typed into the route's form, if it is to be shown again. */
  shown: Shown = fresh
  /** The answer whose effect is committed already, if it is. */
  committed: Committed | null = null
  /** A commit that has begun and is not over. */
  committing: Promise<unknown> | null = null
  /** Whether somebody else has done the same submission meanwhile. */
  isLost = false
  /** Whether the handler was reached: what answers before it is not the answer to a submission. */
  isHandled = false
  /** Whether the handler is still at it: a middleware may have answered without waiting for it. */
  isRunning = false
  /** Whether the handler has answered 2xx or 3xx, and nothing has undone it. */
  isDone = false
  /** Files kept from an earlier try that its handler was given: they have arrived when what it did is kept. */
  recalled: readonly UploadedFile[] = []
  /** Whether something has begun that no store can undo. */
  isOutside = false
  /** Whether the handler has asked for its form again. It does nothing unless it is returned. */
  saysInvalid = false

  constructor(opened: Opened) {
    this.#opened = opened
    const { asked } = opened
    if (asked === null) return
    // Copies: a submission that was lost is answered anew, from what the guard left.
    this.#state = Object.assign(Object.create(null), asked.#state)
    this.#cookies = asked.#cookies?.copy()
  }

  get state(): Record<string, unknown> {
    this.#state ??= Object.create(null) as Record<string, unknown> // it has nothing yet
    return this.#state
  }

  get invalid(): (reasons: InvalidReasons<string>) => Invalid {
    return (reasons) => {
      this.saysInvalid = true
      return invalidFor(reasons)
    }
  }

  get flash(): (message: string, category?: string) => void {
    return (message, category = 'message') => this.live.flash(message, category, null)
  }

  /** Runs work in a transaction of the store, and gives its answer. */
  get commit(): (work: (tx: unknown) => unknown) => Promise<unknown> {
    return (work) => {
      const committing = this.#commit(work).finally(() => {
        if (this.committing === committing) this.committing = null
      })
      this.committing = committing
      return committing
    }
  }

  async #commit(work: (tx: unknown) => unknown): Promise<unknown> {
    if (this.committed !== null) throw new DewarError('once/committed-twice')
    const done = await transact(this.#opened, this, work)
    if (!('end' in done)) return done
    this.committed = done
    this.live.leave()
    return done.reply
  }

  get once(): { readonly key: string; external(): void } {
    // What comes without a token is done each time, so each time it has another name.
    this.#onceKey ??= this.#opened.submission?.key ?? encodeBase64url(this.#opened.config.random.bytes(16))
    return {
      key: this.#onceKey,
      external: () => {
        this.isOutside = true
      },
    }
  }

  get hidden(): (action: string) => Html {
    return (action) => html`${this.#hiddenFor(this.base + action)}`
  }

  get formFor(): (form: Form, action: string) => FormView {
    return (form, action) => this.#viewOf(form, this.base + action, fresh)
  }

  /** The reply that a middleware was shown as this response, so that nothing of it is lost on the way. */
  replyOf(response: Response): Reply | undefined {
    const reply = this.#passed?.get(response)
    // Text is at hand even if the middleware has read it; a stream is the response's own, for a clone has split it.
    if (reply === undefined || reply.body instanceof ReadableStream) return undefined
    return new Reply(response.status, [...response.headers].flat(), reply.body)
  }

  /** A reply as a response, for a middleware. */
  pass(reply: Reply): Response {
    const response = toResponse(reply)
    this.#passed ??= new Map()
    this.#passed.set(response, reply)
    return response
  }

  /** The prefix under which this app is mounted; empty if it is not. */
  get base(): string {
    return this.#opened.received.base
  }

  /** Whether the answer depends on cookies besides the session's. */
  get usesCookies(): boolean {
    return this.#cookies !== undefined
  }

  /** Takes down where things stand, and gives the way back there: for what is thrown away with its answer. */
  undoer(): () => void {
    const { isDone } = this
    const length = this.live.log.length
    const undoCookies = this.#cookies?.undoer()
    return () => {
      this.isDone = isDone
      this.live.rewind(length)
      if (undoCookies === undefined) this.#cookies?.clear()
      else undoCookies()
    }
  }

  /** The answer has left: from now on nothing more can be said with it. */
  leave(): void {
    this.live.leave()
    this.#cookies?.leave()
  }

  /** Whether it is for development or production. */
  get env(): Environment {
    return this.#opened.config.env
  }

  /** The session as the pipeline sees it. */
  get live(): LiveSession {
    return this.#opened.live
  }

  /** Whether a form that posts was shown: such a page belongs to one visitor. */
  get showsForm(): boolean {
    return this.#showsForm
  }

  get request(): Request {
    return this.#opened.received.request
  }

  get url(): URL {
    return this.#opened.received.url
  }

  get params(): Readonly<Record<string, string>> {
    return this.#opened.params
  }

  get query(): Fields {
    this.#query ??= new Fields(decodeQuery(this.url.search.slice(1)))
    return this.#query
  }

  get fields(): Fields {
    return this.#opened.fields ?? noFields
  }

  get files(): Files {
    const entries = this.#opened.files.filter((entry): entry is UploadedEntry => entry[1] instanceof UploadedFile)
    return entries.length === 0 ? noFiles : new Files(entries)
  }

  get session(): Session<Record<string, unknown>> {
    const { store } = this.#opened.config
    this.#session ??= store === null ? new Session(this.live) : new StoredSession(this.live)
    return this.#session
  }

  get flashes(): readonly FlashMessage[] {
    this.#flashes ??= takeFlashes(this.live, { page: this.page, unseen: isUnseen(this.request) })
    return this.#flashes
  }

  get cookies(): Cookies {
    this.#cookies ??= new Cookies(this.#opened.cookies, this.#opened.arrival.kind.secure)
    return this.#cookies
  }

  /** The Set-Cookie headers that the handler asked for. */
  get setCookies(): readonly string[] {
    return this.#cookies?.headers ?? []
  }

  // What is done once goes on when its client leaves: they, or their browser, will ask again.
  get signal(): AbortSignal {
    return this.#opened.submission === null ? this.request.signal : new AbortController().signal
  }

  /** The path and query of this page: what a flash message for it is addressed to. */
  get page(): string {
    const { pathname, search } = this.url
    const query = search === '?' ? '' : search // as srvx has it
    return pathname + (this.request.method === 'POST' ? query.replace(/&$/, '') : query) // see besidePage
  }

  /** The form of the route, as it stands in the page: it posts to where it was shown, query and all. */
  get form(): FormView {
    const { target } = this.#opened
    if (target.kind !== 'form' && target.kind !== 'submit') {
      throw new TypeError('This route has no form. Register it with app.form, or with app.get or app.post and a form.')
    }
    return this.#viewOf(target.form, target.form.method === 'get' ? this.url.pathname : this.#besidePage, this.shown)
  }

  // Where this page posts to: itself, by another address. A POST makes browsers forget the page of its address; then Back
  // would fetch it anew, and put what was typed beside the token of another form.  RFC 9111 §4.4
  get #besidePage(): string {
    return `${this.page}${this.page.includes('?') ? '&' : '?'}`
  }

  #viewOf(form: Form, action: string, shown: Shown): FormView {
    const hidden = (): Html | null => (form.method === 'get' ? null : this.#hiddenFor(action))
    return new FormView({ form, action, ...shown, hidden })
  }

  #hiddenFor(action: string): Html | null {
    this.#showsForm = true
    return hiddenFor(this.#opened, this, action)
  }

  /** The next token of the form that a script has sent, if it names one that is submitted once. */
  get nextToken(): string | null {
    return nextToken(this.#opened, this)
  }
}

// A page that is fetched ahead, or whose head alone is asked for, shows nobody anything.
function isUnseen({ method, headers }: Request): boolean {
  const purpose = headers.get('sec-purpose') ?? headers.get('purpose') ?? ''
  return method === 'HEAD' || /prefetch|prerender/.test(purpose)
}
