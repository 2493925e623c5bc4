import { isBelow } from '../routing/path.ts'
import type { Opening } from '../session/keeper.ts'
import { LiveSession } from '../session/live-session.ts'
import type { House } from './house.ts'
import { open } from './open.ts'
import type { Answered, Opened, Proven } from './stations.ts'

/** Whether nobody on the way of a request can ask for its session: then the store is not asked for it either. */
export function canDoWithout({ middleware, onError }: House, { target, path, live }: Proven): boolean {
  if (live !== null) return false // it is there already
  const isDeaf = target.kind === 'mount' || (target.kind === 'handler' && target.isDeaf)
  return isDeaf && onError === null && !middleware.some(({ prefix }) => isBelow(path, prefix))
}

/**
 * Whether a handler cannot ask for anything: by its source, for an arrow function that names no parameter has no way to
 * what it is called with.  ECMA-262 §15.3
 */
export function isDeaf(handler: unknown): boolean {
  return /^(?:async\s*)?\(\s*\)\s*=>/.test(String(handler))
}

/** A request without its session. */
export function unopened(proven: Proven): Opened {
  const { config } = proven
  const nowSeconds = Math.floor(config.clock.now() / 1000)
  const live = new LiveSession({ load: notAsked.state, nowSeconds, random: config.random, greeted: null })
  return { ...proven, live, opening: notAsked }
}

/** The opening of a session that nobody asked for. */
export const notAsked: Opening = {
  row: null,
  there: null,
  greeted: null,
  known: { once: null, isMine: false, incarnation: '' },
  isAvailable: false,
  state: () => null,
}

/**
 * The same answer with the session, where it is needed after all: for a message that goes with a redirect, or that waits
 * for this page and has to be sent on.
 */
export async function openLate(answered: Answered): Promise<Answered> {
  const { reply, arrival, live: before } = answered
  const isRedirect = reply.status >= 300 && reply.status < 400 && reply.header('location') !== undefined
  if (!before.touched && !(isRedirect && arrival.cookie !== undefined)) return answered
  const { live, opening } = await open({ ...answered, live: null, opening: null })
  for (const operation of before.log) live.do(operation)
  return { ...answered, live, opening }
}
