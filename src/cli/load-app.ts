import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { type AnyDewar, Dewar } from '../app/dewar.ts'
import { isAnyServed } from '../node/served-apps.ts'
import { lineOf, Refused } from './failure.ts'

/** How long an app may take to be imported, in seconds: one that waits for a server that is away waits for ever. */
const loadSeconds = 10

/** Why a module could not be imported, with the place in it, if anything tells. */
export class NotLoaded extends Refused {
  readonly place: Place | null

  constructor(sentence: string, place: Place | null, options: ErrorOptions) {
    super(sentence, options)
    this.place = place
  }
}

/** A line of a file. */
export interface Place {
  readonly path: string
  readonly line: number
}

/** The app that a module exports as its default. Rejects with `Refused`, in a sentence that names the file. */
export async function loadApp(file: string): Promise<AnyDewar> {
  const path = resolve(file)
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) throw new Refused(`There is no file ${file}.`)
  const { default: app } = await inTime(file, importIt(path)).catch((error: unknown) => {
    throw isAnyServed() && isListening(error) ? servesItself(file) : error
  })
  if (app instanceof Dewar) return app
  if (isOfAnother(app)) {
    throw new Refused(`${file} uses another copy of dewar than this command. Run the one that it uses: npx dewar.`)
  }
  if (isAnyServed()) {
    throw new Refused(`${file} serves its app itself and exports none. Name the module that has: export default app`)
  }
  throw new Refused(`${file} has no default export that is a Dewar app. Write: export default app`)
}

/** What is said of a file that calls `serve` on the app that it exports. */
export function servesItself(file: string): Refused {
  return new Refused(`${file} serves its app itself. Take serve(app) out of it, or run it without dewar: node ${file}`)
}

// The port that it wants is mostly the one of this command.  listen(2)
function isListening(error: unknown): boolean {
  const cause = error instanceof NotLoaded ? error.cause : null
  return cause instanceof Error && 'syscall' in cause && cause.syscall === 'listen'
}

// What `form` refuses in a schema lies deep below the line of the app that calls it: Node keeps ten calls.
const mostCalls = 50

async function importIt(path: string): Promise<{ readonly default?: unknown }> {
  const usual = Error.stackTraceLimit
  Error.stackTraceLimit = mostCalls
  try {
    return await import(pathToFileURL(path).href)
  } catch (error) {
    const place = placeOf(path, error)
    throw new NotLoaded(explain(path, error, place), place, { cause: error })
  } finally {
    if (Error.stackTraceLimit === mostCalls) Error.stackTraceLimit = usual // an app may have set its own
  }
}

async function inTime<Result>(file: string, loading: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<never>((_resolve, reject) => {
    const sentence = `${file} is still loading after ${loadSeconds} seconds. Does it wait for a server that is away?`
    timer = setTimeout(() => reject(new Refused(sentence)), loadSeconds * 1000)
  })
  try {
    return await Promise.race([loading, over])
  } finally {
    clearTimeout(timer)
  }
}

function isOfAnother(app: unknown): boolean {
  return typeof app === 'object' && app !== null && app.constructor.name === Dewar.name
}

function explain(path: string, error: unknown, place: Place | null): string {
  if (error instanceof Error && 'code' in error && error.code === 'ERR_UNKNOWN_FILE_EXTENSION') {
    return `Node ${process.version} does not run ${shown(path)} as it is: TypeScript needs Node 22.18 or newer.`
  }
  const where = place === null ? shown(path) : `${shown(place.path)}:${place.line}`
  return `${where}: ${lineOf(error)}${isTakenForCommonJs(error) ? '. Write "type": "module" into package.json.' : ''}`
}

// As `npm init -y` leaves it: package.json says that its modules are CommonJS.  nodejs.org/api/packages.html#type
function isTakenForCommonJs(error: unknown): boolean {
  return error instanceof SyntaxError && error.message === 'Cannot use import statement outside a module'
}

// A stack begins with the place of a syntax error, `/app.ts:3`, and has the calls after it, `at f (file:///app.ts:3:5)`.
// Where Node keeps the place of a syntax error to itself, checking the file shows it.
function placeOf(path: string, error: unknown): Place | null {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  const first = firstLine.exec(stack)
  if (first !== null) return placeAt(first)
  const calls = [...stack.matchAll(call)].find(([text]) => !text.includes('/node_modules/') && !text.includes(own))
  if (calls !== undefined) return placeAt(calls)
  if (!(error instanceof SyntaxError)) return null
  const checked = firstLine.exec(spawnSync(process.execPath, ['--check', path], { encoding: 'utf8' }).stderr)
  return checked && placeAt(checked)
}

const firstLine = /^(?:file:\/\/)?([^\s].*?):(\d+)\r?\n/
const call = /^ +at .*?(file:\/\/[^\s)]+?):(\d+):\d+\)?$/gm
const own = new URL('..', import.meta.url).href

function placeAt([, where = '', line = '']: readonly string[]): Place {
  return { path: where.startsWith('file:') ? fileURLToPath(where) : where, line: Number(line) }
}

function shown(path: string): string {
  const below = relative('', path)
  return below.startsWith('..') ? path : below
}
