import type { Opening } from '../session/keeper.ts'
import { LiveSession } from '../session/live-session.ts'
import type { Opened, Proven } from './stations.ts'
import { askedFor, claimed } from './submission.ts'

/**
 * Puts the session at hand, and what is known of the submission: both in one round trip to a store. A sealed cookie is
 * opened when somebody asks for it, and not before. A submission that cannot be asked about is done by nobody: throws
 * `store/unavailable`.
 */
export function open(proven: Proven): Opened | Promise<Opened> {
  const { live, opening, config, arrival } = proven
  if (proven.submission === null && live !== null && opening !== null) return { ...proven, live, opening }
  const nowSeconds = Math.floor(config.clock.now() / 1000)
  const submission = proven.submission && claimed(proven.submission, config.random, nowSeconds)
  const once = submission === null ? undefined : askedFor(submission, nowSeconds)
  const found = config.keeper.open(arrival, nowSeconds, once)
  return found instanceof Promise
    ? found.then((opening) => withSession({ ...proven, submission }, opening, nowSeconds))
    : withSession({ ...proven, submission }, found, nowSeconds)
}

function withSession(proven: Proven, opening: Opening, nowSeconds: number): Opened {
  const { submission, config, live: guarded } = proven
  if (submission !== null && !opening.isAvailable) opening.state()
  const { random } = config
  const live = new LiveSession({ load: () => opening.state(), nowSeconds, random, greeted: opening.greeted })
  if (guarded !== null) for (const operation of guarded.log) live.do(operation) // what the guard of the route did
  return { ...proven, opening, live }
}
