import { Dewar, HttpError, html, redirect, type SessionOf, type Store, shape } from '../../src/index.ts'

/** What the sessions of the stories hold. */
export interface Visitor {
  name: string
  items: number[]
  visits: number
  when: Date
  [key: `key-${number}`]: number
}

const secret = 'x8Vn2QeP4mZt7KcR1yWd9LbJ5hGs3fUa'

/** An app whose routes do to the session what their paths say. */
export function appOn(store: Store, clock = { now: () => Date.now() }) {
  const app = new Dewar({ session: shape<Visitor>(), store, secret, env: 'production', keepsAddress: true, clock })
  app.get('/public', () => 'public')
  app.get('/go', () => redirect('/public'))
  app.get('/session', ({ session }) => ({ user: session.user, id: session.id, ...session.all() }))
  app.get('/put/:n', ({ params, session }) => set(session, `key-${Number(params.n)}`, Number(params.n)))
  app.get('/push/:n', ({ params, session }) => {
    session.push('items', Number(params.n), { max: 100 })
    session.increment('visits')
    return 'pushed'
  })
  app.get('/update', ({ session }) => {
    session.update('items', (items = []) => items.map((item) => item * 2))
    session.remove('items', 4)
    return 'updated'
  })
  app.get('/when', ({ session }) => {
    session.set('when', new Date(0))
    return 'set'
  })
  addEnds(app)
  return app
}

function addEnds(app: StoryApp): void {
  app.get('/login/:user', ({ params, session }) => {
    session.login(params.user)
    return 'in'
  })
  app.get('/logout', ({ session }) => {
    session.logout()
    return 'out'
  })
  app.get('/everywhere', async ({ session }) => String(await app.sessions.revokeAll(session.user ?? '')))
  app.get('/others', async ({ session }) => {
    return String(await app.sessions.revokeAll(session.user ?? '', { except: session.id }))
  })
  app.get('/strict/:name', ({ params, session }) => {
    session.set('name', params.name, { strict: true })
    return 'set'
  })
  app.get('/broken', ({ session }) => {
    session.set('name', 'half')
    throw new HttpError(400, 'No.')
  })
  app.get('/page', ({ session, flash }) => {
    flash('seen')
    return html`<p>${session.get('name')}</p>`
  })
}

function set(session: SessionOf<Visitor, Store>, key: `key-${number}`, value: number): string {
  session.set(key, value)
  return 'put'
}

/** The app of the stories. */
export type StoryApp = Dewar<Visitor, Store>

/** Asks it something, as a browser with this cookie. */
export function ask(app: StoryApp, path: string, cookie = ''): Promise<Response> {
  const headers = { 'user-agent': 'Test/1.0', ...(cookie !== '' && { cookie }) }
  return app.fetch(new Request(`http://localhost${path}`, { headers }))
}

/** The session cookie that it gives, or the one that there was. */
export async function cookieFrom(app: StoryApp, path: string, cookie = ''): Promise<string> {
  const answer = await ask(app, path, cookie)
  return answer.headers.getSetCookie()[0]?.split(';')[0] ?? cookie
}

/** What the session of a cookie holds. */
export async function sessionOf(app: StoryApp, cookie: string): Promise<Record<string, unknown>> {
  return (await ask(app, '/session', cookie)).json()
}
