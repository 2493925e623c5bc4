/**
 * Another process on one SQLite file: does what the lines on its standard input say, and answers each with a line.
 * Ends with its standard input. `workers.ts` starts it.
 */
import { writeSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import { DewarError } from '../../src/errors/dewar-error.ts'
import { sqlite } from '../../src/sqlite.ts'
import { append, completion, newId, now, withItem } from './stage.ts'
import { isUnavailable } from './unavailable.ts'
import type { Order } from './workers.ts'

let path = process.argv[2] ?? ''
let store = sqlite(path)
let own: DatabaseSync | null = null

for await (const line of createInterface(process.stdin)) void obey(JSON.parse(line))

async function obey({ id, order }: { id: number; order: Order }): Promise<void> {
  try {
    answer({ id, result: (await follow(order)) ?? null })
  } catch (error) {
    const code = error instanceof DewarError ? error.code : 'none'
    const cause = error instanceof Error ? error.cause : null
    const errcode = cause instanceof Error && 'errcode' in cause ? cause.errcode : null
    answer({ id, error: { code, message: error instanceof Error ? error.message : String(error), errcode } })
  }
}

async function follow(order: Order): Promise<unknown> {
  switch (order.kind) {
    case 'open':
      await store.close()
      path = order.path
      store = sqlite(path)
      return store.prepare()
    case 'call': {
      const method = store[order.method] as (...given: unknown[]) => Promise<unknown> // `Remote` sends what it takes
      return method.apply(store, [...order.given])
    }
    case 'sql':
      own ??= new DatabaseSync(path)
      return own.exec(order.sql)
    case 'append':
      for (const item of order.items) await append(store, { family: order.family, item })
      return null
    case 'submit':
      return submit(order.family)
    case 'crowd':
      return Promise.all(Array.from({ length: order.inFlight }, noteOn))
    case 'transact': {
      const once = completion(order.key, { answer: order.note })
      return store.transact({ family: order.family, nowSeconds: now, once }, (tx, session) => {
        if (session === null) return null
        tx.prepare('INSERT INTO notes VALUES (?)').run(order.note)
        return { session: { kind: 'update', row: withItem(session, order.note) } }
      })
    }
  }
}

/** Submits again and again, and tells each time that it is done: without end. */
async function submit(family: string): Promise<never> {
  for (;;) {
    const key = newId()
    const once = { kind: 'complete', ...completion(key, { answer: key }) } as const
    const outcome = await append(store, { family, item: key, once }).catch(lockedOut)
    if (outcome?.kind === 'committed') answer({ id: 0, result: key })
  }
}

/** Writes notes in transactions, each with a submission, and tells each time that it is done: without end. */
async function noteOn(): Promise<never> {
  for (;;) {
    const key = newId()
    const outcome = await store
      .transact({ family: newId(), nowSeconds: now, once: completion(key) }, (tx) => {
        tx.prepare('INSERT INTO notes VALUES (?)').run(key)
        return { answer: key }
      })
      .catch(lockedOut)
    if (outcome?.kind === 'committed') answer({ id: 0, result: key })
  }
}

// Another process may have the lock whenever this one looks, on a slow disk for longer than it is waited for.
function lockedOut(error: unknown): null {
  if (isUnavailable(error)) return null
  throw error
}

// At once: what is told has arrived, even if the process is killed in the next moment.
function answer(line: unknown): void {
  writeSync(1, `${JSON.stringify(line)}\n`)
}
