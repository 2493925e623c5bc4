import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'

/** Whom a server runs as. */
export interface User {
  readonly uid: number
  readonly gid: number
}

/** A server as a process of its own, and those that it has made. It dies with this process, whatever happens. */
export class ServerProcess {
  readonly #child: ChildProcess
  #said = ''
  readonly #kill = (): void => this.signal('SIGKILL')

  /** Starts it; as another user where one is given. */
  constructor(command: readonly string[], user: User | null = null) {
    // Linux ends it when this process is gone, even if that was killed.  setpriv(1), prctl(2) PR_SET_PDEATHSIG
    const args = ['--pdeathsig', 'KILL', ...asUser(user), ...command]
    this.#child = spawn('setpriv', args, { stdio: ['ignore', 'pipe', 'pipe'], cwd: '/' })
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
    const known = childrenOf(pid) // when it is killed they are nobody's children any more
    kill(pid, signal)
    const told = new Set<number>()
    // It may have made more while they were looked for.
    for (let found = known; found.length > 0; found = childrenOf(pid).filter((each) => !told.has(each))) {
      for (const each of found) {
        kill(each, signal)
        told.add(each)
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

/** The arguments of setpriv that run what follows as another user. */
export function asUser(user: User | null): readonly string[] {
  return user === null ? [] : [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups']
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It has ended by itself.
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
