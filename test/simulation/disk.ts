import { memory, type Store } from 'dewar'
import type { SessionRow } from '../../src/store/store.ts'

/** Something that was done in the world, be it in a transaction or outside of every store. */
export interface Effect {
  readonly number: number
  readonly route: string
  readonly token: string
  readonly body: string
  /** What the submission is named to a payment service. */
  readonly key: string
  /** The family whose session was written with it; `null` if none was. Outside of a store nothing is. */
  readonly family: string | null
  readonly isOutside: boolean
  readonly step: number
}

/** What happened to a session. */
export interface FamilyEvent {
  readonly kind: 'created' | 'ended' | 'signed-in'
  readonly family: string
  readonly step: number
}

/** What all processes share and no crash takes away: the store, the table of effects, and the world outside. */
export class Disk {
  readonly store: Store = memory()
  readonly effects: Effect[] = []
  /** What was to be noted in a session: whether it is there, the session says. */
  readonly notes: Pick<Effect, 'number' | 'token' | 'body'>[] = []
  readonly events: FamilyEvent[] = []
  /** Who has a transaction open. */
  lockedBy: object | null = null
  #numbers = 0

  /** A number that nothing had before, as a sequence gives it: also one that is undone has used it up. */
  nextNumber(): number {
    this.#numbers += 1
    return this.#numbers
  }

  /** The row of a session as it is now. */
  async rowOf(family: string, nowSeconds: number): Promise<SessionRow | null> {
    return (await this.store.begin({ family, nowSeconds })).session
  }

  /** Whether something of this kind happened to a session between two steps. */
  happened(kind: FamilyEvent['kind'], family: string, [from, to]: readonly [number, number]): boolean {
    return this.events.some((event) => {
      return event.kind === kind && event.family === family && event.step >= from && event.step <= to
    })
  }
}
