import { type ChildProcess, fork } from 'node:child_process'
import type { Socket } from 'node:net'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stampOf } from './dev-stamp.ts'
import { isTold, type Order, type Report } from './dev-told.ts'
import { lineOf } from './failure.ts'

/** How a process ended. */
export interface DevEnd {
  /** As a sentence: `The app ended its process with code 3.` */
  readonly sentence: string
  /** Connections that were handed to it, and that it never had. Nothing of them was read. */
  readonly left: readonly Socket[]
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

/** How long an app may take to be imported, in seconds: a little more than where its process can still say so itself. */
const loadSeconds = 11

/** How a process is begun. */
export interface Beginning {
  readonly file: string
  readonly env: NodeJS.ProcessEnv
  readonly isFirst: boolean
}

/** A process that has an app, or is there to get one: all that takes time before that is done then. */
export class DevRun {
  readonly outcome: Promise<Outcome>
  readonly ended: Promise<DevEnd>
  readonly #file: string
  readonly #process: ChildProcess
  readonly #settle: (outcome: Outcome) => void
  readonly #handed = new Map<number, Socket>()
  /** What it has loaded before an app asks for it, with the stamps of that time. */
  readonly #ahead = new Map<string, string>()
  #count = 0
  #patience: NodeJS.Timeout | undefined

  /** `hear` gets what it tells of the files that it loads. */
  constructor({ file, env, isFirst }: Beginning, hear: (report: Report, run: DevRun) => void) {
    const quiet = isFirst ? [] : ['--disable-warning=ExperimentalWarning'] // it was said by the first one
    const execArgv = [...process.execArgv, ...quiet]
    this.#process = fork(program, [file], { env, execArgv, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    this.ended = endOf(this.#process).then((sentence) => ({ sentence, left: [...this.#handed.values()] }))
    const outcome = Promise.withResolvers<Outcome>()
    this.outcome = outcome.promise
    this.#settle = outcome.resolve
    this.#file = file
    this.#process.on('message', (message: unknown) => {
      if (isTold(message)) this.#note(message as Report, hear) // it sends nothing else
    })
    void this.ended.then(({ sentence }) => {
      clearTimeout(this.#patience)
      this.#settle({ kind: 'ended', sentence })
    })
  }

  /** Whether what it has loaded ahead is still there as it was: a package may have been installed since. */
  get isFresh(): boolean {
    return [...this.#ahead].every(([path, stamp]) => stampOf(path) === stamp)
  }

  tell(order: Order): void {
    if (this.#process.connected) this.#process.send(order, () => {}) // whoever ends hears nothing more
  }

  /**
   * Hands it a connection. It is kept open here until it says that it has it: the client of one that is on its way to
   * a process that dies would else wait for ever.
   */
  hand(connection: Socket): void {
    if (connection.destroyed) return
    this.#count += 1
    this.#handed.set(this.#count, connection)
    const order: Order = { dewar: 'connection', id: this.#count }
    if (this.#process.connected) this.#process.send(order, connection, { keepOpen: true }, () => {})
  }

  /** Lets it finish the requests that run, for so long; then it is ended. */
  async stop(graceSeconds: number): Promise<void> {
    this.tell({ dewar: 'stop', graceSeconds })
    const patience = setTimeout(() => this.kill(), graceSeconds * 1000 + overtimeMs)
    await this.ended
    clearTimeout(patience)
  }

  #note(report: Report, hear: (report: Report, run: DevRun) => void): void {
    switch (report.dewar) {
      case 'loading':
        this.#patience = setTimeout(() => this.#giveUp(), loadSeconds * 1000)
        return
      case 'loaded':
        clearTimeout(this.#patience)
        return
      case 'serving':
        this.#settle(outcomeOf(report.failure))
        return
      case 'taken':
        this.#letGo(report.id)
        return
      case 'ahead':
        this.#ahead.set(report.path, report.stamp)
        return
      case 'seen':
      case 'pure':
      case 'missing':
        hear(report, this)
    }
  }

  #giveUp(): void {
    const sentence = `${this.#file} is still loading after ${loadSeconds} seconds and lets nothing else run. Is it in an endless loop?`
    this.#settle({ kind: 'ended', sentence })
    this.kill()
  }

  #letGo(id: number): void {
    this.#handed.get(id)?.destroy() // this end of it alone
    this.#handed.delete(id)
  }

  /** Ends it at once. */
  kill(): void {
    this.#process.kill('SIGKILL')
  }
}

function outcomeOf(failure: string | null): Outcome {
  return failure === null ? { kind: 'serving' } : { kind: 'failed', sentence: failure }
}

/** How long the last words of a process are waited for when it is gone, in milliseconds. */
const lastWordsMs = 100

// Its last words may be read after its exit is known: `disconnect` is when all is read. It does not come where something
// was still on its way to the process.
function endOf(child: ChildProcess): Promise<string> {
  const disconnected = Promise.withResolvers<void>()
  child.once('disconnect', disconnected.resolve)
  return new Promise((resolve) => {
    child.on('error', (error) => {
      if (child.pid === undefined) resolve(`The app got no process: ${lineOf(error)}`)
    })
    child.on('exit', (code, signal) => {
      const how = signal === null ? `with code ${code}` : `by ${signal}`
      const patience = setTimeout(disconnected.resolve, lastWordsMs)
      void disconnected.promise
        .finally(() => clearTimeout(patience))
        .then(() => resolve(`The app ended its process ${how}.`))
    })
  })
}
