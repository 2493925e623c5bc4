import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { DewarError } from '../../src/errors/dewar-error.ts'
import type { ErrorCode } from '../../src/errors/table.ts'
import type { Store } from '../../src/store/store.ts'

/** What a worker can be told to do. */
export type Order =
  | { readonly kind: 'open'; readonly path: string }
  | { readonly kind: 'call'; readonly method: keyof Omit<Store, 'name'>; readonly given: readonly unknown[] }
  | { readonly kind: 'sql'; readonly sql: string }
  | { readonly kind: 'append'; readonly family: string; readonly items: readonly string[] }
  | { readonly kind: 'submit'; readonly family: string }
  | { readonly kind: 'crowd'; readonly inFlight: number }
  | { readonly kind: 'transact'; readonly family: string; readonly key: string; readonly note: string }

/** A process of its own on an SQLite file. */
export interface Worker {
  /** The store in that process. */
  readonly store: Store
  readonly pid: number
  /** The keys of submissions that it has said are done. */
  readonly submitted: readonly string[]
  /** Has it do something, and gives what it answers; rejects with what was thrown there. */
  order(order: Order): Promise<unknown>
  /** Ends it, as it likes or by SIGKILL, and is done when it is gone. */
  end(how?: 'SIGKILL'): Promise<void>
}

interface Answer {
  readonly id: number
  readonly result?: unknown
  readonly error?: { readonly code: ErrorCode | 'none'; readonly message: string; readonly errcode: number | null }
}

/** Starts a process on a file; `before` are words of a command that runs it. Nothing is made before it is asked. */
export function startWorker(
  path: string,
  { before = [], uid }: { before?: readonly string[]; uid?: number } = {},
): Worker {
  const script = fileURLToPath(new URL('worker.ts', import.meta.url))
  const [command = '', ...words] = [...before, process.execPath, script, path]
  const child = spawn(command, words, { stdio: ['pipe', 'pipe', 'inherit'], ...(uid === undefined ? {} : { uid }) })
  const submitted: string[] = []
  const waiting = new Map<number, { resolve(result: unknown): void; reject(error: unknown): void }>()
  createInterface(child.stdout).on('line', (line) => {
    const { id, result, error }: Answer = JSON.parse(line)
    if (id === 0) submitted.push(String(result))
    else if (error === undefined) waiting.get(id)?.resolve(result)
    else waiting.get(id)?.reject(errorOf(error))
  })
  child.stdin.on('error', () => {}) // it was killed
  let last = 0
  const order = (given: Order): Promise<unknown> =>
    new Promise((resolve, reject) => {
      last += 1
      waiting.set(last, { resolve, reject })
      child.stdin.write(`${JSON.stringify({ id: last, order: given })}\n`)
    })
  return { store: remote(order), pid: child.pid ?? 0, submitted, order, end: (how) => end(child, how) }
}

async function end(child: ChildProcess, how?: 'SIGKILL'): Promise<void> {
  const exited = child.exitCode === null && child.signalCode === null ? once(child, 'close') : null
  if (how === undefined) child.stdin?.end()
  else child.kill(how)
  await exited
}

function errorOf({ code, message, errcode }: NonNullable<Answer['error']>): Error {
  const cause = Object.assign(new Error(message), { errcode })
  return code === 'none' ? cause : new DewarError(code, message, { cause })
}

/** A store in another process: what it is asked and what it answers is JSON. */
function remote(order: Worker['order']): Store {
  // The methods there give what the contract says, and all of it is JSON.
  const call =
    (method: keyof Omit<Store, 'name'>) =>
    (...given: readonly unknown[]): Promise<never> =>
      order({ kind: 'call', method, given }) as Promise<never>
  return {
    name: 'sqlite',
    prepare: call('prepare'),
    begin: call('begin'),
    commit: call('commit'),
    list: call('list'),
    revoke: call('revoke'),
    count: call('count'),
    sweep: call('sweep'),
    close: call('close'),
  }
}
