import { Dewar, form, html, redirect } from 'dewar'
import { serve } from 'dewar/node'
import * as z from 'zod'
import { host, port } from './settings.ts'

const app = new Dewar({ session: z.object({ username: z.string() }), env: 'production' })
const guest = form(z.object({ username: z.string().trim().min(1).max(40) }))

app.form('/submit', guest, {
  once: false, // none of the others does anything once, and wrk sends no tokens
  view: ({ form }) => html`<!doctype html><title>Who are you?</title>${form}`,
  submit: ({ data, session }) => {
    session.set('username', data.username)
    return redirect('/thankyou')
  },
})

app.get(
  '/thankyou',
  ({ session }) => html`<!doctype html><title>Thank you</title><p>Thank you, ${session.get('username')}!</p>`,
)

serve(app, { host, port })
