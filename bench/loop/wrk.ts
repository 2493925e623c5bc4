import { execFile, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { loadCore } from './server-process.ts'

export const connectionCount = 16

/** What one run of the load generator saw. */
export interface LoadReport {
  posts: number
  gets: number
  newCookies: number
  requests: number
  durationUs: number
  socketErrors: number
  statusErrors: number
  /** Answers that were not what the loop expects: a POST without 303, a page without the visitor's name. */
  mistakes: number
  firstMistake: string
}

/** `follow`: visitors send the cookie given last. `replay`: always the one made before the run. */
export type CookieUse = 'follow' | 'replay'

export interface Load {
  port: number
  /** Whole seconds, as wrk wants them. */
  seconds: number
  visitorsFile: string
  cookieUse: CookieUse
  /** Makes the posted names of this window differ from those of every other. */
  word: string
}

/** The version of wrk, or `undefined` when it is not installed. */
export function wrkVersion(): string | undefined {
  const run = spawnSync('wrk', ['--version'])
  return run.error === undefined ? /wrk \S+/.exec(run.stdout.toString())?.[0] : undefined
}

/** Turns the loop against a server. */
export function runLoad({ port, seconds, visitorsFile, cookieUse, word }: Load): Promise<LoadReport> {
  return runScript({ script: new URL('loop.lua', import.meta.url), port, seconds }, [visitorsFile, cookieUse, word])
}

/** A script of wrk that prints what `LoadReport` has, and the server to run it against. */
export interface Script {
  script: URL
  port: number
  /** Whole seconds, as wrk wants them. */
  seconds: number
}

/** Runs a script against a server: one connection per thread of wrk, all on `loadCore`. */
export async function runScript({ script, port, seconds }: Script, words: readonly string[]): Promise<LoadReport> {
  const count = String(connectionCount)
  const target = ['-s', fileURLToPath(script), `http://127.0.0.1:${port}`]
  const wrk = ['wrk', '-t', count, '-c', count, '-d', `${seconds}s`, ...target]
  const output = await new Promise<string>((resolve, reject) => {
    const command = ['-c', String(loadCore), ...wrk, '--', ...words]
    const env = { ...process.env, LOOP_THREADS: count }
    execFile('taskset', command, { env }, (error, stdout) => (error === null ? resolve(stdout) : reject(error)))
  })
  const line = /^LOOP (.*)$/m.exec(output)?.[1]
  if (line === undefined) throw new Error(`wrk gave no figures: ${output.slice(0, 500)}`)
  // Proof: printed by `done` in the script, with exactly these fields.
  return JSON.parse(line) as LoadReport
}
