import { type Initiator, type Leg, lastOf, provenanceHeaders, sameSiteContext } from './initiator.ts'
import type { Jar } from './jar.ts'

/** Anything that answers requests: a Dewar app, or an object with a `fetch` function. */
export interface App {
  fetch(request: Request): Response | Promise<Response>
}

/** What a person sets out to do: ask for an address, or post something to it. */
export interface Navigation {
  readonly url: URL
  readonly method: 'GET' | 'POST'
  readonly body?: Body | undefined
  /** The page with the link or the form; `undefined` for the address bar. */
  readonly from: Initiator | undefined
  /** True when the page is asked for again. */
  readonly isReload?: boolean
  /** True when it is asked for twice at once, by a double click. */
  readonly isDouble?: boolean
}

/** What is posted, ready to be sent again. */
export interface Body {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Value of `Content-Type`. */
  readonly type: string
}

/** Where a navigation ended. */
export interface Arrival {
  /** What to ask again on reload: the last request, without the redirects before it. */
  readonly last: Navigation
  /** The last answer; `undefined` when nobody was asked. */
  readonly response: Response | undefined
  /** True when nobody answers at the last address. */
  readonly external: boolean
}

/** The little web of a test: which app answers for an origin, and the jar that all of it shares. */
export interface Web {
  readonly sites: ReadonlyMap<string, App>
  readonly jar: Jar
}

const mostRedirects = 20

/**
 * Asks, follows redirects, and gives the answer that is shown. Cookies are kept at every step. A redirect to an origin
 * that no app answers for is not followed. Throws after 20 redirects, naming them all, and passes on what an app throws.
 * Fetch §4.4, "HTTP-redirect fetch"
 */
export async function travel(start: Navigation, web: Web): Promise<Arrival> {
  const chain: [URL, ...URL[]] = [start.url]
  const mustBeFresh = start.isReload === true || start.method === 'POST'
  const { isDouble, ...once } = start
  let leg: Navigation = once
  let response: Response | undefined
  while (true) {
    const app = web.sites.get(leg.url.origin)
    if (app === undefined) return { last: leg, response, external: true }
    const request = () => requestFor({ ...leg, chain }, { body: leg.body, mustBeFresh, jar: web.jar })
    response = await (isDouble === true && chain.length === 1 ? askTwice(app, request) : app.fetch(request()))
    web.jar.keep(response.headers.getSetCookie(), leg.url)
    const next = redirectOf(response, leg)
    if (next === undefined) return { last: leg, response, external: false }
    if (chain.length > mostRedirects) throw tooMany(chain)
    await response.body?.cancel()
    chain.push(next.url)
    leg = next
  }
}

// What the first one is answered is seen by nobody, cookies and all.
async function askTwice(app: App, request: () => Request): Promise<Response> {
  const left = new AbortController()
  const first = unseen(app.fetch(new Request(request(), { signal: left.signal })))
  const second = app.fetch(request())
  left.abort()
  const [response] = await Promise.all([second, first])
  return response
}

async function unseen(answer: Response | Promise<Response>): Promise<void> {
  try {
    await (await answer).body?.cancel()
  } catch {
    // It was left.
  }
}

interface Baggage {
  readonly body: Body | undefined
  /** Caches on the way are asked to look again, as Chromium does for POST and reload, and after their redirects. */
  readonly mustBeFresh: boolean
  readonly jar: Jar
}

function requestFor(leg: Leg, { body, mustBeFresh, jar }: Baggage): Request {
  const url = lastOf(leg)
  const cookie = jar.headerFor(url, sameSiteContext(leg))
  const headers = new Headers({
    Accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
    'Accept-Language': 'en-US,en;q=0.9',
    'Upgrade-Insecure-Requests': '1',
    ...provenanceHeaders(leg),
    ...(cookie !== undefined && { Cookie: cookie }),
    ...(mustBeFresh && { 'Cache-Control': 'max-age=0' }),
    ...(body !== undefined && { 'Content-Type': body.type, 'Content-Length': String(body.bytes.byteLength) }),
  })
  return new Request(url, { method: leg.method, headers, body: body?.bytes ?? null, redirect: 'manual' })
}

/** 303 always asks with GET, 301 and 302 only after POST; 307 and 308 repeat method and body. */
function redirectOf(response: Response, leg: Navigation): Navigation | undefined {
  const location = response.headers.get('location')
  if (location === null || ![301, 302, 303, 307, 308].includes(response.status)) return undefined
  if (!URL.canParse(location, leg.url)) return undefined
  const url = new URL(location, leg.url)
  if (url.hash === '') url.hash = leg.url.hash
  return response.status < 304 ? { url, method: 'GET', from: leg.from } : { ...leg, url }
}

function tooMany(chain: readonly URL[]): Error {
  const path = chain.map((url) => url.pathname + url.search).join(' -> ')
  return new Error(`More than ${mostRedirects} redirects: ${path}`)
}
