export { type Attachment, type AttachmentOptions, attachment } from './app/attachment.ts'
export type {
  Answer,
  Committable,
  Committing,
  Context,
  Guard,
  Handler,
  Middleware,
  OnceContext,
  RouteOptions,
  Searching,
  Submitting,
  Viewing,
} from './app/context.ts'
export type { CookieOptions, Cookies } from './app/cookies.ts'
export { type AnyDewar, Dewar, type FormHandlers, type GetRoute, type SendRoute, type SessionOf } from './app/dewar.ts'
export type { Environment } from './app/environment.ts'
export type { Invalid, InvalidReasons } from './app/invalid.ts'
export { onceNext, onceNextHash } from './app/once-next.ts'
export type { Intent, OnceOptions, OnceSetting } from './app/once-options.ts'
export type { DewarOptions } from './app/options.ts'
export {
  type Redirect,
  type RedirectFunction,
  type RedirectOptions,
  type RedirectStatus,
  redirect,
} from './app/redirect.ts'
export type { ListedSession, Sessions } from './app/sessions.ts'
export { uploadProgress, uploadProgressHash } from './app/upload-progress.ts'
export type { Clock } from './clock/clock.ts'
export type { Random } from './crypto/random.ts'
export { DewarError } from './errors/dewar-error.ts'
export { HttpError } from './errors/http-error.ts'
export type { ErrorCode } from './errors/table.ts'
export type { Attributes } from './form/control.ts'
export type { FieldOptions } from './form/field.ts'
export { type Form, type FormMethod, type FormOptions, form } from './form/form.ts'
export type { FieldName, NamesOf, ValuesOf } from './form/names.ts'
export type { Issue } from './form/submission.ts'
export type { FormView } from './form/view.ts'
export { type Html, type HtmlSource, type HtmlValue, html, raw } from './html/html.ts'
export type { Fields } from './http/fields.ts'
export type { FormLimits } from './http/limits.ts'
export type { Entry } from './http/urlencoded.ts'
export type { ChangedPolicy } from './once/rules.ts'
export type { Params } from './routing/routes.ts'
export type { Lifetime } from './session/lifetime.ts'
export { type SessionSchema, type Shape, shape } from './session/schema.ts'
export type { Session } from './session/session.ts'
export type { FlashMessage } from './session/state.ts'
export type { ItemOf, KeyOf, StoredSession } from './session/stored-session.ts'
export { memory } from './store/memory.ts'
export type { Store, TransactionalStore } from './store/store.ts'
export type { Files, UploadedEntry } from './upload/files.ts'
export type { UploadOptions } from './upload/open-depot.ts'
export type { UploadedFile } from './upload/uploaded-file.ts'
