import { type Context, type FlashMessage, type FormView, type Html, html } from 'dewar'
import type { Entry } from './book.ts'

/** Somebody who is signed in. The forget button in the head of the page is a form, so it needs its hidden inputs. */
interface Known {
  readonly name: string
  readonly hidden: Context['hidden']
}

/** The front page for a stranger: asks for a name, and shows what others wrote. */
export function welcomePage(form: FormView, entries: readonly Entry[]): Html {
  return page(
    'Guestbook',
    null,
    html`<div class="spread">
<section class="intro">
<h1>You are here. Leave us a line.</h1>
<p class="lead">Sign in with any name you like and write a few words. Nobody asks for a password.</p>
${form}
</section>
${entryList(entries)}
</div>`,
  )
}

/** The book: a form for a message, and all messages. It can be shown to somebody whose session ended while they wrote. */
export function bookPage(shown: {
  readonly form: FormView
  readonly known: Known | null
  readonly visits: number
  readonly entries: readonly Entry[]
}): Html {
  const { form, known, visits, entries } = shown
  const greeting =
    known === null
      ? html`<h1>Sign in once more.</h1>
<p class="lead"><a href="/" target="_blank">Sign in in a new tab</a>, come back to this one, and send your message again.</p>`
      : html`<h1>Good to see you, ${known.name}.</h1>
<p class="lead">You have opened this book ${visits === 1 ? 'once' : visits === 2 ? 'twice' : `${visits} times`}.</p>`
  return page(
    'The book',
    known,
    html`<div class="spread">
<section class="intro">
${greeting}
${form}
</section>
${entryList(entries)}
</div>`,
  )
}

/** Where every form leads: a page that can be reloaded without sending anything again. */
export function thankYouPage(known: Known, flashes: readonly FlashMessage[]): Html {
  return page(
    'Thank you',
    known,
    html`<section class="single">
<h1>Thank you, ${known.name}.</h1>
${flashes.map(({ message }) => html`<p class="flash" role="status">${message}</p>`)}
<p class="lead">Reload this page as often as you like: nothing is sent twice.</p>
<p><a class="button" href="/book">Open the book</a></p>
</section>`,
  )
}

/** The form for another name, with the one in use in it. */
export function namePage(form: FormView, known: Known): Html {
  return page(
    'Change your name',
    known,
    html`<section class="single">
<h1>Change your name</h1>
<p class="lead">What you wrote as ${known.name} keeps that name.</p>
${form}
<p><a href="/book">Back to the book</a></p>
</section>`,
  )
}

/** What somebody sees who asked to be forgotten. */
export function goodbyePage(): Html {
  return page(
    'Forgotten',
    null,
    html`<section class="single">
<h1>You are forgotten.</h1>
<p class="lead">Your name and your visits were in one cookie, and the cookie is gone from your browser. What you wrote stays in the book.</p>
<p><a class="button" href="/">Start again</a></p>
</section>`,
  )
}

/** The answer to an address that does not exist. */
export function missingPage(): Html {
  return page(
    'Not found',
    null,
    html`<section class="single">
<h1>This page is not in the book.</h1>
<p><a class="button" href="/">Go to the first page</a></p>
</section>`,
  )
}

function page(title: string, known: Known | null, content: Html): Html {
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title === 'Guestbook' ? title : `${title} · Guestbook`}</title>
<link rel="icon" href="/static/flask.svg">
<link rel="stylesheet" href="/static/style.css">
<link rel="stylesheet" href="/static/form.css">
</head>
<body>
<header>
<a class="mark" href="/"><img src="/static/flask.svg" alt="" width="18" height="30">Guestbook</a>
${known && visitorMenu(known)}
</header>
<main>
${content}
</main>
<footer>
<p>An example of Dewar. No JavaScript, and no cookie before you sign in.</p>
</footer>
</body>
</html>
`
}

function visitorMenu({ hidden }: Known): Html {
  return html`<nav aria-label="You">
<a href="/name">Change name</a>
<form method="post" action="/forget">${hidden('/forget')}<button class="plain" type="submit">Forget me</button></form>
</nav>`
}

function entryList(entries: readonly Entry[]): Html {
  return html`<section class="sheet" aria-labelledby="entries">
<div class="lines">
<h2 id="entries">What guests wrote</h2>
${entries.length === 0 ? html`<p class="empty">Nothing yet. The first page is yours.</p>` : entries.map(entryArticle)}
</div>
</section>`
}

function entryArticle({ name, message, writtenAt }: Entry): Html {
  return html`<article>
<p class="words">${message}</p>
<p class="by"><b>${name}</b> <time datetime="${writtenAt.toISOString()}">${day.format(writtenAt)}</time></p>
</article>`
}

const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })
