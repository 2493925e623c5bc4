import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { type Answer, itemsOf, post } from './asking.ts'

/** What became of items that were appended while something happened. */
export interface Load {
  /** What the app has said is kept. */
  readonly told: readonly string[]
  /** The other answers. */
  readonly refused: readonly Answer[]
  /** To how many there was no answer at all. */
  readonly broken: number
}

let loads = 0

/** Has six clients append items to one session, at all processes by turns, until something is over. */
export async function appendWhile(
  origins: readonly string[],
  cookie: string,
  something: () => Promise<unknown>,
): Promise<Load> {
  const [told, refused]: [string[], Answer[]] = [[], []]
  const load = ++loads
  let broken = 0
  let isOver = false
  const appending = async (writer: number): Promise<void> => {
    for (let turn = 0; !isOver; turn++) {
      const item = `${load}-${writer}-${turn}`
      const answer = await post(`${origins[(writer + turn) % origins.length]}/append`, { item }, cookie).catch(
        () => null,
      )
      if (answer === null) broken += 1
      else if (answer.status === 303) told.push(item)
      else refused.push(answer)
      await pause(25)
    }
  }
  const writers = Array.from({ length: 6 }, (_, writer) => appending(writer))
  try {
    await something()
  } finally {
    isOver = true
  }
  await Promise.all(writers)
  return { told, refused, broken }
}

/** Of what the app has said is kept nothing is missing at any of its processes, and nothing is there twice. */
export async function assertKept(origins: readonly string[], cookie: string, { told }: Load): Promise<void> {
  assert.ok(told.length > 20, `${told.length} told`)
  for (const origin of origins) {
    const items = await itemsOf(origin, cookie)
    assert.equal(new Set(items).size, items.length, 'nothing is there twice')
    const there = new Set(items)
    assert.deepEqual(
      told.filter((item) => !there.has(item)),
      [],
    )
  }
}
