import { time } from '../clock/utc-time.ts'
import { type Html, html } from '../html/html.ts'
import type { CookieVerdict } from '../session/judge-cookie.ts'
import { whyItIsClosed } from '../session/why-it-is-closed.ts'
import type { SessionRow } from '../store/store.ts'
import { partsOf } from './describe-session.ts'
import type { Exchange } from './exchange.ts'
import { layout } from './layout.ts'
import type { SessionsSeen } from './look-at-sessions.ts'
import { Paper } from './paper.ts'
import { timeOfDay } from './show-story.ts'

/** The sessions of an app: that of this browser, those that were seen, and those of a user. */
export function sessionsPage(base: string, seen: SessionsSeen, exchanges: readonly Exchange[]): Html {
  const { store, count, fault } = seen
  const where =
    store === null
      ? 'Sessions of this app are sealed into the cookies of its visitors: nobody can list them, or end one from the server.'
      : `Sessions of this app lie in its store (${store})${count === null ? '' : `: ${count.toLocaleString('en')} ${count === 1 ? 'is' : 'are'} kept now`}.`
  return layout(
    { base, title: 'Sessions', section: 'sessions' },
    html`<p class="lead">A session is what the app remembers of one visitor from request to request. ${where}</p>
${fault === null ? null : html`<p class="error"><strong>The store cannot be asked.</strong> ${fault}</p>`}
${showOwn(seen)}
${showSeen(base, exchanges)}
${store === null ? null : showFound(base, seen)}`,
  )
}

function showOwn({ own }: SessionsSeen): Html {
  const content =
    own === null
      ? html`<p>This browser has no session with the app: nothing was stored for it, and it has met no form.</p>`
      : html`<p>Its cookie is <code>${own.name}</code>, ${own.length.toLocaleString('en')} characters.</p>${showVerdict(own.verdict)}`
  return html`<div class="part"><h2 id="own">The session of this browser</h2>${content}</div>`
}

function showVerdict(verdict: CookieVerdict | null): Html {
  if (verdict === null) return html`<p>The cookie is of no session in a store.</p>`
  if (verdict.kind === 'closed') return html`<p>${whyItIsClosed('this app', verdict)}</p>`
  const { state, ends, staleKeys } = verdict
  const facts = [
    ['Id', html`<code>${state.family}</code>`],
    ['Signed in as', html`${state.user ?? 'nobody'}`],
    ['First seen', showTime(state.createdSeconds)],
    ['Last seen', showTime(state.seenSeconds)],
    ['Ends', html`${showTime(Math.min(ends.idleSeconds, ends.absoluteSeconds))} without another visit`],
  ] as const
  const parts = partsOf(state, state, new Paper()).filter(({ kind }) => kind !== 'user')
  const rows = parts.map(({ name, after }) => {
    return html`<tr><th scope="row">${name}</th><td><span class="value">${after}</span></td></tr>`
  })
  const table =
    rows.length === 0
      ? html`<p>It holds nothing.</p>`
      : html`<section class="scroll" aria-label="What it holds" tabindex="0"><table><thead><tr><th scope="col">What</th><th scope="col">Value</th></tr></thead><tbody>${rows}</tbody></table></section>`
  const stale =
    staleKeys.length === 0
      ? null
      : html`<p>The schema refuses ${staleKeys.join(', ')}, so a request does not see it.</p>`
  return html`<dl class="pairs">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>${table}${stale}`
}

function showTime(seconds: number): Html {
  const date = new Date(seconds * 1000)
  return html`<time datetime="${date.toISOString()}">${time(date).replace('T', ' ').replace('Z', ' UTC')}</time>`
}

// As they were after the last request of each.
function showSeen(base: string, exchanges: readonly Exchange[]): Html {
  const latest = new Map<string, Exchange>()
  for (const exchange of exchanges) if (exchange.session.id !== null) latest.set(exchange.session.id, exchange)
  const rows = [...latest].reverse().map(([id, { number, atMs, session }]) => {
    const holds = session.parts.filter(({ after, kind }) => after !== null && kind === 'value').length
    return html`<tr><th scope="row"><code>${id}</code></th><td>${session.user ?? '–'}</td><td>${holds}</td><td><a href="${base}/exchanges/${number}">${timeOfDay(atMs)}</a></td></tr>`
  })
  const content =
    rows.length === 0
      ? html`<p>None yet.</p>`
      : html`<section class="scroll" aria-labelledby="seen" tabindex="0"><table>
<thead><tr><th scope="col">Id</th><th scope="col">Signed in as</th><th scope="col">Values</th><th scope="col">Last request</th></tr></thead>
<tbody>${rows}</tbody></table></section>`
  return html`<div class="part"><h2 id="seen">Seen lately</h2>${content}</div>`
}

function showFound(base: string, { found }: SessionsSeen): Html {
  return html`<div class="part"><h2 id="user">Of a user</h2>
<form method="get" action="${base}/sessions" class="search"><label for="name">Who is signed in</label> <input type="text" id="name" name="user" value="${found?.user ?? ''}" autocomplete="off" required> <button type="submit">List sessions</button></form>
${found === null ? null : showRows(base, found.user, found.rows)}</div>`
}

function showRows(base: string, user: string, rows: readonly SessionRow[]): Html {
  if (rows.length === 0) return html`<p role="status">${user} has no sessions.</p>`
  const shown = rows.map(({ family, seenSeconds, userAgent }) => {
    return html`<tr><th scope="row"><code>${family}</code></th><td>${showTime(seenSeconds)}</td><td>${userAgent || '–'}</td><td><form method="post" action="${base}/sessions/end"><input type="hidden" name="id" value="${family}"><input type="hidden" name="user" value="${user}"><button type="submit" aria-label="End session ${family}">End</button></form></td></tr>`
  })
  return html`<section class="scroll" aria-label="Sessions of ${user}" tabindex="0"><table>
<thead><tr><th scope="col">Id</th><th scope="col">Last seen</th><th scope="col">Browser</th><th scope="col">End it</th></tr></thead>
<tbody>${shown}</tbody></table></section>`
}
