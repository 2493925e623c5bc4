import { type Context, Dewar, form, type Html, html, redirect } from 'dewar'
import { staticFiles } from 'dewar/node'
import { sqlite } from 'dewar/sqlite'
import * as z from 'zod'

const text = z.string().trim().min(1, 'Please write something.').max(200, 'At most 200 characters, please.')
const note = form(z.object({ text }), {
  button: 'Keep it',
  fields: { text: { label: 'A thing to remember' } },
})

const app = new Dewar({
  session: z.object({ notes: z.array(z.string()) }), // what is remembered about a visitor
  store: sqlite(process.env.DATABASE_FILE ?? 'app.db'),
})

app.mount('/static', staticFiles(`${import.meta.dirname}/public`))

app.form('/', note, {
  view: ({ form, session, flashes, hidden }) =>
    page(html`${flashes.map(({ message }) => html`<p class="flash" role="status">${message}</p>`)}
${form}
${list(session.get('notes') ?? [], hidden)}`),
  // Only valid notes arrive here, and each of them once, however often its button is pressed.
  submit: ({ data, session }) => {
    session.push('notes', data.text, { max: 50 })
    return redirect('/', { flash: 'Kept.' })
  },
})

app.post('/forget', ({ session }) => {
  session.clear()
  return redirect('/')
})

function list(notes: readonly string[], hidden: Context['hidden']): Html | null {
  if (notes.length === 0) return null
  return html`<h2>Kept for you</h2>
<ul>${notes.map((text) => html`<li>${text}</li>`)}</ul>
<form method="post" action="/forget">${hidden('/forget')}<button class="quiet" type="submit">Forget all of it</button></form>`
}

function page(content: Html): Html {
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Notes</title>
<link rel="icon" href="/static/icon.svg">
<link rel="stylesheet" href="/static/style.css">
</head>
<body>
<main>
<h1>Notes</h1>
${content}
</main>
</body>
</html>
`
}

export default app
