import type { Standing } from '../once/standing.ts'
import type { Store } from '../store/store.ts'
import type { Received } from './house.ts'
import type { Reply } from './reply.ts'
import type { Admitted, Answered, Guarded, Opened, Proven, Routed, Submitted } from './stations.ts'

/** What each station makes of a request, by its name. */
export interface Stations {
  readonly Routed: Routed
  readonly Admitted: Admitted
  readonly Guarded: Guarded | Answered
  readonly Submitted: Submitted
  readonly Proven: Proven
  readonly Opened: Opened
  readonly Answered: Answered
}

/** Follows one request on its way. It changes nothing, and what it is told is not yet over: it may still change. */
export interface Trace {
  /** A station has let the request on, or has given the reply with which it leaves. */
  pass(name: keyof Stations, came: Stations[keyof Stations] | Reply): void
  /** What was sent stands so: it is the first, or a repeat, or something else. */
  judge(opened: Opened, standing: Standing): void
  /** This was thrown, and the answer is made of it. */
  fail(error: unknown): void
}

/** Watches an app while it is written. */
export interface Watcher {
  /**
   * Lets a request go its way, with a trace if it likes, and gives its reply on; or answers itself what is asked of the
   * watcher.
   */
  watch(received: Received, go: (received: Received) => Promise<Reply>): Promise<Reply>
}

/** The place for who watches an app. There is one in development alone: in production nobody can. */
export class Watching {
  watcher: Watcher | null = null
}

/** Sees a question to a store, by the name of its method, and gives on what it answers. */
export type SeenAsking = <Answer>(call: string, answer: () => Answer) => Answer

// One for all apps of the process: a request may pass several, and whoever sees it knows which one it is.
let seeAsking: SeenAsking | null = null

/** From now on this sees the questions to all stores of apps in development. */
export function seeStores(seen: SeenAsking): void {
  seeAsking = seen
}

/** The same store, whose calls can be seen. */
export function watchedStore<Watched extends Store>(store: Watched): Watched {
  return new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target) // not the proxy, which has no private fields
      if (typeof value !== 'function') return value
      return (...given: readonly unknown[]): unknown => {
        const answer = (): unknown => Reflect.apply(value, target, given)
        return seeAsking === null ? answer() : seeAsking(String(name), answer)
      }
    },
  })
}

/** Tells the trace of a request, if it has one, what a station made of it; and gives that on. */
export function passed<Name extends keyof Stations, Came extends Stations[Name] | Reply>(
  { trace }: Received,
  name: Name,
  came: Came,
): Came {
  trace?.pass(name, came)
  return came
}
