import { get, sessionOf } from '../conformance/asking.ts'
import { inTurn } from './in-turn.ts'
import type { Submitted, Visit } from './visit.ts'

/** What is true when all is over, against what visitors were told. */
export interface Findings {
  /** Payments that were made. */
  readonly rows: number
  /** Payments that are there and belong to no submission, and items that a session has twice or should not have. */
  readonly duplicates: number
  /** Submissions that were acknowledged and whose payment is not there, has another amount, or is another one's. */
  readonly lost: number
  /** Submissions that were answered with more than one redirect. */
  readonly differing: number
  /** Payments and items that a session should have and has not. */
  readonly itemsLost: number
  /** The sessions of which something is missing, or that have too much. */
  readonly sessionsWrong: readonly string[]
}

/** Compares what there is with what visitors were told, by asking the app. */
export async function audit(origins: readonly [string, ...string[]], visits: readonly Visit[]): Promise<Findings> {
  const submitted = visits.flatMap((visit) => visit.submitted)
  const acknowledged = submitted.filter(({ locations }) => locations.size > 0).length
  const asked = submitted.filter(({ locations, isAsked }) => isAsked && locations.size === 0).length
  const lost = await countLost(origins[0], submitted)
  const rows = await countRows(origins)
  const sessions = { missing: 0, surplus: 0 }
  const sessionsWrong: string[] = []
  await inTurn(visits, async (visit) => {
    const { missing, surplus, holds } = await auditSession(origins[0], visit)
    sessions.missing += missing.length
    sessions.surplus += surplus
    if (missing.length + surplus === 0) return
    const { trace, cookie } = visit.visitor
    const wrong = `${missing.join(', ')} missing, ${surplus} too much in ${holds} by ${cookie}`
    sessionsWrong.push(`${wrong}\n  ${trace.join('\n  ')}`)
  })
  return {
    rows,
    duplicates: Math.max(0, rows - (acknowledged - lost) - asked) + sessions.surplus,
    lost,
    differing: submitted.filter(({ locations }) => locations.size > 1).length,
    itemsLost: sessions.missing,
    sessionsWrong,
  }
}

async function countRows(origins: readonly string[]): Promise<number> {
  const counts = new Set(await Promise.all(origins.map(async (origin) => Number((await get(`${origin}/count`)).text))))
  const [rows = Number.NaN] = counts
  if (counts.size !== 1 || Number.isNaN(rows))
    throw new Error(`The processes count ${[...counts].join(', ')} payments.`)
  return rows
}

async function countLost(origin: string, submitted: readonly Submitted[]): Promise<number> {
  const taken = new Set<string>()
  let lost = 0
  await inTurn(submitted, async ({ locations, amount }) => {
    const [location] = locations
    if (location === undefined) return
    const isOthers = taken.has(location)
    taken.add(location)
    const { status, text } = await get(origin + location)
    const number = location.slice('/receipt/'.length)
    if (isOthers || status !== 200 || text !== `receipt ${number} amount ${amount}`) lost += 1
  })
  return lost
}

async function auditSession(
  origin: string,
  { visitor, submitted, items }: Visit,
): Promise<{ missing: readonly string[]; surplus: number; holds: string }> {
  const session = await sessionOf(origin, visitor.cookie)
  const { receipts, items: kept } = session
  const there = listOf(receipts).map((number) => `/receipt/${number}`)
  const due = new Set(submitted.flatMap(({ locations }) => [...locations]))
  const thereOnce = new Set(there)
  const appended = new Set(listOf(kept)) // sent again until it is answered, so it may be there twice
  return {
    missing: [...[...due].filter((path) => !thereOnce.has(path)), ...items.filter((item) => !appended.has(item))],
    surplus: there.length - [...thereOnce].filter((path) => due.has(path)).length,
    holds: JSON.stringify(session),
  }
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
