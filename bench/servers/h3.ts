import { H3, type H3Event, html, raw, readFormData, redirect, type SessionManager, serve, useSession } from 'h3'
import { acceptedName, escapeHtml, thankYouPage } from './page.ts'
import { host, lifetimeSeconds, port, secret } from './settings.ts'

const app = new H3()

app.post('/submit', async (event) => {
  const name = acceptedName((await readFormData(event)).get('username'))
  if (name === undefined) return new Response(null, { status: 422 })
  const session = await sessionOf(event)
  await session.update({ username: name })
  return redirect('/thankyou', 303)
})

app.get('/thankyou', async (event) => {
  const session = await sessionOf(event)
  return html(raw(thankYouPage(escapeHtml(session.data.username ?? 'stranger'))))
})

serve(app, { hostname: host, port })

function sessionOf(event: H3Event): Promise<SessionManager<{ username?: string }>> {
  return useSession(event, {
    password: secret,
    maxAge: lifetimeSeconds,
    cookie: { path: '/', httpOnly: true, sameSite: 'lax', secure: false },
  })
}
