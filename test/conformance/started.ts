import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The conformance app in a process of its own. */
export interface Started {
  readonly url: string
  readonly port: number
  readonly pid: number
  /** Where its uploads go. */
  readonly uploadFolder: string
  /** What it has written to stderr since it was last asked. */
  takeLog(): string
  /** Sends SIGTERM and gives the exit code; `null` if a signal ended it. The folder for uploads is removed. */
  stop(): Promise<number | null>
}

const program = join(import.meta.dirname, 'app.ts')

/** Variables for a start that needs nothing else: a free port, sealed cookies, production. */
export const plainVariables: Readonly<Record<string, string>> = {
  PORT: '0',
  DEWAR_SECRET: 'x8Vn2QeP4mZt7KcR1yWd9LbJ5hGs3fUa',
  DEWAR_STORE: 'cookie:',
  DEWAR_ENV: 'production',
}

/** Starts the conformance app as `node test/conformance/app.ts` does, and waits until it listens. */
export async function startApp(variables: Readonly<Record<string, string>> = {}): Promise<Started> {
  const ownFolder = mkdtempSync(join(tmpdir(), 'dewar-conformance-'))
  const uploadFolder = variables.UPLOAD_DIR ?? ownFolder
  const child = spawn(process.execPath, [program], {
    env: { PATH: process.env.PATH, ...plainVariables, UPLOAD_DIR: uploadFolder, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = once(child, 'exit')
  let log = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text
  })
  const [line] = await Promise.race([once(child.stdout, 'data'), exited.then(() => [log])])
  const url = /^listening on (http:\/\/127\.0\.0\.1:(\d+))\n$/.exec(String(line))
  assert.ok(url?.[1] !== undefined && child.pid !== undefined, String(line))
  return {
    url: url[1],
    port: Number(url[2]),
    pid: child.pid,
    uploadFolder,
    takeLog() {
      const taken = log
      log = ''
      return taken
    },
    async stop() {
      child.kill('SIGTERM')
      const [code] = await exited
      rmSync(ownFolder, { recursive: true, force: true })
      return code
    },
  }
}

/** Starts the conformance app with variables with which it does not start, and gives its exit code and what it said. */
export async function startInVain(variables: NodeJS.ProcessEnv): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, [program], { env: { PATH: process.env.PATH, ...variables } })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000)
  const [code] = await once(child, 'close')
  clearTimeout(timer)
  return { code, said }
}
