import type { FormControls, SubmitControl } from './controls.ts'
import { type Entry, entryList } from './entry-list.ts'
import { encodeMultipart } from './multipart.ts'
import type { Body, Navigation } from './travel.ts'
import { attribute } from './tree.ts'

/** Where a form goes and how, or why a browser without scripts cannot send it. */
export type Plan =
  | { kind: 'impossible'; why: string }
  | { kind: 'get'; url: URL }
  | { kind: 'post'; url: URL; encoding: 'urlencoded' | 'multipart' }

/** The page that a form stands on: its own address, and the one that relative addresses start from. */
export interface Place {
  readonly url: URL
  readonly base: URL
}

/**
 * Reads where and how a form is sent when `pressed` is the button: `formaction`, `formmethod` and `formenctype` of the
 * button go before the form's own. A form without an action goes to the page itself.  HTML §4.10.22.3
 */
export function planOf(form: FormControls, place: Place, pressed?: SubmitControl): Plan {
  const read = (name: string): string | undefined =>
    (pressed && attribute(pressed.element, `form${name}`)) ?? attribute(form.element, name)
  const url = addressOf(read('action'), place)
  if (url === null) return impossible(`its action "${read('action')}" is not an address`)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return impossible(`its action is ${url.protocol}`)
  const method = read('method')?.toLowerCase()
  if (method === 'dialog') return impossible('its method is dialog: it closes a dialog and sends nothing')
  if (method !== 'post') return { kind: 'get', url }
  const encoding = read('enctype')?.toLowerCase()
  if (encoding === 'text/plain') return impossible('its enctype is text/plain: no server can read that back')
  return { kind: 'post', url, encoding: encoding === 'multipart/form-data' ? 'multipart' : 'urlencoded' }
}

/** The request that sends the form as it is filled now. With GET, what was filled in replaces the query. */
export async function submissionOf(
  form: FormControls,
  plan: Exclude<Plan, { kind: 'impossible' }>,
  pressed?: SubmitControl,
): Promise<Omit<Navigation, 'from'>> {
  const entries = entryList(form.controls, pressed)
  switch (plan.kind) {
    case 'get':
      return { method: 'GET', url: new URL(`?${asQuery(entries)}${plan.url.hash}`, plan.url) }
    case 'post':
      return { method: 'POST', url: plan.url, body: await encode(entries, plan.encoding) }
  }
}

/** The path that a form's `action` names, as a person would write it down: `/login`; the whole URL elsewhere. */
export function actionPath(form: FormControls, place: Place): string {
  const action = attribute(form.element, 'action')
  const url = addressOf(action, place)
  if (url === null) return action ?? ''
  return url.origin === place.url.origin ? url.pathname + url.search : url.href
}

/** An empty action means the page itself, not the address that `<base>` says. */
function addressOf(action: string | undefined, place: Place): URL | null {
  return URL.parse(action?.trim() || place.url.href, place.base)
}

async function encode(entries: readonly Entry[], encoding: 'urlencoded' | 'multipart'): Promise<Body> {
  switch (encoding) {
    case 'urlencoded':
      return { type: 'application/x-www-form-urlencoded', bytes: new TextEncoder().encode(asQuery(entries)) }
    case 'multipart':
      return encodeMultipart(entries, `----DewarFormBoundary${crypto.randomUUID()}`)
  }
}

/** A file that is not sent as a file is sent as its name. */
function asQuery(entries: readonly Entry[]): string {
  const pairs = entries.map(([name, value]) => [name, typeof value === 'string' ? value : value.name])
  return new URLSearchParams(pairs).toString()
}

function impossible(why: string): Plan {
  return { kind: 'impossible', why }
}
