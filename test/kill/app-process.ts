import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

const program = join(import.meta.dirname, '../conformance/app.ts')

/** The conformance app on one port, in a process that is killed and started anew again and again. */
export class AppProcess {
  readonly origin: string
  readonly #variables: NodeJS.ProcessEnv
  #child: ChildProcess | null = null
  #isListening = false
  #hasAnswered = false
  #isStopping = false
  #said = ''
  #failedStarts = 0

  constructor(port: number, variables: Readonly<Record<string, string>>) {
    this.origin = `http://127.0.0.1:${port}`
    this.#variables = { PATH: process.env.PATH, PORT: `${port}`, ...variables }
  }

  /** Whether it has said that it listens. */
  get isListening(): boolean {
    return this.#isListening
  }

  /** Whether it has answered somebody since it was last started. */
  get isAtWork(): boolean {
    return this.#isListening && this.#hasAnswered
  }

  /** It has answered somebody. */
  noteAnswer(): void {
    this.#hasAnswered = this.#isListening
  }

  /** How often it ended by itself, which it should never do. */
  get failedStarts(): number {
    return this.#failedStarts
  }

  /** The last of what all its processes have written to stderr. */
  get said(): string {
    return this.#said
  }

  /** Starts it. Whenever it ends it is started anew on the same port, until it is stopped. */
  start(): void {
    // Linux ends it when this process is gone, even if that was killed.  setpriv(1), prctl(2) PR_SET_PDEATHSIG
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', process.execPath, program], {
      env: this.#variables,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child = child
    child.stdout.on('data', (line) => {
      if (String(line).startsWith('listening on ') && this.#child === child) this.#isListening = true
    })
    child.stderr.on('data', (text) => {
      this.#said = (this.#said + text).slice(-4000)
    })
    child.once('exit', (code) => {
      this.#isListening = false
      this.#hasAnswered = false
      this.#child = null
      if (this.#isStopping) return
      if (code !== null) this.#failedStarts += 1
      this.start()
    })
  }

  /** Ends it as a crash does, whatever it is doing, and starts it anew. */
  async kill(): Promise<void> {
    const child = this.#child
    if (child === null) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }

  /** Waits until it listens. Throws with what it said if it does not within a minute. */
  async untilListening(): Promise<void> {
    for (const untilMs = performance.now() + 60_000; !this.#isListening; await pause(5)) {
      if (performance.now() > untilMs) throw new Error(`The app does not listen on ${this.origin}:\n${this.#said}`)
    }
  }

  /** Ends it for good, as an operator does. Gives the exit code: 0 if it went in good order. */
  async stop(): Promise<number | null> {
    this.#isStopping = true
    const child = this.#child
    if (child === null) return null
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), 40_000)
    const [code] = await ended
    clearTimeout(timer)
    return code
  }
}
