import type { Store } from '../store/store.ts'
import { type AnyDewar, houseOf } from './dewar.ts'

/** Where an app and all that are mounted in it keep their sessions, its own first; `null` for sealed cookies. */
export function storesOf(app: AnyDewar): readonly (Store | null)[] {
  const houses = new Set([houseOf(app)])
  for (const { routes } of houses) {
    // What is added meanwhile is looked at too.
    for (const { target } of routes.all) if (target.kind === 'mount' && target.app !== null) houses.add(target.app)
  }
  return [...houses].map(({ config }) => config.store)
}
