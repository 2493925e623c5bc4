import { Dewar } from '../../src/index.ts'
import { sqlite } from '../../src/sqlite.ts'
import { userOf } from './files.ts'

/** What it costs to keep house in a file, in this process. Times are medians, in milliseconds of the clock. */
export interface Upkeep {
  readonly rows: number
  /** One slice of sweeping: 200 rows that are over are removed, and it is on disk. */
  readonly sweepMs: number
  readonly sweepMsHighest: number
  /** `app.sessions.list` of a user with five sessions. */
  readonly listMs: number
  readonly listMsHighest: number
  readonly slices: number
  readonly lists: number
}

const sweepRows = 200 // as src/session/tended-store.ts asks for

/** Lists the sessions of users, and sweeps as if it were five days later, when a third of the rows is over. */
export async function measureUpkeep(file: string, rows: number, count: number): Promise<Upkeep> {
  const store = sqlite(file)
  const app = new Dewar({ store, secret: crypto.randomUUID() + crypto.randomUUID() })
  await store.prepare()
  const listsMs: number[] = []
  for (let at = 0; at < 10 * count; at++) {
    const user = userOf(4 * Math.floor(Math.random() * (rows / 4)), rows) ?? ''
    listsMs.push(await timeMs(async () => expect((await app.sessions.list(user)).length, 5)))
  }
  const laterSeconds = Math.floor(Date.now() / 1000) + 5 * 24 * 60 * 60
  const slicesMs: number[] = []
  for (let at = 0; at < count; at++) {
    slicesMs.push(await timeMs(async () => expect(await store.sweep(sweepRows, laterSeconds), sweepRows)))
  }
  await store.close()
  return {
    rows,
    sweepMs: median(slicesMs),
    sweepMsHighest: Math.max(...slicesMs),
    listMs: median(listsMs),
    listMsHighest: Math.max(...listsMs),
    slices: slicesMs.length,
    lists: listsMs.length,
  }
}

async function timeMs(work: () => Promise<void>): Promise<number> {
  const startMs = performance.now()
  await work()
  return performance.now() - startMs
}

function expect(found: number, wanted: number): void {
  if (found !== wanted) throw new Error(`found ${found} sessions, not ${wanted}`)
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[values.length >> 1] ?? Number.NaN
}
