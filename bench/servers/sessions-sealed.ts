import { Dewar, html, redirect } from 'dewar'
import { serve } from 'dewar/node'
import { visitor, visitorOf } from '../sessions/content.ts'
import { host, port } from './settings.ts'

const app = new Dewar({ session: visitor, env: 'production' })

app.get('/thankyou', ({ session }) => {
  const name = session.get('username') ?? 'stranger'
  return html`<!doctype html><title>Thank you</title><p>Thank you, ${name}!</p>`
})

// Gives a visitor the session that the other servers find in their files.
app.post('/begin/:number', ({ params, session }) => {
  const { username, visits, locale, theme, seen, cart } = visitorOf(Number(params.number))
  session.set('username', username)
  session.set('visits', visits)
  session.set('locale', locale)
  session.set('theme', theme)
  session.set('seen', seen)
  session.set('cart', cart)
  return redirect('/thankyou')
})

serve(app, { host, port })
