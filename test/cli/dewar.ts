import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const bin: string = fileURLToPath(new URL('../../src/cli/bin.ts', import.meta.url))
const source = new URL('../../src/', import.meta.url).href

/** The secret of the apps on a desk. */
export const secret = 'x8Vn2QeP4mZt7KcR1yWd9LbJ5hGs3fUa'

/** What a run of the command line came to. */
export interface Ran {
  readonly code: number | null
  readonly out: string
  /** Without the warnings of Node. */
  readonly err: string
}

/** A folder for apps, in which `dewar` is run. */
export class Desk {
  readonly folder: string
  readonly #started: ChildProcess[] = []

  /** A folder of its own, unless there is one already. */
  constructor(folder: string = mkdtempSync(join(tmpdir(), 'dewar-cli-'))) {
    this.folder = folder
  }

  /** Writes a module. In it `dewar` and its doors are those of this repository. */
  write(file: string, text: string): void {
    const linked = text.replace(/'dewar(?:\/(\w+))?'/g, (_, door = 'index') => `'${source}${door}.ts'`)
    writeFileSync(join(this.folder, file), linked)
  }

  run(...words: string[]): Promise<Ran> {
    return dewar(words, { folder: this.folder })
  }

  /** Runs it with variables of its own; those that are `undefined` are not set. */
  runWith(env: Environment, ...words: string[]): Promise<Ran> {
    return dewar(words, { folder: this.folder, env })
  }

  /** Runs `dewar start` with these words on a free port, and waits until it listens. */
  async start(words: readonly string[], env: Environment = {}): Promise<Started> {
    const child = spawnDewar(['start', ...words, '--port', '0'], { folder: this.folder, env })
    this.#started.push(child)
    return startedAs(child)
  }

  /** Ends what was started here and still runs, and removes the folder. */
  remove(): void {
    for (const child of this.#started) child.kill('SIGKILL') // its workers end with it
    rmSync(this.folder, { recursive: true, maxRetries: 20 })
  }
}

/** A run of `dewar start` that goes on until it is told to stop. */
export interface Started {
  readonly process: ChildProcess
  readonly url: string
  /** What is on stderr until now. */
  readonly said: () => string
  /** The same, of lines of JSON. */
  readonly log: () => readonly Logged[]
  readonly ended: Promise<Ran>
}

/** A line of the log. */
export interface Logged {
  readonly level: string
  readonly event: string
  readonly [fact: string]: unknown
}

type Environment = Readonly<Record<string, string | undefined>>

interface Where {
  readonly folder: string
  readonly env?: Environment
  readonly input?: string
}

/** Runs `dewar` in a folder, as a process of its own, until it ends: for a minute at most. */
export function dewar(words: readonly string[], where: Where): Promise<Ran> {
  const child = spawnDewar(words, where)
  const timer = setTimeout(() => child.kill('SIGKILL'), 60_000)
  child.on('exit', () => clearTimeout(timer))
  return ranBy(child).ended
}

function spawnDewar(words: readonly string[], { folder, env = {}, input }: Where): ChildProcess {
  const all = { ...process.env, DEWAR_SECRET: secret, DEWAR_ENV: 'production', NODE_NO_WARNINGS: '1', ...env }
  const args = ['--conditions=dewar-source', bin, ...words]
  const child = spawn(process.execPath, args, { cwd: folder, env: all, stdio: ['pipe', 'pipe', 'pipe'] })
  child.stdin.end(input)
  return child
}

function ranBy(child: ChildProcess): { readonly err: () => string; readonly ended: Promise<Ran> } {
  const [out, err] = [textOf(child.stdout), textOf(child.stderr)]
  const ended = new Promise<Ran>((resolve) => {
    child.on('close', (code) => resolve({ code, out: out(), err: err() }))
  })
  return { err, ended }
}

async function startedAs(child: ChildProcess): Promise<Started> {
  const { err, ended } = ranBy(child)
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr?.on('data', () => {
      const found = /listening.*?(http:[^"\s]+)/.exec(err())?.[1]
      if (found !== undefined) resolve(found)
    })
    void ended.then(({ err }) => reject(new Error(`dewar start ended: ${err}`)))
  })
  const log = (): Logged[] =>
    err()
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line))
  return { process: child, url, said: err, log, ended }
}

function textOf(stream: NodeJS.ReadableStream | null): () => string {
  let text = ''
  stream?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  return () => text
}
