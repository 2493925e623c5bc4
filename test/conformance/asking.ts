import assert from 'node:assert/strict'

/** What the conformance app has answered. */
export interface Answer {
  readonly status: number
  readonly text: string
  /** Where it leads to. */
  readonly location: string | null
  /** Its Set-Cookie headers. */
  readonly cookies: readonly string[]
  /** How long it took to come, whole. */
  readonly milliseconds: number
}

/** Asks for a page. */
export function get(url: string, cookie = ''): Promise<Answer> {
  return ask(url, { headers: { cookie } })
}

/** Posts a form, as a page of the app does. */
export function post(url: string, fields: Record<string, string> = {}, cookie = ''): Promise<Answer> {
  const headers = { cookie, 'sec-fetch-site': 'same-origin' }
  return ask(url, { method: 'POST', body: new URLSearchParams(fields), headers })
}

async function ask(url: string, init: RequestInit): Promise<Answer> {
  const begunMs = performance.now()
  const answer = await fetch(url, { redirect: 'manual', ...init })
  const text = await answer.text()
  const cookies = answer.headers.getSetCookie()
  const location = answer.headers.get('location')
  return { status: answer.status, text, location, cookies, milliseconds: performance.now() - begunMs }
}

/** Posts a form, and gives the session cookie for what comes next. */
export async function cookieFrom(url: string, fields: Record<string, string>, cookie = ''): Promise<string> {
  const { status, text, cookies } = await post(url, fields, cookie)
  assert.equal(status, 303, text)
  return cookies[0]?.split(';')[0] ?? cookie
}

/** Signs somebody in, and gives the session cookie. */
export function signIn(origin: string, user: string, cookie = ''): Promise<string> {
  return cookieFrom(`${origin}/login`, { user, password: 'x' }, cookie)
}

/** Who somebody with this cookie is: `null` for nobody. */
export async function userOf(origin: string, cookie: string): Promise<string | null> {
  return (await jsonOf<{ user: string | null }>(`${origin}/me`, cookie)).user
}

/** What the session of a cookie holds. */
export function sessionOf(origin: string, cookie: string): Promise<Record<string, unknown>> {
  return jsonOf(`${origin}/session`, cookie)
}

/** What was appended to the session of a cookie. */
export async function itemsOf(origin: string, cookie: string): Promise<readonly string[]> {
  return (await jsonOf<{ items?: string[] }>(`${origin}/session`, cookie)).items ?? []
}

/** How many sessions there are. */
export async function rowsIn(origin: string): Promise<number> {
  return (await jsonOf<{ sessions: number }>(`${origin}/stats`)).sessions
}

/** What an address answers as JSON. The caller knows what that is. */
export async function jsonOf<Value>(url: string, cookie = ''): Promise<Value> {
  const { status, text } = await get(url, cookie)
  assert.equal(status, 200, `${url}: ${text}`)
  return JSON.parse(text)
}
