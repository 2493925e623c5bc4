import { DatabaseSync } from 'node:sqlite'
import { after } from 'node:test'
import * as z from 'zod'
import { Dewar, type DewarOptions, form, HttpError, html, redirect } from '../../src/index.ts'
import { inspector } from '../../src/inspector.ts'
import { type ServeOptions, type Server, serve } from '../../src/node.ts'
import { sqlite } from '../../src/sqlite.ts'
import { type Browser, browser } from '../../src/testing.ts'

// <form method="post" action="/guest?">
//   <label>Username <input name="username" maxlength="40"></label>
//   <label>Password <input type="password" name="password"></label>
//   <label>Pin <input type="password" name="pin"></label> … <button>Enter</button>
// </form>
const guest = form(
  z.object({
    username: z.string().trim().min(1).max(40),
    password: z.string().optional(),
    pin: z.string().optional(),
    note: z.string().optional(),
  }),
  { button: 'Enter', fields: { pin: { control: 'password' } } },
)

const secret = 'x8Vn2QeP4mZt7KcR1yWd9LbJ5hGs3fUa'

/** An app that is looked at, and its guests. */
export interface Shop {
  readonly app: Dewar
  readonly url: string
  /** Somebody who uses the app. */
  readonly visitor: Browser
  /** Somebody who looks at the inspector, with a browser of their own. */
  readonly author: Browser
  /** The pages of the inspector are below this path. */
  readonly base: string
}

/** What is different about a shop. */
export interface ShopOptions {
  readonly env?: 'development' | 'production'
  readonly base?: string
  /** Whether sessions are sealed into cookies. */
  readonly sealed?: boolean
  readonly serve?: ServeOptions
}

const running: Server[] = []

after(() => Promise.all(running.map((server) => server.stop())))

/** A shop with the inspector mounted in it, which is served on a free port. */
export async function openShop({
  env = 'development',
  base = '/_dewar',
  sealed,
  serve: how,
}: ShopOptions = {}): Promise<Shop> {
  const options: DewarOptions<Record<string, unknown>> = {
    secret,
    env,
    unsafelySkipOriginCheck: ['/hook'],
    trustedOrigins: ['https://friend.example'],
  }
  // The two kinds of app differ in the type of their store alone, which no route here looks at.
  const app = sealed
    ? new Dewar(options)
    : (new Dewar({ ...options, store: sqlite(new DatabaseSync(':memory:')) }) as unknown as Dewar)
  addRoutes(app)
  app.mount(base, inspector(app))
  const server = await serve(app, { port: 0, quiet: true, stopOnSignals: false, graceSeconds: 1, ...how })
  running.push(server)
  const { url } = server
  return { app, url, visitor: browser(url), author: browser(url), base }
}

function addRoutes(app: Dewar): void {
  app.form('/guest', guest, {
    view: ({ form }) => html`<h1>Who are you?</h1>${form}`,
    submit: ({ data, session }) => {
      session.set('username', data.username)
      return redirect('/welcome?of=guest', { flash: 'Come in' })
    },
  })
  app.get(
    '/welcome',
    ({ session, flashes }) => html`<p>${String(session.get('username'))} ${flashes.map(({ message }) => message)}</p>`,
  )
  app.post('/sign-in/:name', ({ params, session }) => {
    session.login(params.name)
    return redirect('/devices')
  })
  app.get('/devices', async ({ session }) => {
    const devices = session.user === null ? [] : await app.sessions.list(session.user)
    return html`<p>${devices.length} devices</p>`
  })
  app.get('/throws', () => {
    throw new HttpError(500, 'no <b>tea</b> left')
  })
  app.get(
    '/ask',
    ({ hidden }) => html`<form method="post" action="/page">${hidden('/page')}<button>Ask</button></form>`,
  )
  app.post('/page', () => html`<p>A page</p>`)
  app.post('/json', () => ({ done: true }))
  app.post('/taken', ({ session }) => {
    session.set('seat', 7)
    throw new HttpError(409, 'It is taken.')
  })
  app.post('/refused', ({ session }) => {
    session.set('tries', 1)
    return new Response('no', { status: 403 })
  })
  app.post('/walled', () => 'never', { guard: () => redirect('/text') })
  app.post('/away', () => redirect('https://elsewhere.example/?token=hush-hush-4#x', { external: true }))
  app.post('/hook', () => 'heard')
  app.post('/keep', ({ session }) => {
    session.set('resetCode', 'hush-hush-5')
    session.set('profile', { name: 'Ada', password: 'hush-hush-6', list: [new Map([['apiKey', 'hush-hush-7']])] })
    return redirect('/welcome')
  })
  app.get('/fails', ({ session }) => {
    session.set('half', 1)
    throw new Error('half way')
  })
  app.get('/text', () => 'text')
}

/** The page of the exchange whose line begins so, the newest of them. */
export async function openExchange({ author, base }: Pick<Shop, 'author' | 'base'>, line: string): Promise<string> {
  const live = await author.open(base)
  const links = [...live.html.matchAll(/<a href="([^"]*\/exchanges\/\d+)">(.*?)<\/a>/gs)]
  const found = links.find(([, , content = '']) => textOf(content).startsWith(line))
  if (found === undefined)
    throw new Error(`There is no ${line} in ${links.map(([, , content = '']) => textOf(content)).join(', ')}.`)
  return (await author.open(found[1] ?? '')).text
}

function textOf(markup: string): string {
  return markup
    .replace(/<[^>]*>/g, '')
    .replace(/\s+/g, ' ')
    .trim()
}
