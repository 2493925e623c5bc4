import { serve } from 'dewar/node'
import app from './app.ts'

await serve(app)
