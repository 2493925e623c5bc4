import { type AnyDewar, Dewar } from '../app/dewar.ts'
import { failureOf, viewerOf } from '../app/failure.ts'
import type { Watcher } from '../app/watching.ts'
import { systemRandom } from '../crypto/random.ts'
import { freshSecret } from '../crypto/secret.ts'
import { HttpError } from '../errors/http-error.ts'
import { lineOf } from './failure.ts'
import { NotLoaded, type Place } from './load-app.ts'

/** Why there is no app to answer. A stranger learns nothing but that; its stack says it in one sentence. */
export class NoApp extends HttpError {
  /** The line to look at, if it is known. */
  readonly place: Place | null

  constructor(why: unknown) {
    super(500, 'The app does not run.', why instanceof Error && why.cause !== undefined ? { cause: why.cause } : {})
    this.place = why instanceof NotLoaded ? why.place : null
    this.stack = `${this.message}\n${lineOf(why)}`
  }
}

/** An app that stands for one that cannot be had, and the watcher that answers all its requests with the reason. */
export function appThatFails(why: unknown): { readonly app: AnyDewar; readonly watcher: Watcher } {
  const config = { env: 'development' } as const
  const app = new Dewar({ ...config, secret: freshSecret(systemRandom) })
  const error = new NoApp(why)
  const watcher: Watcher = {
    watch: async (received) => failureOf(viewerOf({ received, config }), error),
  }
  return { app, watcher }
}
