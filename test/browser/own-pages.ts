import { randomBytes } from 'node:crypto'
import { Dewar, form, shape } from 'dewar'
import * as z from 'zod'

/** A page that Dewar shows by itself, when an app has none. */
export interface OwnPage {
  readonly name: string
  readonly status: number
  readonly html: string
}

/** The pages of Dewar's own, as `env` has them: in development they teach. Each name begins with the status it stands for. */
export async function ownPages(env: 'development' | 'production'): Promise<OwnPage[]> {
  const app = failingApp(env)
  const signedIn = await app.fetch(ask('/submit', { ...posted, body: 'username=Ada' }))
  const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const pages: OwnPage[] = []
  for (const [name, path, init = {}] of questions(cookie)) {
    const answer = await app.fetch(ask(path, init))
    pages.push({ name, status: answer.status, html: await answer.text() })
  }
  return pages
}

const posted = { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' } }

function questions(cookie: string): readonly (readonly [name: string, path: string, init?: RequestInit])[] {
  return [
    ['400, a field that is missing', '/submit', { ...posted, body: 'other=1' }],
    ['400, a form that is not UTF-8', '/submit', { ...posted, body: 'username=%ff' }],
    ['403, a form of another site', '/submit', { method: 'POST', headers: { origin: 'https://elsewhere.example' } }],
    ['403, a form without its token', '/submit', { method: 'POST', headers: { cookie } }],
    ['404, an address that is not there', '/nowhere'],
    ['405, a method that is not taken', '/submit'],
    ['413, a form that is too large', '/submit', { ...posted, body: `username=${'a'.repeat(100)}` }],
    ['415, a body that is no form', '/guest', { method: 'POST', body: 'text' }],
    ['422, a form whose route has no view', '/guest', { ...posted, body: 'name=&mail=none&size=XL&age=x&nicknames=a' }],
    ['500, a handler that throws', '/throws'],
    ['500, a handler that returns nothing', '/nothing'],
  ]
}

function ask(path: string, init: RequestInit): Request {
  return new Request(`http://localhost${path}`, init)
}

const guest = form(
  z.object({
    name: z.string().min(1).max(40),
    mail: z.email(),
    age: z.number().int().min(18),
    about: z.string().max(500),
    size: z.enum(['S', 'M', 'L']),
    country: z.enum(['Denmark', 'Norway']),
    extras: z.array(z.enum(['Milk', 'Sugar'])),
    born: z.date().optional(),
    agreed: z.literal(true),
    address: z.object({ street: z.string(), city: z.string().min(1) }),
    nicknames: z.array(z.string().min(2)),
    password: z.string().min(12),
  }),
  {
    fields: {
      size: { control: 'radio' },
      about: { hint: 'Whatever you like.' },
      password: { autocomplete: 'new-password' },
    },
  },
)

function failingApp(env: 'development' | 'production'): Dewar<{ username: string }> {
  const secret = randomBytes(32).toString('base64url')
  const app = new Dewar({ session: shape<{ username: string }>(), env, secret, limits: { bodyBytes: 90 } })
  app.post('/submit', ({ fields, session }) => {
    session.set('username', fields.require('username'))
    return 'Done.'
  })
  app.post('/guest', guest, () => 'Done.')
  app.get('/throws', () => {
    throw new Error('Something <b>broke</b>.')
  })
  app.get('/nothing', (() => undefined) as unknown as () => string) // the mistake that its page is about
  return app
}
