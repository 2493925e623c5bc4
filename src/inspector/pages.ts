import { type AnyDewar, Dewar, houseOf } from '../app/dewar.ts'
import { redirect } from '../app/redirect.ts'
import { RequestContext } from '../app/request-context.ts'
import { systemRandom } from '../crypto/random.ts'
import { freshSecret } from '../crypto/secret.ts'
import { html } from '../html/html.ts'
import { eventsSince } from './events.ts'
import { exchangePage } from './exchange-page.ts'
import type { History } from './history.ts'
import { icon } from './icon.ts'
import { layout } from './layout.ts'
import { livePage } from './live-page.ts'
import { lookAtSessions } from './look-at-sessions.ts'
import { routesPage } from './routes-page.ts'
import { script } from './script.ts'
import { sessionsPage } from './sessions-page.ts'
import { style } from './style.ts'

/** An app with nothing in it: what the inspector is in production. */
export function noPages(): AnyDewar {
  return new Dewar({ secret: freshSecret(systemRandom), env: 'production' })
}

/**
 * The pages of the inspector, as an app. They keep no session: the cookie that comes with a request for them is that of
 * the app they look at.
 */
export function createPages(app: AnyDewar, history: History): AnyDewar {
  const pages = new Dewar({ secret: freshSecret(systemRandom), env: 'development', name: 'dewar-inspector' })

  pages.use(async (_given, next) => {
    const answer = await next()
    answer.headers.set('content-security-policy', policy)
    if (!answer.headers.has('cache-control')) answer.headers.set('cache-control', 'no-store')
    return answer
  })
  pages.get('/', (given) => livePage(baseOf(given), history))
  pages.get('/events', (given) =>
    eventsSince(history, baseOf(given), lastSeen(given.request, given.query.get('since'))),
  )
  pages.get('/exchanges/:number', (given) => {
    const exchange = history.exchange(Number(given.params.number))
    const story = exchange && history.story(exchange.story)
    if (exchange === null || story === null) return forgotten(baseOf(given))
    return exchangePage(baseOf(given), exchange, story)
  })
  pages.get('/routes', (given) => routesPage(baseOf(given), houseOf(app)))
  pages.get('/sessions', async (given) => {
    const seen = await lookAtSessions(houseOf(app), given.request, given.query.get('user') || null)
    return sessionsPage(baseOf(given), seen, history.exchanges)
  })
  pages.post('/sessions/end', async ({ fields }) => {
    await app.sessions.revoke(fields.require('id'))
    return redirect(`/sessions?${new URLSearchParams({ user: fields.require('user') })}`)
  })
  pages.post('/forget', () => {
    history.clear()
    return redirect('/')
  })
  pages.get('/inspector.css', () => asset('text/css', style))
  pages.get('/inspector.js', () => asset('text/javascript', script))
  pages.get('/inspector.svg', () => asset('image/svg+xml', icon))
  return pages
}

const policy = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

// Where the pages are mounted, whatever their author has chosen.
function baseOf(given: object): string {
  return given instanceof RequestContext ? given.base : ''
}

// What a browser has seen already: it says so itself when its stream was cut.
function lastSeen({ headers }: Request, since: string | null): string {
  return headers.get('last-event-id') ?? since ?? ''
}

function forgotten(base: string): Response {
  const page = layout(
    { base, title: 'Not remembered', section: 'live' },
    html`<p>The inspector keeps the last 300 requests, until the app is loaded anew. <a href="${base}">See those</a>.</p>`,
  )
  return new Response(String(page), { status: 404, headers: { 'content-type': 'text/html; charset=utf-8' } })
}

function asset(type: string, text: string): Response {
  return new Response(text, {
    headers: { 'content-type': `${type}; charset=utf-8`, 'x-content-type-options': 'nosniff' },
  })
}
