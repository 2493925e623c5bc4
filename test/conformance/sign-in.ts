import { DewarError, form, HttpError, type Redirect, redirect } from 'dewar'
import * as z from 'zod'
import type { App } from './app-type.ts'
import { layout } from './layout.ts'

const signIn = form(
  z.object({
    user: z.string().min(1).max(100),
    password: z.string().min(1).max(100),
    next: z.string().optional(),
  }),
  { button: 'Sign in', fields: { next: { control: 'hidden' } } },
)

/** Who somebody is. Any password will do. */
export function addSignIn(app: App): void {
  app.form('/login', signIn, {
    once: { unsafelyAllowMissingToken: true }, // for clients that never show the form
    view: ({ form, query }) => layout('Sign in', form.fill({ next: query.get('next') ?? '' })),
    submit: ({ data, session }) => {
      session.login(data.user)
      return redirectWithin(data.next ?? '/me', '/me')
    },
  })

  app.get('/me', ({ session }) => ({ user: session.user, id: session.id }))

  app.post('/logout', ({ session }) => {
    session.logout()
    return redirect('/me')
  })

  app.post('/logout-all', async ({ session }) => {
    if (!app.sessions.revocable) throw new HttpError(501, 'Sessions in sealed cookies cannot be ended from here.')
    if (session.user !== null) await app.sessions.revokeAll(session.user)
    session.logout()
    return redirect('/me')
  })

  app.get('/devices', async ({ session }) => {
    if (!app.sessions.revocable) throw new HttpError(501, 'Sessions in sealed cookies cannot be listed.')
    return session.user === null ? [] : [...(await app.sessions.list(session.user))]
  })
}

function redirectWithin(to: string, otherwise: string): Redirect {
  try {
    return redirect(to)
  } catch (error) {
    if (error instanceof DewarError && error.code === 'redirect/target') return redirect(otherwise)
    throw error
  }
}
