import { DatabaseSync } from 'node:sqlite'
import { Dewar, form, redirect } from 'dewar'
import { staticFiles } from 'dewar/node'
import { sqlite } from 'dewar/sqlite'
import * as z from 'zod'
import { Book } from './book.ts'
import { bookPage, goodbyePage, missingPage, namePage, thankYouPage, welcomePage } from './pages.ts'

const guest = z.object({
  name: z.string().trim().min(1, 'Please tell us your name.').max(40, 'At most 40 characters, please.'),
})
const nameField = { label: 'Your name', hint: 'Up to 40 characters. Any name will do.', autocomplete: 'nickname' }
const signIn = form(guest, { button: 'Sign in', fields: { name: nameField } })
const rename = form(guest, { button: 'Change name', fields: { name: nameField } })

const entry = form(
  z.object({
    message: z.string().trim().min(1, 'Please write something.').max(500, 'At most 500 characters, please.'),
  }),
  { button: 'Leave message', fields: { message: { label: 'Your message', hint: 'Up to 500 characters.' } } },
)

// Messages and sessions lie in one file. Both are still there after a restart.
const database = new DatabaseSync(process.env.GUESTBOOK_FILE ?? 'guestbook.db')
export const book: Book = new Book(database)

const app = new Dewar({
  session: z.object({ name: z.string(), visits: z.number() }), // what the book remembers about a visitor
  store: sqlite(database),
})

app.mount('/static', staticFiles(`${import.meta.dirname}/public`))

app.form('/', signIn, {
  view: ({ form, session }) => (session.has('name') ? redirect('/book') : welcomePage(form, book.entries)),
  submit: ({ data, session }) => {
    session.set('name', data.name)
    return redirect('/thank-you', { flash: 'You are signed in.' })
  },
})

app.form('/book', entry, {
  view: ({ form, session, request, hidden }) => {
    const name = session.get('name')
    if (name === undefined && form.issues.length === 0) return redirect('/')
    if (name !== undefined && request.method === 'GET') session.increment('visits')
    const known = name === undefined ? null : { name, hidden }
    return bookPage({ form, known, visits: session.get('visits') ?? 0, entries: book.entries })
  },
  // The message, the session and that this was sent are kept together or not at all: a second click adds nothing.
  submit: ({ data, session, invalid, commit }) =>
    commit(() => {
      const name = session.get('name')
      if (name === undefined) return invalid('You are no longer signed in. Your message is still here.')
      book.add({ name, message: data.message, writtenAt: new Date() })
      return redirect('/thank-you', { flash: 'Your message is in the book.' })
    }),
})

app.get('/thank-you', ({ session, flashes, hidden }) => {
  const name = session.get('name')
  return name === undefined ? redirect('/') : thankYouPage({ name, hidden }, flashes)
})

app.form('/name', rename, {
  view: ({ form, session, hidden }) => {
    const name = session.get('name')
    return name === undefined ? redirect('/') : namePage(form.fill({ name }), { name, hidden })
  },
  submit: ({ data, session }) => {
    session.set('name', data.name)
    return redirect('/thank-you', { flash: 'Your name is changed.' })
  },
})

app.post('/forget', ({ session }) => {
  session.clear()
  return redirect('/goodbye')
})

app.get('/goodbye', ({ session }) => (session.has('name') ? redirect('/book') : goodbyePage()))

app.notFound(() => missingPage())

export default app
