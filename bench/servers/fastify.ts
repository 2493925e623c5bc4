import formbody from '@fastify/formbody'
import secureSession from '@fastify/secure-session'
import Fastify from 'fastify'
import { acceptedName, escapeHtml, thankYouPage } from './page.ts'
import { host, lifetimeSeconds, port, secret } from './settings.ts'

declare module '@fastify/secure-session' {
  interface SessionData {
    username: string
  }
}

const app = Fastify()
await app.register(formbody)
await app.register(secureSession, {
  key: Buffer.from(secret.slice(0, 32)),
  expiry: lifetimeSeconds,
  cookie: { path: '/', httpOnly: true, sameSite: 'lax', maxAge: lifetimeSeconds },
})

app.post<{ Body: { username?: unknown } }>('/submit', (request, reply) => {
  const name = acceptedName(request.body.username)
  if (name === undefined) return reply.code(422).send()
  request.session.set('username', name)
  return reply.redirect('/thankyou', 303)
})

app.get('/thankyou', (request, reply) => {
  const name = request.session.get('username') ?? 'stranger'
  return reply.type('text/html; charset=utf-8').send(thankYouPage(escapeHtml(name)))
})

await app.listen({ host, port })
