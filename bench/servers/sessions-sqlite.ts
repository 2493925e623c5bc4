import { Dewar, html, redirect } from 'dewar'
import { serve } from 'dewar/node'
import { sqlite } from 'dewar/sqlite'
import { visitor } from '../sessions/content.ts'
import { host, port } from './settings.ts'

const app = new Dewar({ session: visitor, store: sqlite(process.env.SESSIONS_FILE ?? ''), env: 'production' })

app.get('/thankyou', ({ session }) => {
  const name = session.get('username') ?? 'stranger'
  return html`<!doctype html><title>Thank you</title><p>Thank you, ${name}!</p>`
})

app.post('/visit', ({ session }) => {
  session.increment('visits')
  return redirect('/thankyou')
})

serve(app, { host, port })
