import { spawn } from 'node:child_process'
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
  readonly folder: string = mkdtempSync(join(tmpdir(), 'dewar-cli-'))

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

  remove(): void {
    rmSync(this.folder, { recursive: true })
  }
}

type Environment = Readonly<Record<string, string | undefined>>

/** Runs `dewar` in a folder, as a process of its own, until it ends. */
export function dewar(
  words: readonly string[],
  { folder, env = {}, input }: { readonly folder: string; readonly env?: Environment; readonly input?: string },
): Promise<Ran> {
  const all = { ...process.env, DEWAR_SECRET: secret, DEWAR_ENV: 'production', NODE_NO_WARNINGS: '1', ...env }
  const args = ['--conditions=dewar-source', bin, ...words]
  const child = spawn(process.execPath, args, { cwd: folder, env: all, stdio: ['pipe', 'pipe', 'pipe'] })
  child.stdin.end(input)
  const [out, err] = [textOf(child.stdout), textOf(child.stderr)]
  return new Promise((resolve) => {
    child.on('close', (code) => resolve({ code, out: out(), err: err() }))
  })
}

function textOf(stream: NodeJS.ReadableStream): () => string {
  let text = ''
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  return () => text
}
