import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { CookieStore, type Session, sessionMiddleware } from 'hono-sessions'
import { acceptedName, escapeHtml, thankYouPage } from './page.ts'
import { host, lifetimeSeconds, port, secret } from './settings.ts'

const app = new Hono<{ Variables: { session: Session<{ username: string }>; session_key_rotation: boolean } }>()
app.use(
  '*',
  sessionMiddleware({
    store: new CookieStore(),
    encryptionKey: secret,
    expireAfterSeconds: lifetimeSeconds,
    cookieOptions: { path: '/', httpOnly: true, sameSite: 'Lax' },
  }),
)

app.post('/submit', async (c) => {
  const name = acceptedName((await c.req.parseBody()).username)
  if (name === undefined) return c.body(null, 422)
  c.get('session').set('username', name)
  return c.redirect('/thankyou', 303)
})

app.get('/thankyou', (c) => c.html(thankYouPage(escapeHtml(c.get('session').get('username') ?? 'stranger'))))

serve({ fetch: app.fetch, hostname: host, port })
