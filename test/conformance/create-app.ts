import { Dewar } from 'dewar'
import { addFieldRoutes } from './fields.ts'
import { addPages } from './pages.ts'
import { addPayments } from './payments.ts'
import { addSessionRoutes } from './sessions.ts'
import type { Settings } from './settings.ts'
import { addSignIn } from './sign-in.ts'
import { addStatistics } from './statistics.ts'
import { addTrouble } from './trouble.ts'
import { addUploads } from './uploads.ts'

/** The conformance app. Each file of routes has one subject. */
export function createApp(settings: Settings): Dewar {
  const { secret, env, uploadFolder } = settings
  const app = new Dewar({ secret, env, unsafelySkipOriginCheck: ['/hook'], uploads: { folder: uploadFolder } })
  addPages(app)
  addPayments(app)
  addFieldRoutes(app)
  addSignIn(app)
  addSessionRoutes(app)
  addUploads(app, settings)
  addTrouble(app)
  addStatistics(app, settings)
  return app
}
