import type { AnyDewar } from '../app/dewar.ts'

const apps = new WeakSet<AnyDewar>()
let isAny = false

/** Remembers that this process was asked to serve an app. */
export function noteServed(app: AnyDewar): void {
  apps.add(app)
  isAny = true
}

/** Whether this process was ever asked to serve an app: by `serve`, whether it listens yet or not. */
export function isServed(app: AnyDewar): boolean {
  return apps.has(app)
}

/** Whether this process was ever asked to serve any app. */
export function isAnyServed(): boolean {
  return isAny
}
