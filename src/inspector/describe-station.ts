import { Reply } from '../app/reply.ts'
import type { Admitted, Answered, Proven, Routed, Submitted } from '../app/stations.ts'
import { notAsked } from '../app/unopened.ts'
import type { Stations } from '../app/watching.ts'
import { errorEntry } from '../errors/table.ts'
import type { Standing } from '../once/standing.ts'
import type { Arrival, Opening } from '../session/keeper.ts'

/** What a station of this name has judged, as a sentence for the author. */
export function saysOf(
  name: keyof Stations,
  came: Stations[keyof Stations] | Reply,
  standing: Standing['kind'] | null,
): string {
  if (came instanceof Reply) return leavingAt(name, came, standing)
  if (name === 'Routed') return routed(came)
  if (name === 'Admitted' && 'admission' in came) return admitted(came)
  if (name === 'Guarded' && 'admission' in came) return guarded(came)
  if (name === 'Submitted' && 'fields' in came) return submitted(came)
  if (name === 'Proven' && 'proof' in came) return proven(came)
  if (name === 'Opened' && 'proof' in came) return opened(came, standing)
  return 'context' in came ? answered(came) : ''
}

/** How a request with an answer ended. `isChanged` says whether it did something to the session. */
export function endingOf(reply: Reply, isChanged: boolean): string {
  const sent = reply.values('set-cookie').filter((cookie) => /^(?:__Host-Http-)?session=/.test(cookie))
  const isTaken = sent.some((cookie) => /^[^=]*=;/.test(cookie))
  const cookie =
    sent.length === 0 ? '' : isTaken ? ' The session cookie is taken back.' : ' The session cookie is sent.'
  if (reply.status >= 500) return `It failed, so nothing that it did to the session is kept.${cookie}`
  const kept = isChanged ? 'What was done to the session is kept' : 'Nothing was done to the session'
  return `${kept}, and only now the answer leaves.${cookie}`
}

function leavingAt(name: keyof Stations, reply: Reply, standing: Standing['kind'] | null): string {
  const { status } = reply
  switch (name) {
    case 'Routed':
      if (status === 204) return `Asked what it may be asked by: ${reply.header('allow') ?? ''}.`
      return status === 405
        ? `The path is known, but not for this method: ${status}, Allow ${reply.header('allow') ?? ''}.`
        : `No route answers this: ${status}.`
    case 'Admitted':
      return `Refused, for it comes from elsewhere: ${status}. Not a byte of the body was read.`
    case 'Submitted':
      return `The body was refused: ${status}.`
    case 'Proven':
      return `Nothing says that this comes from a form of ours: ${status}.`
    case 'Opened':
      return standing === null ? `Left with ${status}.` : standings[standing]
    case 'Guarded':
    case 'Answered':
      return `Left with ${status}.`
  }
}

function routed({ target, routes, params }: Routed): string {
  const route = routes.all.find((route) => route.target === target)
  const named = Object.entries(params).map(([name, value]) => `${name} is ${JSON.stringify(value)}`)
  const where = named.length === 0 ? '' : `: ${named.join(', ')}`
  switch (target.kind) {
    case 'handler':
    case 'form':
    case 'submit':
      return `${route?.method ?? ''} ${route?.pattern ?? ''}${where}${target.kind === 'submit' ? ', which takes a form' : ''}.`
    case 'mount':
      return `Handed to what is mounted at ${route?.pattern.replace(/\/\*\*$/, '') ?? ''}.`
    case 'status':
      return 'The page that waits for a submission.'
    case 'missing':
      return 'No route has this path: the page for that.'
  }
}

function admitted({ received, admission, config, path }: Admitted): string {
  const { method, headers } = received.request
  const [site, origin] = [headers.get('sec-fetch-site'), headers.get('origin')]
  if (config.unjudgedPaths.has(path))
    return 'The app has said that requests for this path are not judged by their origin.'
  if (method === 'GET' || method === 'HEAD') return `${method} changes nothing, so anybody may ask.`
  if (origin !== null && config.trustedOrigins.has(origin)) return `The app trusts pages of ${origin}.`
  if (admission === 'needs-token') return 'Nothing says where it comes from, so the token of its form has to prove it.'
  if (site === 'none') return 'No page sent it: somebody typed its address. Sec-Fetch-Site is none.'
  if (site !== null) return `It comes from a page of ours: Sec-Fetch-Site is ${site}.`
  return origin === null ? 'No browser sends this, and it has no session to abuse.' : `Its origin is ours: ${origin}.`
}

function guarded(came: Admitted | Answered): string {
  if ('reply' in came) return `The guard answered ${came.reply.status}, before the body was read.`
  return came.target.rules.guard === null ? 'This route has no guard.' : 'The guard lets it in.'
}

function submitted({ fields, files, excess, received }: Submitted): string {
  if (fields === null) return received.body.present ? 'The body is left to the handler, unread.' : 'There is no body.'
  const [texts, sent] = [[...fields].length, files.length]
  const read = `Read ${texts} ${texts === 1 ? 'field' : 'fields'}${sent === 0 ? '' : ` and ${sent} ${sent === 1 ? 'file' : 'files'}`}.`
  return excess === null ? read : `${read} Then a limit was broken: ${errorEntry(excess.code).sentence}`
}

function proven({ proof, submission, lack, received, admission }: Proven): string {
  if (submission !== null) return 'The token of its form says which submission this is, and that the form is ours.'
  if (lack !== null) return errorEntry(lack.code).sentence
  if (proof === 'token') return 'The token of its form proves that the form is ours.'
  if (admission === 'needs-token') return 'Its cookie opens nothing, so there is nobody’s trust to abuse.'
  return received.request.method === 'GET' ? 'Nothing to prove.' : 'It needs no token.'
}

function opened({ opening, lack, submission, arrival, config }: Proven, standing: Standing['kind'] | null): string {
  const session = sessionIn(opening ?? notAsked, arrival, config.store?.name ?? null)
  if (submission === null) return session
  if (standing === null || standing === 'first')
    return `${session} ${lack === null ? standings.first : errorEntry(lack.code).sentence}`
  return `${session} ${standings[standing]}`
}

// The live session is not asked: that would count as somebody who looks at it.
function sessionIn(opening: Opening, { cookie }: Arrival, store: string | null): string {
  if (opening === notAsked) return 'Nobody can ask for the session here, so it was not fetched.'
  if (!opening.isAvailable) return 'The store of the sessions could not be asked.'
  if (cookie === undefined) return 'The visitor brought no session.'
  if (opening.greeted !== null) return 'The visitor has met a form, and has no session yet.'
  if (store !== null)
    return opening.row === null ? 'The cookie opens no session.' : `The session was fetched from ${store}.`
  return 'The session lies in the cookie, and is opened when somebody asks for it.'
}

function answered({ reply, context, target, lack }: Answered): string {
  if (target.kind === 'submit' && reply.status === 422) {
    return lack === null
      ? 'What was typed is not valid: the form is shown again with it.'
      : 'Nothing was done: the form is shown again, with what was typed.'
  }
  const who = context.isHandled || target.kind === 'form' ? 'The handler' : 'The app'
  return `${who} answered ${reply.status}.`
}

const standings: Readonly<Record<Standing['kind'], string>> = {
  first: 'It is the first of its kind.',
  repeat: 'This was done before: the first answer is given again, and nothing is done.',
  changed: 'This form was sent before with something else in it.',
  running: 'The same is being done just now.',
  unknown: 'Somebody began this and went away: nobody knows how far they came.',
}
