import { LiveSession } from '../session/live-session.ts'
import type { Opened, Proven } from './stations.ts'

/** Puts the session at hand. A sealed cookie is opened when somebody asks for it, and not before. */
export function open(proven: Proven): Opened {
  if (proven.live !== null) return { ...proven, live: proven.live }
  const { config, arrival } = proven
  const nowSeconds = Math.floor(config.clock.now() / 1000)
  const load = () => config.keeper.load(arrival, nowSeconds)
  return { ...proven, live: new LiveSession({ load, nowSeconds, random: config.random }) }
}
