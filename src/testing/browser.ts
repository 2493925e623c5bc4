import { Dewar, lookInto } from '../app/dewar.ts'
import type { SeenSession } from '../app/look.ts'
import { inShort, refuseUnknown } from '../errors/refuse-options.ts'
import { History } from './history.ts'
import { type Cookies, Jar } from './jar.ts'
import type { Page } from './page.ts'
import { type PageContent, ShownPage } from './shown-page.ts'
import { overSocket } from './socket.ts'
import { type App, type Arrival, type Navigation, travel, type Web } from './travel.ts'

/** How the browser is set up. */
export interface BrowserOptions {
  /** Where the app is found. Default `http://localhost`, which counts as secure, as in Chromium. Not for an address. */
  readonly origin?: string
  /** The clock by which cookies expire, in milliseconds. Default `Date.now`. */
  readonly now?: () => number
  /**
   * Other sites of this test's web, by origin: `{ 'https://evil.example': { fetch } }`. Links, forms and redirects go
   * there and back, with the cookies, `Sec-Fetch-Site`, `Origin` and `Referer` that a browser would send.
   * Default none: whatever leads away from the app ends in a page that is `external`.
   */
  readonly elsewhere?: Readonly<Record<string, App>>
}

/** A person with a browser of their own: one cookie jar, and a tab with its history. */
export interface Browser {
  /**
   * Types an address into the address bar: a path of the app, or a whole URL. Follows at most 20 redirects.
   * Throws when nobody in this test answers at that origin, and passes on what the app throws.
   */
  open(address: string): Promise<Page>
  /** Shows the page before this one, without asking for it, with what was typed in it. Throws when there is none. */
  back(): Promise<Page>
  /**
   * Asks again for the page that is shown, and forgets what was typed in it. A page that came from a POST without a
   * redirect is posted again, as a browser does after asking. Throws when no page is open.
   */
  reload(): Promise<Page>
  /** Opens another tab: an empty history, and the same cookies. */
  tab(): Browser
  /** The cookies as they are now. */
  readonly cookies: Cookies
  /**
   * The session that the app would find with these cookies, or `null`: who is signed in, what it holds, which flash
   * messages wait. Nothing is taken. Throws where the app is not at hand, but an address or some other object.
   */
  session(): Promise<SeenSession | null>
}

interface Visit {
  readonly page: Page
  /** What to ask again on reload. */
  readonly navigation: Navigation
  /** False for an answer that a browser does not show as a page: it has no place in the history. */
  readonly replacesPage: boolean
}

/**
 * A visitor with an empty cookie jar. In this process every request is a call of `app.fetch`; given an address, as
 * `http://127.0.0.1:3000`, the visitor asks the server there, with a connection for each request. The visitor has no scripts
 * and no style sheets, and sends what Chromium sends when a person types an address, follows a link or a form.
 * `<meta http-equiv=refresh>`, frames, `target`, Content-Security-Policy and HTTP caches are not imitated.
 */
export function browser(app: App | string, options: BrowserOptions = {}): Browser {
  refuseUnknown('browser', options, ['origin', 'now', 'elsewhere'])
  if (typeof app === 'string') refuseAddress(app, options)
  else if (typeof app?.fetch !== 'function') throw new TypeError(`browser takes an app, and not ${inShort(app)}.`)
  const { origin = typeof app === 'string' ? app : 'http://localhost', now = Date.now, elsewhere = {} } = options
  const home = typeof app === 'string' ? overSocket : app
  const sites = new Map(
    Object.entries({ ...elsewhere, [origin]: home }).map(([url, site]) => [new URL(url).origin, site]),
  )
  return new Visitor(new URL(origin).origin, { sites, jar: new Jar(now) })
}

function refuseAddress(address: string, { origin }: BrowserOptions): void {
  if (!/^https?:\/\//i.test(address) || !URL.canParse(address)) {
    throw new TypeError(
      `browser takes an app, or an address as http://127.0.0.1:3000, and not ${JSON.stringify(address)}.`,
    )
  }
  if (origin !== undefined) throw new TypeError('The origin is that of the address: leave the option out.')
}

class Visitor implements Browser {
  readonly #origin: string
  readonly #web: Web
  readonly #history: History<Visit> = new History()

  constructor(origin: string, web: Web) {
    this.#origin = origin
    this.#web = web
  }

  get cookies(): Cookies {
    return this.#web.jar
  }

  tab(): Browser {
    return new Visitor(this.#origin, this.#web)
  }

  async session(): Promise<SeenSession | null> {
    const app = this.#web.sites.get(this.#origin)
    if (!(app instanceof Dewar)) throw new Error(`The app at ${this.#origin} is not at hand: use browser(app).`)
    const url = new URL(this.#origin)
    return lookInto(app, { url, cookie: this.#web.jar.headerFor(url, 'strict') })
  }

  async open(address: string): Promise<Page> {
    const url = new URL(address, this.#origin)
    if (!this.#web.sites.has(url.origin)) throw new Error(`In this test nobody answers at ${url.origin}.`)
    return this.#visit({ method: 'GET', url, from: undefined })
  }

  async back(): Promise<Page> {
    const visit = this.#history.back()
    if (visit === undefined) throw new Error(`There is no page before this one: ${this.#shown()}.`)
    return visit.page
  }

  async reload(): Promise<Page> {
    const old = this.#history.current
    if (old === undefined) throw new Error('There is no page to reload: open one first.')
    const fresh = await this.#ask({ ...old.navigation, isReload: true })
    if (fresh.replacesPage) this.#history.replace(old, fresh)
    return fresh.page
  }

  #shown(): string {
    const page = this.#history.current?.page
    return page === undefined ? 'none was opened' : `${page.status} ${page.url}`
  }

  async #visit(navigation: Navigation, from?: Visit): Promise<Page> {
    const visit = await this.#ask(navigation)
    if (visit.replacesPage) this.#history.add(visit, from)
    return visit.page
  }

  async #ask(navigation: Navigation): Promise<Visit> {
    const arrival = await travel(navigation, this.#web)
    const content = await contentOf(arrival)
    const surface = { origin: this.#origin, visit: (next: Navigation): Promise<Page> => this.#visit(next, visit) }
    const visit: Visit = {
      page: new ShownPage(content, surface),
      navigation: arrival.last,
      replacesPage: isShown(content),
    }
    return visit
  }
}

async function contentOf({ last, response, external }: Arrival): Promise<PageContent> {
  return {
    address: last.url,
    status: response?.status ?? 0,
    headers: response?.headers ?? new Headers(),
    html: external ? '' : ((await response?.text()) ?? ''),
    external,
  }
}

/** An answer without content, and a download, leave the page before it in its place.  HTML §7.4.5 */
function isShown({ status, headers }: PageContent): boolean {
  return status !== 204 && status !== 205 && !/^\s*attachment/i.test(headers.get('content-disposition') ?? '')
}
