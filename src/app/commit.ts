import { DewarError } from '../errors/dewar-error.ts'
import type { SessionEnd } from '../session/keeper.ts'
import { isUnavailable } from '../store/unavailable.ts'
import { failureOf, viewerOf } from './failure.ts'
import { forwardMessages } from './forward.ts'
import { logError } from './log.ts'
import { onceEndOf } from './once-end.ts'
import { onceNextHeader } from './once-next.ts'
import type { Reply } from './reply.ts'
import type { Answered } from './stations.ts'
import { teach } from './teach.ts'
import { validate } from './validator.ts'

/**
 * Keeps what was done to the session and that the submission is done, in one write, and only then lets the answer go.
 * What cannot be kept makes the answer a 500 or 503: never the redirect. `lost` if somebody else has done the same
 * submission meanwhile: then nothing is kept.
 */
export async function commit(answered: Answered): Promise<Reply | 'lost'> {
  const { context, reply, config } = answered
  if (context.isLost) return 'lost'
  try {
    const next = reply.status < 300 ? context.nextToken : null
    if (next !== null) reply.setHeader(onceNextHeader, next)
    const ending = context.committed?.end ?? endSession(answered)
    const end = ending instanceof Promise ? await ending : ending
    if (end.kind === 'lost') return 'lost'
    if (context.isDone || context.committed !== null) answered.temporary.add(context.recalled) // else they stay for another try
    if (end.kind !== 'keep') reply.headers.push('set-cookie', end.setCookie)
    for (const cookie of context.setCookies) reply.headers.push('set-cookie', cookie)
    teach(answered, reply)
    return await validate(context.request, dress(answered, reply))
  } catch (error) {
    answered.received.trace?.fail(error)
    logError(config.env, error, context)
    if (!isUnavailable(error)) await giveBack(answered)
    return dress(answered, failureOf(viewerOf(answered), error))
  } finally {
    context.leave()
  }
}

// Nothing of it is kept: so whoever corrects it may send it again, unless something outside has begun.
async function giveBack(answered: Answered): Promise<void> {
  const { live, context, arrival, config, opening } = answered
  if (context.committed !== null) return
  live.rewind(0)
  context.isDone = false
  const once = onceEndOf(answered)
  if (once === undefined) return
  try {
    await config.keeper.end({ arrival, opening, live, once })
  } catch {
    // Its lease tells.
  }
}

function endSession(answered: Answered): SessionEnd | Promise<SessionEnd> {
  const { live, context, reply, arrival, config, target, opening } = answered
  if (target.kind === 'mount' && target.app !== null) return endAroundMount(answered)
  forwardMessages(answered, context, reply)
  return config.keeper.end({ arrival, opening, live, once: onceEndOf(answered) })
}

// An app mounted in this one has kept the session already, and of two cookies the browser would take the last.
function endAroundMount({ live, arrival, config, reply, opening }: Answered): SessionEnd | Promise<SessionEnd> {
  if (!live.changed) return { kind: 'keep' }
  const keptBelow = reply.values('set-cookie').some((cookie) => cookie.startsWith(`${arrival.kind.name}=`))
  if (keptBelow) throw new DewarError('app/mount-session')
  return config.keeper.end({ arrival, opening, live })
}

function isPersonal({ live, context }: Answered, reply: Reply): boolean {
  return live.touched || context.showsForm || context.usesCookies || reply.header('set-cookie') !== undefined
}

// A page that depends on its visitor is for this browser alone, and is asked for again before it is shown again.
// Not so a page with a form on Back: `Vary: Cookie` would make the browser fetch it anew, and the text typed is gone.
function dress(answered: Answered, reply: Reply): Reply {
  if (!isPersonal(answered, reply)) return reply
  if (!reply.header('cache-control')?.includes('no-store')) reply.setHeader('cache-control', 'private, no-cache')
  if (!answered.context.showsForm) addVary(reply, 'Cookie')
  return reply
}

function addVary(reply: Reply, name: string): void {
  const named = reply.values('vary').join(', ')
  const isKnown =
    named !== '' &&
    named
      .toLowerCase()
      .split(/\s*,\s*/)
      .includes(name.toLowerCase())
  if (!isKnown) reply.setHeader('vary', named === '' ? name : `${named}, ${name}`)
}
