import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { adviceOn, cut } from '../app/tell.ts'
import { NoApp } from './dev-failure.ts'

/**
 * A page that shows an error with the lines of source that it came through, as HTML. `null` where `youch` is not
 * installed, which is then said once, and if it fails. It gets to see what was thrown, and nothing of the request.
 */
export async function errorPage(thrown: unknown): Promise<string | null> {
  const why = thrown instanceof NoApp ? thrown.cause : thrown
  if (thrown instanceof NoApp && why === undefined) return null // there is no source to show
  const Youch = await library()
  if (Youch === null) return null
  try {
    const youch = new Youch()
    youch.defineSourceLoader(async ({ fileName, fileType, type }) => {
      if (fileName === undefined || fileType !== 'fs' || type === 'native' || !isSource(fileName)) return undefined
      return { contents: await readFile(fileName, 'utf8').catch(() => '') }
    })
    const title = thrown instanceof NoApp ? thrown.message : 'This request has failed.'
    return await youch.toHTML(plainError(why, placeOf(thrown)), { title })
  } catch {
    return null // the page without source is there all the same
  }
}

type Youch = typeof import('youch')['Youch']
let loading: Promise<Youch | null> | undefined

function library(): Promise<Youch | null> {
  loading ??= import('youch').then(
    ({ Youch }) => Youch,
    () => {
      console.warn('To see the lines of source on error pages: npm install --save-dev youch')
      return null
    },
  )
  return loading
}

function isSource(path: string): boolean {
  return /^\.(?:[cm]?[jt]s|[jt]sx)$/.test(extname(path))
}

function placeOf(thrown: unknown): string | null {
  if (!(thrown instanceof NoApp) || thrown.place === null) return null
  return `    at ${thrown.place.path}:${thrown.place.line}:1`
}

const longest = { message: 4_000, line: 1_000 } as const
const mostFrames = 50
const mostCauses = 5

// The library shows whatever an error has, a request within it too, and takes some of it for HTML: it gets an error that
// has a name, a message and the places that it came through, and no more.
function plainError(thrown: unknown, place: string | null, depth = 0): Error {
  const { name, message, advice, stack, cause } = factsOf(thrown)
  const plain = new Error(cut(advice === null ? message : `${message}. ${advice}`, longest.message))
  plain.name = cut(name, longest.line)
  const frames = framesIn(stack, message)
  const file = place?.replace(/:1$/, ':')
  if (place !== null && file !== undefined && !frames[0]?.includes(file)) frames.unshift(place)
  plain.stack = [`${plain.name}: ${plain.message.split('\n', 1)[0]}`, ...frames].join('\n')
  if (cause !== undefined && depth < mostCauses) plain.cause = plainError(cause, null, depth + 1)
  return plain
}

interface Facts {
  readonly name: string
  readonly message: string
  readonly advice: string | null
  readonly stack: string
  readonly cause?: unknown
}

const unknown: Facts = { name: 'Thrown', message: 'a value that cannot be shown', advice: null, stack: '' }

function factsOf(thrown: unknown): Facts {
  try {
    if (!(thrown instanceof Error)) return { ...unknown, message: String(thrown) }
    const { name, message, stack, cause } = thrown
    return { name: String(name), message: String(message), advice: adviceOn(thrown), stack: String(stack ?? ''), cause }
  } catch {
    return unknown
  }
}

// Behind the message, in which a stranger may have written lines that look like these.
function framesIn(stack: string, message: string): string[] {
  const at = stack.indexOf(message)
  const behind = at === -1 ? stack : stack.slice(at + message.length)
  const frames = behind.split('\n').filter((line) => line.length <= longest.line && /^\s+at .*:\d+:\d+\)?$/.test(line))
  return frames.slice(0, mostFrames).map((line) => line.replace(/<anonymous>/g, 'anonymous').replace(/["'<>&]/g, '?'))
}
