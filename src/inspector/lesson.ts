import type { Exchange, Story } from './exchange.ts'

/** What a story teaches about the loop, in a sentence or two. */
export function lessonOf({ exchanges }: Story): string {
  const [first] = exchanges
  if (first === undefined) return ''
  if (first.method !== 'POST') return ofSafe(first, exchanges.length)
  if (first.submission?.standing === 'repeat')
    return 'The same form came again, by a double click or a reload. It was not done again: the first answer was given once more.'
  if (first.submission?.standing === 'changed')
    return 'A form that had been sent came again with something else in it. Nobody knows whether both are meant, so its person is asked.'
  return ofPost(first, exchanges.length)
}

function ofPost({ status }: Exchange, length: number): string {
  if (status >= 300 && status < 400) {
    return length > 1
      ? 'POST did the work. 303 See Other made the browser fetch a page by GET, so reloading that page sends nothing again.'
      : 'POST did the work and answered with a redirect. No browser has followed it yet.'
  }
  if (status === 422) return 'Nothing was done. The form is shown again with what was typed and what is wrong with it.'
  if (status === 403) return 'It was refused before it could do anything: a form of another site looks like this.'
  if (status >= 500) return 'It failed, and what it had done to the session was undone. The form can be sent again.'
  if (status >= 400) return 'It was refused, and nothing was done.'
  return 'POST was answered with a page and no redirect. Whoever reloads that page is asked whether to send the form again.'
}

function ofSafe({ method, status, session }: Exchange, length: number): string {
  if (length > 1) return 'A redirect led the browser on.'
  if (status === 304) return 'The browser has this page already, and was told that it is still the same.'
  const writes = session.parts.some(({ kind, before, after }) => kind !== 'message' && before !== after)
  if (method === 'GET' && writes)
    return 'This GET changed the session. Browsers repeat a GET without asking, so what it changes should not matter.'
  if (method === 'GET' && status < 400)
    return 'GET asks and changes nothing: it may be repeated, bookmarked and reloaded.'
  return ''
}
