import { type Exchange, isRedirect, type Story } from './exchange.ts'

/** What a story teaches about the loop, in a sentence or two. */
export function lessonOf({ exchanges }: Story): string {
  const [first] = exchanges
  if (first === undefined) return ''
  if (first.method === 'GET' || first.method === 'HEAD' || first.method === 'OPTIONS')
    return ofSafe(first, exchanges.length)
  switch (first.submission?.standing) {
    case 'repeat':
      return 'The same form came again, by a double click or a reload. It was not done again: the first answer was given once more.'
    case 'changed':
      return 'A form that had been sent came again with something else in it. Nobody knows whether both are meant, so its person is asked.'
    default:
      return ofUnsafe(first, exchanges.length)
  }
}

function ofUnsafe(exchange: Exchange, length: number): string {
  const { status, stations, isPage } = exchange
  const left = stations.findLast(({ isExit }) => isExit)?.name ?? ''
  if (left in refusals) return refusals[left] ?? ''
  if (isRedirect(exchange)) return ofRedirect(exchange, length)
  if (status === 422) return 'Nothing was done. The form is shown again with what was typed and what is wrong with it.'
  if (status >= 500) return 'It failed, and nothing that it did to the session is kept.'
  if (status >= 400) {
    return isChanged(exchange)
      ? 'It was refused, and what it did to the session is kept all the same.'
      : 'It was refused, and the session is as it was.'
  }
  return isPage
    ? 'POST was answered with a page and no redirect. Whoever reloads that page is asked whether to send the form again.'
    : 'It was done, and whoever sent it was told so. No browser reloads such an answer.'
}

// By the station at which a request left that was not let on.
const refusals: Readonly<Record<string, string>> = {
  Routed: 'No route takes this, so nothing was done.',
  Admitted: 'It was refused for where it comes from, before its body was read: a form of another site looks like this.',
  Submitted: 'Its body was refused, and nothing was done.',
  Proven: 'Nothing proves that its form is one of the app, so nothing was done.',
  Failed: 'Something that it needed was away, so nothing was done.',
}

function ofRedirect({ isHandled, isExternal }: Exchange, length: number): string {
  if (!isHandled) return 'It was led elsewhere before its handler ran, so what was sent with it is gone.'
  if (isExternal) return 'POST did the work, and led the browser to another site.'
  return length > 1
    ? 'POST did the work. 303 See Other made the browser fetch a page by GET, so reloading that page sends nothing again.'
    : 'POST did the work and answered with a redirect. No browser has followed it yet.'
}

function ofSafe(exchange: Exchange, length: number): string {
  const { method, status } = exchange
  if (method === 'OPTIONS') return ''
  if (length > 1) return 'A redirect led the browser on.'
  if (status === 304) return 'The browser has this page already, and was told that it is still the same.'
  if (status >= 400) return ''
  return isChanged(exchange)
    ? `This ${method} changed the session. Browsers repeat a ${method} without asking, so what it changes should not matter.`
    : `${method} asks and changes nothing: it may be repeated, bookmarked and reloaded.`
}

// A message that was shown is gone with that: nothing to speak of.
function isChanged({ session }: Exchange): boolean {
  return session.parts.some(({ kind, before, after }) => kind !== 'message' && before !== after)
}
