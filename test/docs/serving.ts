import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** A program that serves its app, as a process of its own. */
export interface Serving {
  readonly url: string
  stop(): Promise<void>
}

/** Runs `node FILE` in a folder, on a free port, and waits until it says its address. */
export async function serving(
  file: string,
  folder: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Serving> {
  const child = spawn(process.execPath, ['--conditions=dewar-source', file], {
    cwd: folder,
    env: { ...process.env, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const exited = once(child, 'exit')
  const said = await Promise.race([once(child.stdout, 'data'), exited])
  const url = /^listening on (\S+)\n/.exec(String(said[0]))?.[1]
  assert.ok(url, `${file} said ${said[0]}`)
  return {
    url,
    async stop() {
      child.kill()
      await exited
    },
  }
}
