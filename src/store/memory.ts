import { ExpiryBuckets } from './expiry-buckets.ts'
import { newIncarnation } from './incarnation.ts'
import { judgeClaim, judgeOnce, judgeSession } from './judge-change.ts'
import type { Asked, Begun, Change, OnceRow, Outcome, Revocation, SessionRow, Store } from './store.ts'

/**
 * A store in the memory of this process: for tests, and for trying things out. Other processes do not see it, and all of
 * it is lost when the process ends.
 */
export function memory(): Store {
  return new MemoryStore()
}

// Rows are copied and frozen on their way in, so they can be handed out as they are. No method waits for anything
// before it is done: nothing can happen in between.
class MemoryStore implements Store {
  readonly name = 'memory'
  #made: string | undefined
  readonly #sessions = new Map<string, SessionRow>()
  readonly #families = new Map<string, Set<string>>()
  readonly #sessionTimes = new ExpiryBuckets()
  readonly #onces = new Map<string, OnceRow>()
  readonly #onceTimes = new ExpiryBuckets()

  // Made when it is asked for: on Workers there is no chance to be had while an app is loaded.
  get #incarnation(): string {
    this.#made ??= newIncarnation()
    return this.#made
  }

  async prepare(): Promise<void> {}

  async begin(asked: Asked): Promise<Begun> {
    const session = alive(this.#sessions.get(asked.family), asked.nowSeconds)
    const incarnation = this.#incarnation
    if (asked.once === undefined) return { session, once: null, isMine: false, incarnation }
    const there = alive(this.#onces.get(asked.once.key), asked.nowSeconds)
    const claim = judgeClaim(there, asked)
    return { session, once: claim === null ? there : this.#keepOnce(claim), isMine: claim !== null, incarnation }
  }

  async commit({ family, nowSeconds, ...change }: Change): Promise<Outcome> {
    const key = change.once?.key ?? ''
    const once = judgeOnce(alive(this.#onces.get(key), nowSeconds), change.once)
    if (once.kind === 'lost') return once
    const session = judgeSession(alive(this.#sessions.get(family), nowSeconds), change.session)
    if (session.kind === 'conflict' || session.kind === 'gone') return session
    if (once.kind === 'write') this.#keepOnce(once.row)
    if (once.kind === 'remove') this.#forgetOnce(key)
    if (session.kind === 'write') this.#keepSession(session.row)
    if (session.kind === 'remove') this.#forgetSession(family)
    return { kind: 'committed' }
  }

  async list(user: string, nowSeconds: number): Promise<readonly SessionRow[]> {
    return this.#rowsOf(user)
      .filter((row) => row.expiresSeconds > nowSeconds)
      .sort((one, other) => other.seenSeconds - one.seenSeconds)
  }

  async revoke(which: Revocation, nowSeconds: number): Promise<number> {
    const families = this.#familiesOf(which)
    const ended = families.filter((family) => alive(this.#sessions.get(family), nowSeconds) !== null).length
    for (const family of families) this.#forgetSession(family)
    return ended
  }

  async count(nowSeconds: number): Promise<number> {
    let count = 0
    for (const { expiresSeconds } of this.#sessions.values()) if (expiresSeconds > nowSeconds) count += 1
    return count
  }

  async sweep(most: number, nowSeconds: number): Promise<number> {
    let removed = 0
    for (const family of this.#sessionTimes.nearlyOver(nowSeconds)) {
      if (removed >= most) return removed
      if (alive(this.#sessions.get(family), nowSeconds) === null && this.#forgetSession(family)) removed += 1
    }
    for (const key of this.#onceTimes.nearlyOver(nowSeconds)) {
      if (removed >= most) return removed
      if (alive(this.#onces.get(key), nowSeconds) === null && this.#forgetOnce(key)) removed += 1
    }
    return removed
  }

  async close(): Promise<void> {}

  #familiesOf(which: Revocation): readonly string[] {
    if ('family' in which) return [which.family]
    if ('all' in which) return [...this.#sessions.keys()]
    const { user, except } = which
    return this.#rowsOf(user).flatMap(({ family }) => (family === except ? [] : [family]))
  }

  #rowsOf(user: string): SessionRow[] {
    const families = [...(this.#families.get(user) ?? [])]
    return families.flatMap((family) => this.#sessions.get(family) ?? [])
  }

  #keepSession(given: SessionRow): void {
    this.#forgetSession(given.family)
    const row = Object.freeze({ ...given })
    const { family, user } = row
    this.#sessions.set(family, row)
    this.#sessionTimes.add(family, row.expiresSeconds)
    if (user === null) return
    const families = this.#families.get(user)
    if (families === undefined) this.#families.set(user, new Set([family]))
    else families.add(family)
  }

  #forgetSession(family: string): boolean {
    const row = this.#sessions.get(family)
    if (row === undefined) return false
    this.#sessions.delete(family)
    this.#sessionTimes.remove(family, row.expiresSeconds)
    if (row.user === null) return true
    const families = this.#families.get(row.user)
    families?.delete(family)
    if (families?.size === 0) this.#families.delete(row.user)
    return true
  }

  #keepOnce(given: OnceRow): OnceRow {
    this.#forgetOnce(given.key)
    const row = Object.freeze({ ...given })
    this.#onces.set(row.key, row)
    this.#onceTimes.add(row.key, row.expiresSeconds)
    return row
  }

  #forgetOnce(key: string): boolean {
    const row = this.#onces.get(key)
    if (row === undefined) return false
    this.#onceTimes.remove(key, row.expiresSeconds)
    return this.#onces.delete(key)
  }
}

/** The row, if there is one that is not over. */
function alive<Row extends { readonly expiresSeconds: number }>(row: Row | undefined, nowSeconds: number): Row | null {
  return row !== undefined && row.expiresSeconds > nowSeconds ? row : null
}
