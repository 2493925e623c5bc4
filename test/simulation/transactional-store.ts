import { judgeCompletion } from '../../src/store/judge-change.ts'
import type { Completion, Outcome, SessionRow, TransactionalStore, Work } from '../../src/store/store.ts'
import type { Effect } from './disk.ts'
import { SimulatedStore } from './simulated-store.ts'

/** What the statements of an app are run on. */
export interface Transaction {
  /** Adds a row to the table of effects, and gives its number. */
  insert(row: Pick<Effect, 'route' | 'token' | 'body' | 'key'>): Promise<number>
}

type Transact = TransactionalStore<Transaction>['transact']
type Asked = { readonly family: string; readonly once?: Completion; readonly nowSeconds: number }
type Result = Outcome | { readonly kind: 'abandoned' }

/**
 * The same with transactions, as PostgreSQL has them: who writes waits for the one that is open, its statements are round
 * trips of their own, and work may be run again. Nothing of it is there before all of it is.
 */
export class SimulatedTransactionalStore extends SimulatedStore implements TransactionalStore<Transaction> {
  transact: Transact = (asked, work) => {
    return this.call(`transact ${asked.once?.key.slice(0, 5) ?? ''}`, () => this.#locked(asked, work))
  }

  async #locked(asked: Asked, work: Parameters<Transact>[1]): Promise<Result> {
    const { disk, process } = this
    const lock = { process }
    disk.lockedBy = lock
    process.whenDead(() => {
      if (disk.lockedBy === lock) disk.lockedBy = null
    })
    try {
      return await this.#run(asked, work)
    } finally {
      if (disk.lockedBy === lock) disk.lockedBy = null
    }
  }

  async #run({ family, once, nowSeconds }: Asked, work: Parameters<Transact>[1]): Promise<Result> {
    const { disk, process } = this
    const known = await disk.store.begin({ family, nowSeconds, ...(once && { once: { key: once.key } }) })
    const verdict = once && judgeCompletion(known.once, once)
    if (verdict?.kind === 'lost') return verdict
    let done = await this.#attempt(known.session, work)
    if (process.collides()) {
      this.world.note('     the transaction collides and is run again')
      done = await this.#attempt(known.session, work)
    }
    if (done.work === null) return { kind: 'abandoned' }
    const { session, answer = once?.answer ?? '' } = done.work
    const outcome = await this.change({
      family,
      nowSeconds,
      ...(session && { session }),
      ...(once && { once: { kind: 'complete', ...once, answer } }),
    })
    const written = session !== undefined && session.kind !== 'end' ? session.row.family : null
    if (outcome.kind === 'committed') disk.effects.push(...done.rows.map((row) => ({ ...row, family: written })))
    return outcome
  }

  async #attempt(row: SessionRow | null, work: Parameters<Transact>[1]): Promise<{ rows: Effect[]; work: Work }> {
    const { disk, process, world } = this
    const rows: Effect[] = []
    const insert: Transaction['insert'] = async (given) => {
      await world.pass(`${process.name} store: insert`, { owner: process, delayMs: process.lag() })
      if (process.fault() === 'crash-before') {
        process.crash()
        return new Promise(() => {})
      }
      const number = disk.nextNumber()
      rows.push({ ...given, number, family: null, isOutside: false, step: world.taken })
      return number
    }
    return { work: await work({ insert }, row), rows }
  }
}
