/** What must compile, and, under `@ts-expect-error`, what must not. `npm run check` reads this file; nothing runs it. */
import * as z from 'zod'
import { type Context, Dewar, form, html, redirect, type Session, shape } from '../../src/index.ts'
import { inspector } from '../../src/inspector.ts'

const app = new Dewar({ session: z.object({ username: z.string(), visits: z.number() }) })
const guest = form(z.object({ username: z.string(), age: z.number().optional() }))

// A session has the keys of its schema, and their types.
app.get('/session', ({ session }) => {
  const name: string | undefined = session.get('username')
  session.set('visits', 1)
  // @ts-expect-error the session has no such key
  session.get('usrname')
  // @ts-expect-error the session has no such key
  session.set('usrname', 'Ada')
  // @ts-expect-error visits is a number
  session.set('visits', 'one')
  // @ts-expect-error a session may be empty, so the value may be missing
  const certain: string = session.get('username')
  return `${name}${certain}`
})

// A session in a cookie cannot merge what requests at once do to it, so it does not offer to.
app.get('/offers', ({ session }) => {
  // @ts-expect-error a cookie session has no push
  session.push('visits', 1)
  // @ts-expect-error a cookie session has no increment
  session.increment('visits')
  // @ts-expect-error a cookie session has no update
  session.update('visits', (visits: number) => visits + 1)
  return 'ok'
})

// Parameters come from the pattern.
app.get('/orders/:id/items/:item', ({ params }) => {
  const id: string = params.id
  // @ts-expect-error the pattern has no such parameter
  return `${id}${params.item}${params.order}`
})
app.get('/plain', ({ params }) => {
  // @ts-expect-error the pattern has no parameters
  return params.id
})

// A form gives its values to submit, and its field names to the view.
app.form('/guest/:room', guest, {
  view: ({ form, params }) => html`${params.room}${form.field('username')}${form.error('age')}`,
  submit: ({ data, invalid, params }) => {
    const age: number | undefined = data.age
    // @ts-expect-error the form has no such field
    data.name
    // @ts-expect-error the form has no such field
    if (age === 0) return invalid({ name: 'is taken' })
    return age === 1 ? invalid({ username: 'is taken' }) : redirect(`/${params.room}`)
  },
})
app.form('/guest', guest, {
  // @ts-expect-error the form has no such field
  view: ({ form }) => html`${form.field('usrname')}`,
  submit: () => redirect('/'),
})
// @ts-expect-error a form needs both sides
app.form('/half', guest, { view: () => 'x' })

// A handler answers something.
// @ts-expect-error it returns nothing
app.get('/nothing', () => {})
// @ts-expect-error a number is no answer
app.get('/number', () => 7)
// @ts-expect-error nor is the promise of one
app.get('/number/later', async () => 7)
app.get('/promise', async () => ({ ok: true }))

// A template takes what can be shown.
// @ts-expect-error a Date has to be turned into text first
html`${new Date()}`
// @ts-expect-error a promise has to be awaited first
html`${Promise.resolve('x')}`
html`${['a', 1, null, html`<b>b</b>`]}`

// Options are checked where they stand.
// @ts-expect-error there is no such option
new Dewar({ sesion: {} })
// @ts-expect-error there is no such environment
new Dewar({ env: 'prod' })
// @ts-expect-error 200 is no redirect
redirect('/', { status: 200 })

// A shape is a type alone.
const shaped = new Dewar({ session: shape<{ cart: readonly string[] }>() })
shaped.get('/', ({ session }) => session.get('cart') ?? [])

// Without a session schema every key goes, and values have to be looked at.
const open = new Dewar()
open.get('/', ({ session }) => {
  session.set('anything', 1)
  // @ts-expect-error its type is not known
  const text: string | undefined = session.get('anything')
  return text ?? 'x'
})

// A helper can name what it is given.
function nameOf({ session }: { readonly session: Session<{ username: string; visits: number }> }): string {
  return session.get('username') ?? 'nobody'
}
app.get('/helper', (context) => nameOf(context))
const guard = ({ url }: Context): string => url.pathname
app.use((context, next) => (guard(context) === '/closed' ? 'closed' : next()))
app.get('/shown', ({ formFor }) => html`${formFor(guest, '/guest').field('username')}`)

// The inspector looks at an app of any type, and is an app.
app.mount('/_dewar', inspector(app))
// @ts-expect-error it has no options
inspector(app, { base: '/_dewar' })
// @ts-expect-error it looks at an app, not at a fetch function
inspector(app.fetch)
