import { serve } from 'dewar/node'
import app from './app.ts'

await serve(app) // on PORT, or 3000; it prints its address
