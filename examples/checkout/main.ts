import { serve } from 'dewar/node'
import app from './app.ts'

await serve(app) // on PORT, or 3000; it prints its address
await import('./mailer.ts') // in the same process here; it may have one of its own
