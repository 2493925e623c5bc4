import express from 'express'
import session from 'express-session'
import { acceptedName, escapeHtml, thankYouPage } from './page.ts'
import { host, lifetimeSeconds, port, secret } from './settings.ts'

declare module 'express-session' {
  interface SessionData {
    username: string
  }
}

const app = express()
app.use(express.urlencoded({ extended: false }))
app.use(
  session({
    secret,
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: 'lax', maxAge: lifetimeSeconds * 1000 },
  }),
)

app.post('/submit', (request, response) => {
  const name = acceptedName(request.body?.username)
  if (name === undefined) return void response.status(422).end()
  request.session.username = name
  response.redirect(303, '/thankyou')
})

app.get('/thankyou', (request, response) => {
  response.send(thankYouPage(escapeHtml(request.session.username ?? 'stranger')))
})

app.listen(port, host)
