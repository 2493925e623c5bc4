import { type Context, type FlashMessage, type FormView, type Html, html, type ListedSession } from 'dewar'

/** What every page shows of its visitor. */
export interface Seen {
  readonly user: string | null
  readonly flashes: readonly FlashMessage[]
  readonly hidden: Context['hidden']
}

/** The first page. */
export function frontPage(seen: Seen): Html {
  return page(
    'The club',
    seen,
    html`<h1>A door, and who may open it</h1>
<p class="lead">Behind it are a members’ page and the list of your devices. Anybody may join.</p>
${
  seen.user === null
    ? html`<p class="ways"><a class="button" href="/sign-up">Sign up</a> <a href="/login">Log in</a></p>`
    : html`<p class="ways"><a class="button" href="/members">Go in</a></p>`
}`,
  )
}

/** The form for who comes for the first time. */
export function signUpPage(form: FormView): Html {
  return page(
    'Sign up',
    null,
    html`<h1>Sign up</h1>
${form}
<p>You have a name here? <a href="/login">Log in</a></p>`,
  )
}

/** The form for who has signed up. */
export function loginPage(form: FormView): Html {
  return page(
    'Log in',
    null,
    html`<h1>Log in</h1>
${form}
<p>You are new? <a href="/sign-up">Sign up</a></p>`,
  )
}

/** For members only. */
export function membersPage(seen: Seen, room: string): Html {
  return page(
    'Members',
    seen,
    html`<h1>Good to see you, ${seen.user}.</h1>
<p class="lead">You are in the ${room}. Other rooms: <a href="/members?room=library">library</a>, <a href="/members?room=garden">garden</a>.</p>
<p><a class="button" href="/members/devices">Your devices</a></p>`,
  )
}

/** The browsers in which a member is logged in. */
export function devicesPage(
  seen: Seen,
  { devices, current }: { readonly devices: readonly ListedSession[]; readonly current: string | null },
): Html {
  return page(
    'Your devices',
    seen,
    html`<h1>Your devices</h1>
<ul class="devices">${devices.map((device) => deviceItem(seen, device, device.id === current))}</ul>
<form method="post" action="/members/everywhere">${seen.hidden('/members/everywhere')}
<button type="submit">Log out everywhere</button></form>
<p><a href="/members">Back to the members’ page</a></p>`,
  )
}

/** The answer to an address that does not exist. */
export function missingPage(): Html {
  return page(
    'Not found',
    null,
    html`<h1>There is no such door.</h1>
<p><a class="button" href="/">Go to the first page</a></p>`,
  )
}

function deviceItem({ hidden }: Seen, { id, userAgent, firstSeen, lastSeen }: ListedSession, isCurrent: boolean): Html {
  const action = `/members/devices/${id}/end`
  const name = userAgent === '' ? 'A browser without a name' : userAgent
  return html`<li>
<p class="device">${name} ${isCurrent && html`<strong>this one</strong>`}</p>
<p class="times">since ${time(firstSeen)}, last seen ${time(lastSeen)}</p>
${
  isCurrent
    ? null
    : html`<form method="post" action="${action}">${hidden(action)}<button class="plain" type="submit">End this device</button></form>`
}
</li>`
}

function time(at: Date): Html {
  return html`<time datetime="${at.toISOString()}">${moment.format(at)}</time>`
}

const moment = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' })

function page(title: string, seen: Seen | null, content: Html): Html {
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title === 'The club' ? title : `${title} · The club`}</title>
<link rel="icon" href="/static/key.svg">
<link rel="stylesheet" href="/static/style.css">
</head>
<body>
<header>
<a class="mark" href="/">The club</a>
${
  seen !== null && seen.user !== null
    ? html`<form method="post" action="/logout">${seen.hidden('/logout')}<button class="plain" type="submit">Log out</button></form>`
    : null
}
</header>
<main>
${seen?.flashes.map(({ message }) => html`<p class="flash" role="status">${message}</p>`)}
${content}
</main>
<footer><p>Begun as an example of Dewar. Use no password here that you use elsewhere.</p></footer>
</body>
</html>
`
}
