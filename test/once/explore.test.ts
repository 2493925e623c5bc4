import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { explore, type Model, type Step, tell } from './explore.ts'

/** Two who add one to a number: each reads it, then writes what it read and one more; or does both at once. */
interface Adding {
  readonly number: number
  readonly read: readonly (number | null)[]
  readonly isDone: readonly boolean[]
}

function adding(how: 'at once' | 'read, then write'): Model<Adding> {
  const step = (does: string, to: Adding): Step<Adding> => ({ does, to, isTrouble: false })
  const add = ({ number, read, isDone }: Adding, who: number): Step<Adding>[] => {
    if (isDone[who]) return []
    const done = isDone.with(who, true)
    if (how === 'at once') return [step(`${who} adds`, { number: number + 1, read, isDone: done })]
    const was = read[who] ?? null
    if (was === null) return [step(`${who} reads ${number}`, { number, read: read.with(who, number), isDone })]
    return [step(`${who} writes ${was + 1}`, { number: was + 1, read, isDone: done })]
  }
  return {
    name: JSON.stringify,
    first: { number: 0, read: [null, null], isDone: [false, false] },
    steps: (state) => [0, 1].flatMap((who) => add(state, who)),
    always: { 'both count': ({ number, isDone }) => isDone.includes(false) || number === 2 },
    reachable: { 'both are done': ({ isDone }) => !isDone.includes(false) },
  }
}

/** Two who need two locks, and let go of both when they have had both. A crash lets go as well. */
interface Locking {
  readonly holders: readonly (number | null)[]
  readonly isDone: readonly boolean[]
}

function locking(orders: readonly (readonly [number, number])[]): Model<Locking> {
  const steps = ({ holders, isDone }: Locking, who: number): Step<Locking>[] => {
    const wanted = orders[who]?.find((lock) => holders[lock] !== who)
    const free = holders.map((holder) => (holder === who ? null : holder))
    const crash = { does: `${who} crashes`, to: { holders: free, isDone }, isTrouble: true }
    if (isDone[who]) return []
    if (wanted === undefined) {
      return [
        { does: `${who} is done`, to: { holders: free, isDone: isDone.with(who, true) }, isTrouble: false },
        crash,
      ]
    }
    if (holders[wanted] !== null) return [crash]
    return [
      { does: `${who} takes ${wanted}`, to: { holders: holders.with(wanted, who), isDone }, isTrouble: false },
      crash,
    ]
  }
  return {
    name: JSON.stringify,
    first: { holders: [null, null], isDone: [false, false] },
    steps: (state) => [0, 1].flatMap((who) => steps(state, who)),
    always: {},
    reachable: { 'both are done': ({ isDone }) => !isDone.includes(false) },
  }
}

describe('the model checker', () => {
  it('visits every state of a model that is right, each once', () => {
    assert.deepEqual(explore(adding('at once')), { kind: 'holds', states: 4 })
  })

  it('visits one of those that have one name', () => {
    const model = adding('at once')
    const name = (state: Adding): string => JSON.stringify({ ...state, isDone: [...state.isDone].sort() })
    assert.deepEqual(explore({ ...model, name }), { kind: 'holds', states: 3 })
  })

  it('finds a write that is lost, by the shortest way', () => {
    const finding = explore(adding('read, then write'))
    assert.equal(
      tell(finding),
      'broken: both count\n   1  0 reads 0\n   2  1 reads 0\n   3  0 writes 1\n   4  1 writes 1',
    )
  })

  it('finds no deadlock where both take their locks in one order', () => {
    const orders = [
      [0, 1],
      [0, 1],
    ] as const
    assert.equal(explore(locking(orders)).kind, 'holds')
  })

  it('finds a deadlock, and takes no crash for a way out of it', () => {
    const orders = [
      [0, 1],
      [1, 0],
    ] as const
    assert.equal(tell(explore(locking(orders))), 'broken: both are done\n   1  0 takes 0\n   2  1 takes 1')
  })

  it('refuses a model without an end', () => {
    const endless: Model<number> = {
      name: String,
      first: 0,
      steps: (number) => [{ does: 'counts', to: number + 1, isTrouble: false }],
      always: {},
      reachable: {},
    }
    assert.throws(() => explore(endless, 1000), RangeError)
  })
})
