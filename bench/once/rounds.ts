import type { Counter } from './counter.ts'
import type { Customers, Way } from './customers.ts'

/** How much is measured in a round. */
export interface Plan {
  readonly rounds: number
  /** Calls of each kind, one after the other. */
  readonly calls: number
  /** Orders by calls, with one in flight and with several. */
  readonly alone: number
  readonly crowd: number
  /** Requests of each kind, one after the other, and with 64 in flight. */
  readonly requests: number
  readonly requestCrowd: number
}

/** The calls that are compared. */
export const calls = ['insert', 'threeByHand', 'orderOnce', 'askAndOrderOnce', 'insertThenSave'] as const
/** The requests that are compared. */
export const ways = ['/plain', '/orders', '/saved'] as const
/** How many orders are in flight. */
export const crowds = [1, 4, 16, 64] as const

export type Call = (typeof calls)[number]
export type Crowd = (typeof crowds)[number]

/** One round: milliseconds of each operation, or operations in a second. */
export interface Measured {
  readonly calls: Readonly<Record<Call, readonly number[]>>
  readonly requests: Readonly<Record<Way, readonly number[]>>
  readonly crowds: Readonly<Record<Crowd, number>>
  readonly requestCrowds: Readonly<Record<Way, number>>
}

/** Measures one round. */
export async function measureRound(plan: Plan, on: { counter: Counter; shop: Customers }): Promise<Measured> {
  return {
    calls: await measureCalls(plan, on.counter),
    crowds: await measureCrowds(plan, on.counter),
    requests: await measureRequests(plan, on.shop),
    requestCrowds: await measureRequestCrowds(plan, on.shop),
  }
}

// A B C, A B C: whatever the disk does meanwhile, it does to all.
async function measureCalls(plan: Plan, counter: Counter): Promise<Measured['calls']> {
  const times: Record<Call, number[]> = {
    insert: [],
    threeByHand: [],
    orderOnce: [],
    askAndOrderOnce: [],
    insertThenSave: [],
  }
  for (let turn = 0; turn < plan.calls; turn++) {
    for (const call of calls) {
      const beginMs = performance.now()
      await counter[call]()
      times[call].push(performance.now() - beginMs)
      await new Promise((resolve) => setImmediate(resolve)) // each comes alone
    }
  }
  return times
}

async function measureRequests(plan: Plan, shop: Customers): Promise<Measured['requests']> {
  const times: Record<Way, number[]> = { '/plain': [], '/orders': [], '/saved': [] }
  for (let turn = 0; turn < plan.requests; turn++) {
    for (const way of ways) times[way].push(...(await shop.order(way, { times: 1, inFlight: 1 })).each)
  }
  return times
}

async function measureCrowds(plan: Plan, counter: Counter): Promise<Measured['crowds']> {
  const perSecond: Record<Crowd, number> = { 1: 0, 4: 0, 16: 0, 64: 0 }
  for (const inFlight of crowds) {
    const share = Math.ceil((inFlight === 1 ? plan.alone : plan.crowd) / inFlight)
    const orderAll = async (): Promise<void> => {
      for (let turn = 0; turn < share; turn++) await counter.orderOnce()
    }
    const beginMs = performance.now()
    await Promise.all(Array.from({ length: inFlight }, orderAll))
    perSecond[inFlight] = ((share * inFlight) / (performance.now() - beginMs)) * 1000
  }
  return perSecond
}

async function measureRequestCrowds(plan: Plan, shop: Customers): Promise<Measured['requestCrowds']> {
  const perSecond: Record<Way, number> = { '/plain': 0, '/orders': 0, '/saved': 0 }
  for (const way of ways) {
    const { all } = await shop.order(way, { times: plan.requestCrowd, inFlight: 64 })
    perSecond[way] = (plan.requestCrowd / all) * 1000
  }
  return perSecond
}
