import { type ChildProcess, fork } from 'node:child_process'
import type { Socket } from 'node:net'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isTold, type Order, type Report } from './dev-told.ts'
import { lineOf } from './failure.ts'

/** How a process ended. */
export interface DevEnd {
  /** As a sentence: `The app ended its process with code 3.` */
  readonly sentence: string
}

/** What came of loading an app: it is served, or its failure is; or the process ended. */
export type Outcome =
  | { readonly kind: 'serving' }
  | { readonly kind: 'failed'; readonly sentence: string }
  | { readonly kind: 'ended'; readonly sentence: string }

// `dev-child.ts`, or what it was compiled to.
const program = fileURLToPath(new URL(`dev-child${extname(import.meta.url)}`, import.meta.url))

/** How long a process may take to stop, over the time that it is given, in milliseconds. What runs then is in a loop. */
const overtimeMs = 500

/** A process that has an app, or is there to get one: all that takes time before that is done then. */
export class DevRun {
  readonly outcome: Promise<Outcome>
  readonly ended: Promise<DevEnd>
  readonly #process: ChildProcess

  /** `hear` gets what it tells of the files that it loads. */
  constructor(env: NodeJS.ProcessEnv, hear: (report: Report, run: DevRun) => void) {
    this.#process = fork(program, [], { env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    this.ended = endOf(this.#process)
    this.outcome = new Promise((resolve) => {
      this.#process.on('message', (message: unknown) => {
        if (!isTold(message)) return
        if (message.dewar !== 'serving')
          hear(message as Report, this) // it sends nothing else
        else resolve(message.failure === null ? { kind: 'serving' } : { kind: 'failed', sentence: message.failure })
      })
      void this.ended.then(({ sentence }) => resolve({ kind: 'ended', sentence }))
    })
  }

  tell(order: Order): void {
    if (this.#process.connected) this.#process.send(order, () => {}) // whoever ends hears nothing more
  }

  /** Hands it a connection, for good. */
  hand(connection: Socket): void {
    const order: Order = { dewar: 'connection' }
    if (!this.#process.connected) connection.destroy()
    else if (!connection.destroyed) this.#process.send(order, connection, {}, () => {})
  }

  /** Lets it finish the requests that run, for so long; then it is ended. */
  async stop(graceSeconds: number): Promise<void> {
    this.tell({ dewar: 'stop', graceSeconds })
    const patience = setTimeout(() => this.kill(), graceSeconds * 1000 + overtimeMs)
    await this.ended
    clearTimeout(patience)
  }

  /** Ends it at once. */
  kill(): void {
    this.#process.kill('SIGKILL')
  }
}

function endOf(child: ChildProcess): Promise<DevEnd> {
  return new Promise((resolve) => {
    child.on('error', (error) => {
      if (child.pid === undefined) resolve({ sentence: `The app got no process: ${lineOf(error)}` })
    })
    child.on('exit', (code, signal) => {
      resolve({ sentence: `The app ended its process ${signal === null ? `with code ${code}` : `by ${signal}`}.` })
    })
  })
}
