import { setTimeout as pause } from 'node:timers/promises'
import type { Dice } from './dice.ts'
import type { Tally } from './tally.ts'
import { type Heard, type Shown, Visitor, type World } from './visitor.ts'

/** A payment that was sent three times. */
export interface Submitted {
  readonly amount: number
  /** Where its answers led to. */
  readonly locations: Set<string>
  /** Which processes answered. */
  readonly origins: Set<string>
  /** Whether somebody was told that it could not be confirmed. */
  isAsked: boolean
}

/** What a visitor did, by what they were told. */
export interface Visit {
  readonly visitor: Visitor
  readonly submitted: readonly Submitted[]
  /** What was appended to the session, as they were told. */
  readonly items: readonly string[]
}

/**
 * A visitor pays so many times. Every payment is one form, sent three times: all at once, one after the other, or the last
 * time when all else is done. Once there is a session, two payments may go on at once, and items are appended meanwhile;
 * before, two at once would begin a session each, and a browser keeps one of them.
 */
export async function visit(world: World, dice: Dice, payments: number): Promise<Visit> {
  const visitor = new Visitor(world, dice)
  const later: (() => Promise<void>)[] = []
  const [submitted, items]: [Submitted[], string[]] = [[], []]
  let hasSession = dice.isOneIn(2)
  if (hasSession) expect(303, await visitor.post('/put', { k: 'name', v: 'somebody' }), world.tally)
  while (submitted.length < payments) {
    const isPair = hasSession && payments - submitted.length > 1 && dice.isOneIn(3)
    const sent = Array.from({ length: isPair ? 2 : 1 }, () => payThrice(visitor, world.tally, later))
    if (hasSession && dice.isOneIn(4)) items.push(await append(visitor, `item ${items.length}`, world.tally))
    for (const one of await Promise.all(sent)) {
      submitted.push(one)
      hasSession ||= one.locations.size > 0
    }
  }
  for (const send of later) await send()
  for (const one of submitted) count(one, world.tally)
  return { visitor, submitted, items }
}

async function payThrice(visitor: Visitor, tally: Tally, later: (() => Promise<void>)[]): Promise<Submitted> {
  const { dice } = visitor
  const amount = dice.between(1, 1000)
  const submitted: Submitted = { amount, locations: new Set(), origins: new Set(), isAsked: false }
  const shown = await visitor.openForm()
  const send = () => sendOnce(visitor, tally, { shown, submitted })
  switch (dice.pick(['at once', 'in a row', 'at once and later'])) {
    case 'at once':
      await Promise.all([send(), send(), send()])
      break
    case 'in a row':
      for (let sent = 0; sent < 3; sent++) await send()
      break
    case 'at once and later':
      await Promise.all([send(), send()])
      later.push(send)
  }
  const [location] = submitted.locations
  // The receipt takes the message from the session.
  if (location !== undefined && !dice.isOneIn(4)) expect(200, await visitor.get(location), tally)
  return submitted
}

async function sendOnce(
  visitor: Visitor,
  tally: Tally,
  { shown, submitted }: { readonly shown: Shown; readonly submitted: Submitted },
): Promise<void> {
  let answer = await visitor.pay(submitted.amount, shown)
  for (let page = ''; isWaiting(answer); answer = await visitor.get(page)) {
    page = answer.location ?? page // the page that waits is the same until there is an answer
    await pause(500)
  }
  submitted.origins.add(answer.origin)
  if (answer.status === 303 && answer.location !== null) {
    if (submitted.locations.size === 0) tally.acknowledged += 1
    submitted.locations.add(answer.location)
  } else if (/could not confirm/.test(answer.text)) submitted.isAsked = true
  else expect(303, answer, tally)
}

// Where a submission is claimed before, the answer to a repeat may be a page that waits with its person.
function isWaiting({ status, location, text }: Heard): boolean {
  return status === 303 ? location?.startsWith('/_dewar/') === true : /Nothing is done twice/.test(text)
}

async function append(visitor: Visitor, item: string, tally: Tally): Promise<string> {
  expect(303, await visitor.post('/append', { item }), tally)
  return item
}

function expect(due: number, { status, text }: Heard, { unexpected }: Tally): void {
  if (status !== due) unexpected.push(`${status} ${text.replace(/^.*<body/s, '').slice(0, 500)}`)
}

function count({ locations, origins, isAsked }: Submitted, tally: Tally): void {
  if (locations.size === 0 && isAsked) tally.asked += 1
  if (origins.size > 1) tally.spread += 1
}
