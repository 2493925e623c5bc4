import { stateOf } from '../../src/session/stored-state.ts'
import { handOut } from '../../src/session/values.ts'
import type { SessionRow } from '../../src/store/store.ts'
import { Broken } from './broken.ts'
import { familyOf } from './ledger.ts'
import type { Stage } from './stage.ts'

/** What the sessions hold at the end. */
interface Kept {
  readonly rows: ReadonlyMap<string, SessionRow>
  /** Where each number is, as often as it is there. */
  readonly receipts: ReadonlyMap<number, readonly string[]>
}

/** What sessions hold is what was acknowledged and done, and those that were ended are not there. */
export async function checkSessions(stage: Stage): Promise<void> {
  if (stage.mode === 'cookie') return // each request carries its own copy, and the last one wins
  const kept = await keptOf(stage)
  checkEnded(stage, kept)
  checkReceipts(stage, kept)
  checkEffectsKept(stage, kept)
  checkAcknowledged(stage, kept)
}

async function keptOf({ disk, world }: Stage): Promise<Kept> {
  const rows = new Map<string, SessionRow>()
  const receipts = new Map<number, string[]>()
  for (const family of new Set(disk.events.map((event) => event.family))) {
    const row = await disk.rowOf(family, Math.floor(world.nowMs / 1000))
    if (row === null) continue
    rows.set(family, row)
    for (const number of listIn(row, 'receipts') as number[]) {
      receipts.set(number, [...(receipts.get(number) ?? []), family])
    }
  }
  return { rows, receipts }
}

function listIn(row: SessionRow, key: string): readonly unknown[] {
  return (handOut(stateOf(row)?.data.get(key)) ?? []) as readonly unknown[] // the app writes only lists there
}

function checkEnded({ disk }: Stage, { rows }: Kept): void {
  for (const family of rows.keys()) {
    const last = disk.events.findLast((event) => event.family === family && event.kind !== 'signed-in')
    if (last?.kind === 'ended') {
      throw new Broken('an ended session stays ended', `${family} was ended at step ${last.step} and is there`)
    }
  }
}

function checkReceipts({ disk, changed }: Stage, { receipts }: Kept): void {
  const property = 'the session and the effect are kept together'
  const noted = new Map<string, number>()
  for (const [number, families] of receipts) {
    if (families.length > 1) throw new Broken(property, `${number} is in sessions ${families.length} times`)
    if (disk.effects.some((effect) => effect.number === number)) continue
    const note = disk.notes.find((one) => one.number === number)
    if (note === undefined) throw new Broken(property, `${number} is in a session, and was not done`)
    const key = changed === 'accept' ? `${note.token} ${note.body}` : note.token
    const before = noted.get(key)
    if (before !== undefined) {
      throw new Broken('an effect happens at most once', `/note ${before} and ${number} for one form`)
    }
    noted.set(key, number)
  }
}

// The effect of a transaction is there with its session, unless that was ended, or somebody signed in meanwhile.
function checkEffectsKept(stage: Stage, { receipts }: Kept): void {
  const { disk, ledger } = stage
  for (const { number, family, token, isOutside, step } of disk.effects) {
    if (isOutside || receipts.has(number)) continue
    const families = ledger.sent.flatMap((sent) => (sent.token === token ? [familyOf(sent.cookie)] : []))
    const first = ledger.sent.find((sent) => sent.token === token)?.step ?? 0
    if ([...families, family ?? ''].some((one) => isOver(stage, one, first))) continue
    throw new Broken(
      'the session and the effect are kept together',
      `/order ${number} of step ${step} is in no session`,
    )
  }
}

function checkAcknowledged(stage: Stage, { rows, receipts }: Kept): void {
  for (const { sent, status, location, cookie, step } of stage.ledger.answered) {
    if (status !== 303) continue
    const family = familyOf(cookie || sent.cookie)
    const number = Number(/^\/receipt\/(\d+)$/.exec(location ?? '')?.[1])
    const row = rows.get(family)
    const isItem = sent.route === '/append'
    const isKept = isItem ? row !== undefined && listIn(row, 'items').includes(sent.body) : receipts.has(number)
    if (isKept || (!isItem && Number.isNaN(number))) continue
    const from = firstSent(stage, sent.token, sent.step)
    if ([family, familyOf(sent.cookie)].some((one) => isOver(stage, one, from))) continue
    // What was acknowledged twice may have been written into another session of its person: one that was ended.
    if (!isItem && familiesOf(stage, sent.person).some((one) => isOver(stage, one, from))) continue
    const what = isItem ? `item ${sent.body}` : `receipt ${number}`
    throw new Broken('what was acknowledged is kept', `${what}, acknowledged at step ${step}, is not in ${family}`)
  }
}

function familiesOf({ ledger }: Stage, person: string): readonly string[] {
  const theirs = ledger.answered.filter(({ sent }) => sent.person === person)
  return theirs.flatMap(({ sent, cookie }) => [familyOf(sent.cookie), familyOf(cookie ?? '')])
}

function firstSent({ ledger }: Stage, token: string, step: number): number {
  return token === '' ? step : (ledger.sent.find((sent) => sent.token === token)?.step ?? step)
}

// A session that was ended takes along what it held; what was asked before a login does not write after it.
function isOver({ disk }: Stage, family: string, from: number): boolean {
  const span = [from, Number.MAX_SAFE_INTEGER] as const
  return disk.happened('ended', family, span) || disk.happened('signed-in', family, span)
}
