import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { curlPath } from './needs.ts'

/** What curl got. */
export interface CurlAnswer {
  readonly status: number
  readonly body: string
  /** A header by its name in small letters. */
  header(name: string): string | undefined
}

/** Somebody with a cookie jar in a file, who says nothing of where a request comes from: no Origin, no Sec-Fetch-Site. */
export interface CurlVisitor {
  /** Asks for a path. Redirects are not followed. */
  get(path: string): Promise<CurlAnswer>
  /** Posts `name=value` texts to a path, each encoded. */
  post(path: string, ...fields: readonly string[]): Promise<CurlAnswer>
  /** The names in the cookie jar. */
  cookieNames(): Promise<string[]>
}

/** The guestbook in a process of its own, as `npm start` runs it. */
export interface ServedGuestbook {
  visitor(): CurlVisitor
  /** Ends the process by SIGTERM and gives its exit code. */
  stop(): Promise<number | null>
}

/** Starts the guestbook on a free port, and waits until it says its address. */
export async function startGuestbook(): Promise<ServedGuestbook> {
  const folder = await mkdtemp(join(tmpdir(), 'guestbook-'))
  const main = fileURLToPath(new URL('../../examples/guestbook/main.ts', import.meta.url))
  const server = spawn(process.execPath, ['--conditions=dewar-source', main], {
    env: { ...process.env, PORT: '0', HOST: '127.0.0.1' },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const url = await addressSaidBy(server)
  let visitors = 0
  return {
    visitor: () => curlVisitor(url, join(folder, `cookies-${++visitors}.txt`)),
    async stop() {
      server.kill('SIGTERM')
      if (server.exitCode === null) await once(server, 'exit')
      await rm(folder, { recursive: true })
      return server.exitCode
    },
  }
}

/** The hidden token in the form with this action, as a browser would send it; nothing if the form has none. */
export function tokenIn(page: string, action: string): string[] {
  const at = new RegExp(`<form method="post" action="${action}\\??"`)
  const [, form = ''] = page.split(at)
  const token = /name="_token" value="([^"]+)"/.exec(form.split('</form>')[0] ?? '')?.[1]
  return token === undefined ? [] : [`_token=${token}`]
}

const run = promisify(execFile)

function curlVisitor(url: string, jar: string): CurlVisitor {
  const curl = async (path: string, options: readonly string[]): Promise<CurlAnswer> => {
    const always = ['--silent', '--show-error', '--include', '--cookie', jar, '--cookie-jar', jar]
    const { stdout } = await run(curlPath, [...always, ...options, url + path])
    return readAnswer(stdout)
  }
  return {
    get: (path) => curl(path, []),
    post: (path, ...fields) =>
      curl(path, ['--request', 'POST', ...fields.flatMap((field) => ['--data-urlencode', field])]),
    async cookieNames() {
      const lines = (await readFile(jar, 'utf8')).split('\n').map((line) => line.split('\t'))
      return lines.flatMap(({ length, 5: name }) => (length === 7 && name !== undefined ? [name] : []))
    },
  }
}

function readAnswer(text: string): CurlAnswer {
  const end = text.indexOf('\r\n\r\n')
  const [first = '', ...lines] = text.slice(0, end).split('\r\n')
  return {
    status: Number(first.split(' ')[1]),
    body: text.slice(end + 4),
    header: (name) => lines.find((line) => line.toLowerCase().startsWith(`${name}: `))?.slice(name.length + 2),
  }
}

async function addressSaidBy({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error('The server has no output.')
  for await (const line of createInterface(stdout)) {
    const address = /http:\/\/\S+/.exec(line)?.[0]
    if (address !== undefined) return address
  }
  throw new Error('The server ended without saying its address.')
}
