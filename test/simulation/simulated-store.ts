import type { Store } from 'dewar'
import type { Asked, Change, Outcome, Revocation, SessionRow } from '../../src/store/store.ts'
import { unavailable } from '../../src/store/unavailable.ts'
import type { Process } from './crew.ts'
import type { Disk } from './disk.ts'
import type { World } from './world.ts'

/** What the seed does to a call: nothing, or it fails, or only its reply does, or its process goes down before or after. */
export type Fault = 'none' | 'fails' | 'reply-lost' | 'crash-before' | 'crash-after'

/** The store as one process reaches it: each call and each reply is a step, and the seed decides what becomes of it. */
export class SimulatedStore implements Store {
  readonly name = 'simulated'
  readonly process: Process
  readonly world: World
  readonly disk: Disk

  constructor(process: Process, { world, disk }: { readonly world: World; readonly disk: Disk }) {
    this.process = process
    this.world = world
    this.disk = disk
  }

  async prepare(): Promise<void> {}

  begin(asked: Asked): Promise<Awaited<ReturnType<Store['begin']>>> {
    const { once } = asked
    const label =
      once === undefined ? 'begin' : `begin${once.claim === undefined ? '' : ' and claim'} ${named(once.key)}`
    // Who only reads waits for nobody, and sees what was before.
    // Nothing here comes back empty. An incarnation would be by chance, and unknown to who could not ask for it yet.
    const begin = async () => ({ ...(await this.disk.store.begin(asked)), incarnation: '' })
    return this.call(label, begin, { waits: once?.claim !== undefined })
  }

  commit(change: Change): Promise<Outcome> {
    return this.call(labelOf(change), () => this.change(change))
  }

  list(user: string, nowSeconds: number): Promise<readonly SessionRow[]> {
    return this.call('list', () => this.disk.store.list(user, nowSeconds))
  }

  revoke(which: Revocation, nowSeconds: number): Promise<number> {
    return this.call('revoke', async () => {
      const { store } = this.disk
      const rows = 'user' in which ? await store.list(which.user, nowSeconds) : []
      const families = 'family' in which ? [which.family] : rows.map(({ family }) => family)
      const ended = await store.revoke(which, nowSeconds)
      for (const family of families) this.tell('ended', family)
      return ended
    })
  }

  count(nowSeconds: number): Promise<number> {
    return this.call('count', () => this.disk.store.count(nowSeconds))
  }

  sweep(most: number, nowSeconds: number): Promise<number> {
    return this.call('sweep', () => this.disk.store.sweep(most, nowSeconds))
  }

  async close(): Promise<void> {}

  /** Writes, and takes down what happened to the session. */
  protected async change(change: Change): Promise<Outcome> {
    const before = await this.disk.rowOf(change.family, change.nowSeconds)
    const outcome = await this.disk.store.commit(change)
    if (outcome.kind === 'committed') this.#tellOf(change, before)
    return outcome
  }

  #tellOf({ family, session }: Change, before: SessionRow | null): void {
    if (session?.kind === 'create') this.tell('created', family)
    if (session?.kind === 'create' && session.row.epoch > 0) this.tell('signed-in', family)
    if (session?.kind === 'end') this.tell('ended', family)
    if (session?.kind === 'update' && before !== null && session.row.epoch > before.epoch)
      this.tell('signed-in', family)
  }

  protected tell(kind: 'created' | 'ended' | 'signed-in', family: string): void {
    this.disk.events.push({ kind, family, step: this.world.taken })
  }

  /** One round trip. Nothing of a dead process arrives, and it hears nothing. */
  protected call<Result>(
    label: string,
    work: () => Promise<Result>,
    { waits = true }: { readonly waits?: boolean } = {},
  ): Promise<Result> {
    const { process, world, disk } = this
    return new Promise((resolve, reject) => {
      const answer = (told: string, settle: () => void): void => {
        world.plan(`${process.name} hears: ${label} ${told}`, settle, { owner: process, delayMs: process.lag() })
      }
      const run = async (): Promise<void> => {
        const fault = process.fault()
        if (fault !== 'none') world.note(`     fault: ${fault}`)
        if (fault === 'crash-before') return process.crash()
        if (fault === 'fails') return answer('failed', () => reject(unavailable(undefined, 'It failed.')))
        const done = await work().then(
          (result) => ({ told: toldOf(result), settle: () => resolve(result) }),
          (error: unknown) => ({ told: 'threw', settle: () => reject(error) }),
        )
        if (fault === 'crash-after') return process.crash()
        if (fault === 'reply-lost') return answer('lost', () => reject(unavailable(undefined, 'The reply was lost.')))
        answer(done.told, done.settle)
      }
      const isReady = (): boolean => !waits || disk.lockedBy === null
      world.plan(`${process.name} store: ${label}`, run, { owner: process, delayMs: process.lag(), isReady })
    })
  }
}

function toldOf(result: unknown): string {
  if (typeof result !== 'object' || result === null) return String(result)
  if ('kind' in result) return String(result.kind)
  if (!('once' in result)) return 'done'
  const { once, isMine } = result as { once: { state: string } | null; isMine: boolean }
  return `${once?.state ?? 'nothing'}${isMine ? ' mine' : ''}`
}

function labelOf({ family, session, once }: Change): string {
  const ofSession = session === undefined ? '' : ` ${session.kind} session ${named(family)}`
  return `commit${ofSession}${once === undefined ? '' : ` ${once.kind} ${named(once.key)}`}`
}

function named(key: string): string {
  return key.slice(0, 5)
}
