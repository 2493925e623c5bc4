import { DatabaseSync } from 'node:sqlite'
import { Dewar, DewarError, form, HttpError, type Redirect, redirect } from 'dewar'
import { staticFiles } from 'dewar/node'
import { sqlite } from 'dewar/sqlite'
import * as z from 'zod'
import { devicesPage, frontPage, loginPage, membersPage, missingPage, signUpPage } from './pages.ts'
import { hashPassword, isPassword } from './passwords.ts'
import { addUser, findUser, openUsers } from './users.ts'

const nameField = z
  .string()
  .trim()
  .regex(/^[\p{L}\p{N}_.-]{1,40}$/u, 'Up to 40 letters, digits, dots, dashes; no spaces.')
const known = { label: 'Your name', autocomplete: 'username' } as const

const newcomer = form(
  z.object({
    name: nameField,
    password: z.string().min(12, 'At least 12 characters, please.').max(200, 'At most 200 characters, please.'),
  }),
  {
    button: 'Sign up',
    fields: {
      name: { ...known, hint: 'Letters, digits, dots, dashes.' },
      password: {
        label: 'A password',
        hint: 'At least 12 characters; a sentence is fine.',
        autocomplete: 'new-password',
      },
    },
  },
)
const member = form(z.object({ name: z.string().trim().min(1).max(200), password: z.string().min(1).max(200) }), {
  button: 'Log in',
  fields: { name: known, password: { label: 'Your password', autocomplete: 'current-password' } },
})

// Users, sessions and submissions lie in one file, so that signing up and being logged in are one transaction.
export const database: DatabaseSync = new DatabaseSync(process.env.DATABASE_FILE ?? 'login.db', { timeout: 1000 })
openUsers(database)

const app = new Dewar({ store: sqlite(database) })

app.mount('/static', staticFiles(`${import.meta.dirname}/public`))

app.get('/', ({ session, flashes, hidden }) => frontPage({ user: session.user, flashes, hidden }))

app.form('/sign-up', newcomer, {
  view: ({ form, session }) => (session.user === null ? signUpPage(form) : redirect('/members')),
  async submit({ data, session, commit, invalid }) {
    const hash = await hashPassword(data.password) // before the transaction, which waits for nothing
    return commit((tx) => {
      if (!addUser(tx, data.name, hash)) return invalid({ name: 'Somebody has this name already.' })
      session.login(data.name)
      return redirect('/members', { flash: `Welcome, ${data.name}.` })
    })
  },
})

app.form('/login', member, {
  view: ({ form, session, query }) => (session.user === null ? loginPage(form) : within(query.get('next'))),
  async submit({ data, session, query, invalid }) {
    const user = findUser(database, data.name)
    if (!(await isPassword(data.password, user?.hash ?? null)) || user === null) {
      return invalid('This name and this password do not belong together.') // which of them is wrong is nobody's business
    }
    session.login(user.name) // what was in the cookie before opens nothing from now on
    return within(query.get('next'))
  },
})

app.use('/members', ({ session, url, request }, next) => {
  if (session.user !== null) return next()
  const page = request.method === 'GET' ? url.pathname + url.search : '/members' // what was pressed is asked again
  return redirect(`/login?${new URLSearchParams({ next: page })}`)
})

app.get('/members', ({ session, flashes, hidden, query }) =>
  membersPage({ user: session.user, flashes, hidden }, query.get('room') ?? 'lounge'),
)

app.get('/members/devices', async ({ session, flashes, hidden }) => {
  const devices = await app.sessions.list(userOf(session))
  return devicesPage({ user: session.user, flashes, hidden }, { devices, current: session.id })
})

app.post('/members/devices/:id/end', async ({ params, session }) => {
  const devices = await app.sessions.list(userOf(session))
  if (!devices.some(({ id }) => id === params.id)) throw new HttpError(404, 'You have no such device.') // only their own
  await app.sessions.revoke(params.id)
  return redirect('/members/devices', { flash: 'That device is logged out.' })
})

app.post('/members/everywhere', async ({ session }) => {
  await app.sessions.revokeAll(userOf(session), { except: session.id })
  session.logout()
  return redirect('/', { flash: 'You are logged out everywhere.' })
})

app.post('/logout', ({ session }) => {
  session.logout()
  return redirect('/', { flash: 'You are logged out.' })
})

app.notFound(() => missingPage())

function userOf({ user }: { readonly user: string | null }): string {
  if (user === null) throw new HttpError(401)
  return user
}

// `next` is what somebody has written into an address: only a path of this app will do.
function within(next: string | null): Redirect {
  try {
    return redirect(next ?? '/members')
  } catch (error) {
    if (error instanceof DewarError && error.code === 'redirect/target') return redirect('/members')
    throw error
  }
}

export default app
