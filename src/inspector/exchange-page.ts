import { type Html, html } from '../html/html.ts'
import type { CookieSeen, Exchange, PartSeen, Story } from './exchange.ts'
import { layout } from './layout.ts'
import { milliseconds, showLine, showStatus, standings, timeOfDay } from './show-story.ts'

/** All there is to see of one exchange. */
export function exchangePage(base: string, exchange: Exchange, story: Story): Html {
  const { method, address, error, atMs, totalMs } = exchange
  return layout(
    { base, title: `${method} ${address}`, section: 'live' },
    html`${showChain(base, exchange, story)}
<p class="lead">Answered ${showStatus(exchange.status)} at ${timeOfDay(atMs)}, after ${milliseconds(totalMs)}.${leadsTo(exchange)}</p>
${error === null ? null : html`<p class="error"><strong>It failed.</strong> ${error}</p>`}
${showStations(exchange)}
${showPosted(exchange)}
${showSubmission(exchange)}
${showSession(exchange)}
${showCookies(exchange)}
${showTrips(exchange)}`,
  )
}

function leadsTo({ location }: Exchange): Html | null {
  return location === null ? null : html` It leads to <code>${location}</code>.`
}

function showChain(base: string, { number }: Exchange, { exchanges }: Story): Html {
  const steps = exchanges.map((exchange) => {
    const current = exchange.number === number ? 'step' : null
    return html`<li><a href="${base}/exchanges/${exchange.number}" aria-current="${current}">${showLine(exchange)}</a></li>`
  })
  return html`<nav class="chain" aria-label="The story"><ol class="way">${steps}</ol></nav>`
}

function showStations({ stations, totalMs }: Exchange): Html {
  const rows = stations.map(({ name, ms, says, isExit }) => {
    const width = Math.max(1, Math.round((ms / Math.max(totalMs, 0.001)) * 100))
    return html`<tr class="${isExit ? 'exit' : null}"><th scope="row">${name}</th><td>${says}${isExit ? html` <span class="out">It leaves here.</span>` : null}</td><td class="number"><meter min="0" max="100" value="${width}" aria-label="Share of the time">${width} %</meter>${milliseconds(ms)}</td></tr>`
  })
  return html`<div class="part"><h2 id="way">Its way</h2>
<p>Each station judges, and either lets the request on or answers it.</p>
<section class="scroll" aria-labelledby="way" tabindex="0"><table>
<thead><tr><th scope="col">Station</th><th scope="col">How it judged</th><th scope="col">Time</th></tr></thead>
<tbody>${rows}</tbody></table></section></div>`
}

function showPosted({ method, posted }: Exchange): Html | null {
  if (method === 'GET' || method === 'HEAD') {
    return html`<div class="part"><h2 id="posted">What was sent</h2>
<p>${method} sends nothing but its address, which everybody on the way may keep: in the history, in bookmarks, in logs. What is secret or changes something goes by POST.</p></div>`
  }
  if (posted === null) {
    return html`<div class="part"><h2 id="posted">What was sent</h2><p>No form that was read.</p></div>`
  }
  const rows = posted.map(({ name, value, kind }) => {
    return html`<tr><th scope="row">${name}</th><td>${kind === 'text' ? html`<span class="value">${value}</span>` : html`<em>${value}</em>`}</td><td>${kind}</td></tr>`
  })
  return html`<div class="part"><h2 id="posted">What was sent</h2>
<p>It came in the body of the request, not in its address. What its name calls a secret is not shown.</p>
<section class="scroll" aria-labelledby="posted" tabindex="0"><table>
<thead><tr><th scope="col">Field</th><th scope="col">Value</th><th scope="col">Kind</th></tr></thead>
<tbody>${rows}</tbody></table></section></div>`
}

