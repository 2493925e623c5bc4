import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'

/** A server as a process of its own, and those that it has made. It dies with this process, whatever happens. */
export class ServerProcess {
  readonly #child: ChildProcess
  #said = ''
  readonly #kill = (): void => this.signal('SIGKILL')

  constructor(command: string, args: readonly string[]) {
    this.#child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (chunk) => {
        this.#said = (this.#said + chunk).slice(-10_000)
      })
    }
    process.on('exit', this.#kill)
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** Asks until the answer is yes. Throws with what the server said if it is not within 20 seconds. */
  async until(isReady: () => Promise<boolean>): Promise<void> {
    const untilMs = performance.now() + 20_000
    while (!(await isReady())) {
      if (!this.isRunning || performance.now() > untilMs) throw new Error(`A server did not start:\n${this.#said}`)
      await pause(20)
    }
  }

  /** Sends a signal to the process and to all that it has made, by their ids. */
  signal(signal: NodeJS.Signals): void {
    const { pid } = this.#child
    if (pid === undefined || !this.isRunning) return
    for (const each of [pid, ...childrenOf(pid)]) {
      try {
        process.kill(each, signal)
      } catch {
        // It has ended by itself.
      }
    }
  }

  /** Ends it with a signal to the first process, or with SIGKILL to all if it is still there after 5 seconds. */
  async end(signal: NodeJS.Signals): Promise<void> {
    if (this.isRunning) {
      const ended = once(this.#child, 'exit')
      const timer = setTimeout(this.#kill, 5000)
      if (signal === 'SIGKILL') this.signal(signal)
      else {
        this.signal('SIGCONT')
        this.#child.kill(signal)
      }
      await ended
      clearTimeout(timer)
    }
    process.off('exit', this.#kill)
  }
}

function childrenOf(pid: number): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && parentOf(name) === pid)
    .map(Number)
}

// The fields after the name of the program, which may hold anything, stand behind its last bracket.  proc(5), /proc/pid/stat
function parentOf(pid: string): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return 0
  }
}
