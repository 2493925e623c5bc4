import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { after } from 'node:test'

/** An app that is served by a process of its own. */
export interface Child {
  readonly process: ChildProcess
  readonly port: number
  readonly url: string
  /** The exit code and the signal, when it has ended. */
  readonly exited: Promise<unknown[]>
  /** The lines on stderr until now. */
  readonly errors: readonly string[]
}

/** Runs a program that has `app` and `serve` at hand, and ends with `await serve(app, …)`. Waits until it says its address. */
export async function startChild(program: string): Promise<Child> {
  const child = runChild(program)
  const [line] = await once(child.process.stdout as NonNullable<ChildProcess['stdout']>, 'data')
  const url = /^listening on (http:\/\/127\.0\.0\.1:(\d+))\n/.exec(String(line))
  assert.ok(url, String(line))
  return { ...child, url: url[1] ?? '', port: Number(url[2]) }
}

const children: ChildProcess[] = []

// Also when a test has failed before it ended its child.
after(() => children.forEach((child) => void child.kill('SIGKILL')))

/** The same, without waiting. */
export function runChild(program: string): Omit<Child, 'url' | 'port'> {
  const whole = `
    import { Dewar } from 'dewar'
    import { serve } from 'dewar/node'
    const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))
    const app = new Dewar()
    ${program}`
  const child = spawn(process.execPath, ['--conditions=dewar-source', '--input-type=module', '-e', whole], {
    env: { ...process.env, DEWAR_SECRET: 'x8Vn2QeP4mZt7KcR1yWd9LbJ5hGs3fUa', DEWAR_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.push(child)
  const errors: string[] = []
  child.stderr.setEncoding('utf8').on('data', (text: string) => errors.push(...text.split('\n').filter(Boolean)))
  return { process: child, exited: once(child, 'exit'), errors }
}