function showSubmission({ submission }: Exchange): Html | null {
  if (submission === null) return null
  const { key, standing, mode, ageSeconds } = submission
  const how =
    mode === 'tx'
      ? 'What it did, the session and the record that it was done are one transaction.'
      : 'It was claimed before the work began, and the record that it was done was written after it.'
  return html`<div class="part"><h2 id="once">Once</h2>
<p>The hidden token of the form names this submission, however often it is sent.</p>
<dl class="pairs">
<div><dt>Submission</dt><dd><code>${key}…</code></dd></div>
<div><dt>It is</dt><dd>${standings[standing]}</dd></div>
<div><dt>The form was shown</dt><dd>${ageSeconds.toLocaleString('en')} ${ageSeconds === 1 ? 'second' : 'seconds'} before</dd></div>
<div><dt>How</dt><dd>${how}</dd></div>
</dl></div>`
}

function showSession({ session }: Exchange): Html {
  const { where, id, parts, asked } = session
  const kept = where === 'cookie' ? 'sealed in the cookie of the browser' : `in the store (${where})`
  if (asked === 'in vain')
    return html`<div class="part"><h2 id="session">Session</h2><p>The store could not be asked, so nobody knows what it holds.</p></div>`
  const lead =
    asked === 'yes'
      ? html`<p>What the app remembers of one visitor from request to request, as this one saw it. It lies ${kept}${id === null ? null : html`; its id is <code>${id}</code>`}.</p>`
      : html`<p>Nobody asked for the session${id === null ? null : html` <code>${id}</code>`}, so nothing of it can have changed.</p>`
  const table =
    parts.length === 0
      ? html`<p>It held nothing, before and after.</p>`
      : html`<section class="scroll" aria-labelledby="session" tabindex="0"><table class="diff">
<thead><tr><th scope="col">What</th><th scope="col">Before</th><th scope="col">After</th><th scope="col">Change</th></tr></thead>
<tbody>${parts.map(showPart)}</tbody></table></section>`
  return html`<div class="part"><h2 id="session">Session</h2>${lead}${table}</div>`
}

function showPart({ name, before, after }: PartSeen): Html {
  const change = before === after ? 'same' : before === null ? 'added' : after === null ? 'removed' : 'changed'
  const cell = (words: string | null): Html =>
    words === null ? html`<td>–</td>` : html`<td><span class="value">${words}</span></td>`
  return html`<tr class="${change}"><th scope="row">${name}</th>${cell(before)}${cell(after)}<td>${change}</td></tr>`
}

function showCookies({ sent, set }: Exchange): Html {
  if (sent.length + set.length === 0) {
    return html`<div class="part"><h2 id="cookies">Cookies</h2><p>None came, and none was set.</p></div>`
  }
  const rows = [...sent.map((cookie) => showCookie('came', cookie)), ...set.map((cookie) => showCookie('set', cookie))]
  return html`<div class="part"><h2 id="cookies">Cookies</h2>
<p>The browser sends them with each request. Those of sessions are shortened: whoever has a whole one is its user.</p>
<section class="scroll" aria-labelledby="cookies" tabindex="0"><table>
<thead><tr><th scope="col">Cookie</th><th scope="col">Which way</th><th scope="col">Value</th><th scope="col">What it says</th></tr></thead>
<tbody>${rows}</tbody></table></section></div>`
}

function showCookie(way: 'came' | 'set', { name, value, says }: CookieSeen): Html {
  return html`<tr><th scope="row">${name}</th><td>${way}</td><td><code>${value}</code></td><td>${says}</td></tr>`
}

function showTrips({ trips, session }: Exchange): Html {
  if (trips.length === 0) {
    const why =
      session.where === 'cookie'
        ? 'Sessions of this app lie in cookies: there is no store to ask.'
        : 'No store was asked.'
    return html`<div class="part"><h2 id="store">Store</h2><p>${why}</p></div>`
  }
  const rows = trips.map(({ call, ms, failed }) => {
    return html`<tr><th scope="row">${call}</th><td>${milliseconds(ms)}</td><td>${failed ? 'failed' : 'answered'}</td></tr>`
  })
  return html`<div class="part"><h2 id="store">Store</h2>
<section class="scroll" aria-labelledby="store" tabindex="0"><table>
<thead><tr><th scope="col">It was asked to</th><th scope="col">Time</th><th scope="col">It</th></tr></thead>
<tbody>${rows}</tbody></table></section></div>`
}
