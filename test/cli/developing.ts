import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { type IncomingHttpHeaders, request } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { bin, Desk, type Ran, secret } from './dewar.ts'

type Headers = Readonly<Record<string, string>>
type Environment = Readonly<Record<string, string | undefined>>

/** A desk on which apps are developed. */
export class DevDesk extends Desk {
  readonly #begun: ChildProcess[] = []

  /** Runs `dewar dev` with these words on a free port, and waits until it has said where. */
  async dev(words: readonly string[], env: Environment = {}): Promise<Developing> {
    const all = { ...process.env, DEWAR_SECRET: secret, DEWAR_ENV: undefined, NODE_ENV: undefined }
    const where = words.includes('--port') ? [] : ['--port', '0']
    const args = ['--conditions=dewar-source', bin, 'dev', ...words, ...where]
    const child = spawn(process.execPath, args, {
      cwd: this.folder,
      env: { ...all, NODE_NO_WARNINGS: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#begun.push(child)
    const developing = new Developing(child)
    await developing.begun
    return developing
  }

  override remove(): void {
    for (const child of this.#begun) child.kill('SIGKILL') // its processes end with it
    super.remove()
  }
}

/** A run of `dewar dev`. */
export class Developing {
  readonly process: ChildProcess
  /** Rejects if it ends before it has said where it listens. */
  readonly begun: Promise<void>
  readonly ended: Promise<Ran>
  #out = ''
  #err = ''

  constructor(child: ChildProcess) {
    this.process = child
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#out += text
    })
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#err += text
    })
    this.ended = new Promise((resolve) => {
      child.on('close', (code) => resolve({ code, out: this.#out, err: this.#err }))
    })
    const over = this.ended.then(({ err }) => Promise.reject(new Error(`dewar dev ended: ${err}`)))
    this.begun = Promise.race([until(() => this.url !== ''), over])
    over.catch(() => {}) // it ends some time
  }

  /** What it has said on stdout until now. */
  get out(): string {
    return this.#out
  }

  /** What it has said on stderr until now. */
  get err(): string {
    return this.#err
  }

  /** Its address, without a slash at the end. */
  get url(): string {
    return /app +(http:\S+).*\n/.exec(this.#out)?.[1] ?? ''
  }

  /** The text of a page. */
  async page(path = '/', headers: Headers = {}): Promise<string> {
    return (await this.ask(path, headers)).text
  }

  /** Asks for a page, on a connection of its own. */
  ask(path = '/', headers: Headers = {}): Promise<Answer> {
    return ask(`${this.url}${path}`, headers)
  }

  /** Waits until a page has a text; gives the page. */
  async until(text: string, path = '/', headers: Headers = {}): Promise<string> {
    let page = ''
    await until(async () => {
      page = await this.page(path, headers)
      return page.includes(text)
    })
    return page
  }

  /** The processes that it has started and that run, by their ids. */
  get processes(): readonly number[] {
    return childrenOf(this.process.pid ?? 0)
  }

  /** Waits until the next change would find a process that is ready for it: there are two, and neither works. */
  async untilSpare(): Promise<void> {
    await until(() => this.processes.length === 2)
    for (let before = -1; ; ) {
      const ticks = this.processes.map(ticksOf).reduce((sum, each) => sum + each, 0)
      if (ticks === before) return
      before = ticks
      await wait(400)
    }
  }
}

/** An answer, whole. */
export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

/** Asks on a connection of its own. Rejects if no answer comes whole, and after 20 silent seconds. */
export function ask(url: string, headers: Headers = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers, agent: false, timeout: 20_000 }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (part: string) => {
        text += part
      })
      answer.on('error', reject)
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }))
    })
    sent.on('error', reject).on('timeout', () => sent.destroy(new Error(`${url} does not answer`)))
    sent.end()
  })
}

/** Whether a process runs. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Waits until something is true; rejects after 15 seconds. */
export async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 15_000
  while (!(await isTrue())) {
    if (performance.now() > end) throw new Error(`It did not come true: ${isTrue}`)
    await wait(10)
  }
}

// The parent is the fourth. proc_pid_stat(5)
function childrenOf(parent: number): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(statOf(name)[3]) === parent)
    .map(Number)
}

/** How long a process has worked, in ticks of the system. The fourteenth is its own time, the next the system's. */
function ticksOf(pid: number): number {
  const stat = statOf(`${pid}`)
  return Number(stat[13] ?? 0) + Number(stat[14] ?? 0)
}

// The name, which is the second, may hold anything.
function statOf(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/\(.*\)/s, '-')
      .split(' ')
  } catch {
    return [] // it has ended meanwhile
  }
}
