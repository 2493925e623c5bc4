import { Dewar, type Html, html, redirect, shape } from 'dewar'

const app = new Dewar({ session: shape<{ username: string }>() })

app.get('/', ({ hidden }) =>
  page(
    'Who are you?',
    html`<form method="post" action="/submit">${hidden('/submit')}
<label>Username <input type="text" name="username" required></label>
<button type="submit">Submit</button>
</form>`,
  ),
)

app.post('/submit', ({ fields, session }) => {
  session.set('username', fields.require('username'))
  return redirect('/thankyou')
})

app.get('/thankyou', ({ session, hidden }) =>
  page(
    'Thank you for submitting!',
    html`<p>Your name is ${session.get('username') ?? 'not known'}. <a href="/whoami">Who am I?</a></p>
<form method="post" action="/reset">${hidden('/reset')}<button type="submit">Reset</button></form>`,
  ),
)

app.get('/whoami', ({ session }) => page('Who am I?', html`<p>${session.get('username') ?? 'Nobody yet.'}</p>`))

app.post('/reset', ({ session }) => {
  session.clear()
  return redirect('/whoami')
})

function page(title: string, content: Html): Html {
  return html`<!DOCTYPE html>
<html lang="en">
<head><meta name="viewport" content="width=device-width"><title>${title}</title></head>
<body>
<h1>${title}</h1>
${content}
</body>
</html>`
}

export default app
