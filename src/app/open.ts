import type { Opening } from '../session/keeper.ts'
import { LiveSession } from '../session/live-session.ts'
import type { Opened, Proven } from './stations.ts'

/**
 * Puts the session at hand. One in a store is fetched now, in one round trip; a sealed cookie is opened when somebody
 * asks for it, and not before.
 */
export function open(proven: Proven): Opened | Promise<Opened> {
  const { live, opening, config, arrival } = proven
  if (live !== null && opening !== null) return { ...proven, live, opening }
  const nowSeconds = Math.floor(config.clock.now() / 1000)
  const found = config.keeper.open(arrival, nowSeconds)
  return found instanceof Promise
    ? found.then((opening) => withSession(proven, opening, nowSeconds))
    : withSession(proven, found, nowSeconds)
}

function withSession(proven: Proven, opening: Opening, nowSeconds: number): Opened {
  const { random } = proven.config
  return { ...proven, opening, live: new LiveSession({ load: () => opening.state(), nowSeconds, random }) }
}
