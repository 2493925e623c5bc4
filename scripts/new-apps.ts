/** The part of `npm run tarball` that makes apps with `dewar new`, as a user does, and runs their scripts. */
import assert from 'node:assert/strict'
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, renameSync } from 'node:fs'
import { delimiter, join, relative } from 'node:path'
import { turnLoop } from './turn-loop.ts'

/** Makes an app from each template in a folder, and installs, compiles, tests and serves it. */
export async function checkNewApps(tarball: string, folder: string): Promise<void> {
  mkdirSync(folder)
  npm(folder, 'install', ...quick, relative(folder, tarball))
  const modules: string[] = []
  for (const [name, make] of Object.entries(ways(tarball, folder))) {
    make()
    const app = join(folder, name)
    // What the one before has installed is what this one wants: npm has little to do.
    const [last] = modules.splice(0, 1, join(app, 'node_modules'))
    if (last !== undefined) renameSync(last, join(app, 'node_modules'))
    npm(app, 'install', ...quick)
    npm(app, 'run', 'check')
    npm(app, 'test')
    await serves(app, 'start')
    await serves(app, 'dev', (url) => turnLoop(url, name))
  }
}

const quick = ['--prefer-offline', '--no-audit', '--no-fund'] as const

/** Each app by its name, and how it is made: by an installed dewar, and by one that is fetched to be run once. */
function ways(tarball: string, folder: string): Readonly<Record<string, () => void>> {
  const fetched = ['--yes', `--cache=${join(folder, 'cache')}`, `--package=${tarball}`]
  return {
    notes: () => npx(folder, 'dewar', 'new', 'notes'),
    club: () => npx(folder, ...fetched, 'dewar', 'new', 'club', '--template', 'login'),
    shop: () => npx(folder, 'dewar', 'new', 'shop', '--template', 'checkout'),
  }
}

/** Runs a script of an app that serves it, asks for its first page, uses it, and stops it. */
async function serves(
  app: string,
  script: string,
  use: (url: string) => Promise<void> = async () => {},
): Promise<void> {
  assert.ok(existsSync(join(app, '.env')), 'its secret is where it is looked for')
  const env = { ...userEnvironment(), PORT: '0' }
  // In a group of its own, which gets the signal, as from a terminal: npm alone does not pass it on.
  const child = spawn('npm', ['run', script], { cwd: app, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  const group = -(child.pid ?? assert.fail('npm cannot be started'))
  const closed = once(child, 'close', { signal: AbortSignal.timeout(60_000) }) // the last process of it has ended
  try {
    const url = await addressOf(child)
    const page = await fetch(url)
    assert.equal(page.status, 200)
    assert.match(await page.text(), /^<!DOCTYPE html>/)
    await use(url)
    process.kill(group, 'SIGTERM')
    await closed
  } catch (error) {
    process.kill(group, 'SIGKILL')
    throw error
  }
}

/** The address that a server says first, wherever it says it. */
function addressOf(child: ChildProcess): Promise<string> {
  let said = ''
  return new Promise((resolve, reject) => {
    const onData = (chunk: Buffer): void => {
      said += chunk
      const url = /http:\/\/[\w.:]+/.exec(said)?.[0]
      if (url !== undefined) resolve(url)
    }
    child.stdout?.on('data', onData)
    child.stderr?.on('data', onData)
    child.once('close', () => reject(new Error(`It said no address: ${said}`)))
  })
}

function npm(folder: string, ...words: readonly string[]): void {
  execFileSync('npm', words, { cwd: folder, env: userEnvironment(), stdio: 'inherit' })
}

function npx(folder: string, ...words: readonly string[]): void {
  execFileSync('npx', words, { cwd: folder, env: userEnvironment(), stdio: 'inherit' })
}

// `npm run` has put the Node of this repository first, and said where it runs: a user has neither.
function userEnvironment(): NodeJS.ProcessEnv {
  const { PATH = '', npm_config_local_prefix: _, ...rest } = process.env
  const places = PATH.split(delimiter).filter((place) => !place.includes('node_modules'))
  return { ...rest, PATH: places.join(delimiter) }
}
