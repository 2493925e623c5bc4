import type { App } from './app-type.ts'
import { addFieldRoutes } from './fields.ts'
import { openApp } from './open-app.ts'
import { addPages } from './pages.ts'
import { addPayments } from './payments.ts'
import { addSessionRoutes } from './sessions.ts'
import type { Settings } from './settings.ts'
import { addSignIn } from './sign-in.ts'
import { addStatistics } from './statistics.ts'
import { addTrouble } from './trouble.ts'
import { addUploads } from './uploads.ts'

/** The conformance app. Each file of routes has one subject. */
export async function createApp(settings: Settings): Promise<App> {
  const { secret, env, uploadFolder } = settings
  const options = { secret, env, unsafelySkipOriginCheck: ['/hook'], uploads: { folder: uploadFolder } }
  const { app, ledger } = await openApp(settings.store, options)
  addPages(app)
  addPayments(app, ledger)
  addFieldRoutes(app)
  addSignIn(app)
  addSessionRoutes(app)
  addUploads(app, settings)
  addTrouble(app)
  addStatistics(app, settings)
  return app
}
