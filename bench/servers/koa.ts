import { bodyParser } from '@koa/bodyparser'
import { Router } from '@koa/router'
import Koa from 'koa'
import session from 'koa-session'
import { acceptedName, escapeHtml, thankYouPage } from './page.ts'
import { host, lifetimeSeconds, port, secret } from './settings.ts'

const app = new Koa()
app.keys = [secret]
app.use(session({ maxAge: lifetimeSeconds * 1000, httpOnly: true, sameSite: 'lax' }, app))
app.use(bodyParser({ enableTypes: ['form'] }))

const router = new Router()

router.post('/submit', (context) => {
  const body: unknown = context.request.body
  const name = acceptedName(typeof body === 'object' && body !== null && 'username' in body ? body.username : undefined)
  if (name === undefined) {
    context.status = 422
    return
  }
  context.session.username = name
  context.redirect('/thankyou')
  context.status = 303
})

router.get('/thankyou', (context) => {
  context.type = 'html'
  context.body = thankYouPage(escapeHtml(context.session.username ?? 'stranger'))
})

app.use(router.routes()).use(router.allowedMethods())
app.listen(port, host)
