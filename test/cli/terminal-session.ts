import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { bin, Desk, secret } from './dewar.ts'

/** Somebody at a terminal, in a folder with some apps. */
export interface TerminalSession {
  /**
   * Types a command, and gives all that it says. `stopAfter` is the line after which it gets Ctrl-C; empty for when it
   * serves and has nothing more to say, and `null` for one that ends by itself.
   */
  type(line: string, how: { readonly stopAfter: string | null }): Promise<string>
  close(): Promise<void>
}

/** What the modules of the folder are. */
const files: Readonly<Record<string, string>> = {
  'app.ts': `import { Dewar, redirect } from 'dewar'
import { sqlite } from 'dewar/sqlite'

const app = new Dewar({ store: sqlite('app.db') })
app.get('/', ({ session }) => ({ user: session.user }))
app.post('/sign-in/:name', ({ params, session }) => {
  session.login(params.name)
  return redirect('/')
})

export default app
`,
  'plain.ts': `import { Dewar } from 'dewar'\n\nexport default new Dewar()\n`,
  'empty.ts': `export const app = 'not the default'\n`,
  'number.ts': `export default 7\n`,
  'typo.ts': `import { Dewar } from 'dewar'\n\nconst app = new Dewar(\n\nexport default app\n`,
  'throws.ts': `import { Dewar } from 'dewar'\n\nthrow new Error('no kettle')\n\nexport default new Dewar()\n`,
  'lost.ts': `import { kettle } from './kettle.ts'\n\nexport default kettle\n`,
  'serving.ts': `import { Dewar } from 'dewar'
import { serve } from 'dewar/node'

const app = new Dewar()
await serve(app, { port: 0, quiet: true })

export default app
`,
}

/** Opens one. The port that `$BUSY` names is taken, and the cookie that \`$COOKIE\` names is of a session of app.ts. */
export async function openTerminal(): Promise<TerminalSession> {
  const desk = new Desk()
  for (const [name, text] of Object.entries(files)) desk.write(name, text)
  const busy = createServer().listen(0, '127.0.0.1')
  await once(busy, 'listening')
  const port = String((busy.address() as AddressInfo).port) // it listens on a port
  const names = new Map([['$BUSY', port]])
  return {
    async type(line, { stopAfter }) {
      const given = [...names].reduce((text, [name, value]) => text.replaceAll(name, value), line)
      const withoutChance = (text: string): string => plain(text, { folder: desk.folder, port })
      return withoutChance(await run(given, { folder: desk.folder, stopAfter, withoutChance }))
    },
    async close() {
      busy.close()
      desk.remove()
    },
  }
}

interface Where {
  readonly folder: string
  readonly stopAfter: string | null
  /** A text as it is recorded. */
  readonly withoutChance: (text: string) => string
}

// `NAME=value dewar WORDS`, and nothing else of what a shell can do.
async function run(line: string, { folder, stopAfter, withoutChance }: Where): Promise<string> {
  const words = line.split(' ')
  const start = words.indexOf('dewar')
  const own = words.slice(0, start).map((word) => word.split('=', 2) as [string, string]) // each has an equals sign
  const { NO_COLOR: _, FORCE_COLOR: __, PORT: ___, HOST: ____, NODE_ENV: _____, ...rest } = process.env
  const env = { ...rest, DEWAR_SECRET: secret, DEWAR_ENV: '', NODE_NO_WARNINGS: '1', ...Object.fromEntries(own) }
  const args = ['--conditions=dewar-source', bin, ...words.slice(start + 1)]
  const child = spawn(process.execPath, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const timer = setTimeout(() => child.kill('SIGKILL'), 60_000)
  let said = ''
  let stopping: NodeJS.Timeout | undefined
  const stop = (): void => {
    said += '^C\n'
    child.kill('SIGINT')
  }
  const onText = (chunk: string): void => {
    said += chunk
    if (stopAfter === null || said.includes('^C\n') || !isServing.test(said)) return
    clearTimeout(stopping)
    if (stopAfter !== '' && `\n${withoutChance(said)}`.includes(`\n${stopAfter}\n`)) stop()
    else stopping = setTimeout(stop, stopAfter === '' ? 4_000 : 30_000) // the recorded line may still come
  }
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', onText)
  const [code] = await once(child, 'close')
  clearTimeout(timer)
  return code === 0 ? said : `${said}[exit ${code}]\n`
}

const isServing = /http:\/\/127\.0\.0\.1:\d+.*\n/

function plain(text: string, { folder, port }: { readonly folder: string; readonly port: string }): string {
  return text
    .replaceAll(folder, '~')
    .replaceAll(port, '$BUSY')
    .replace(/127\.0\.0\.1([: ](?:port )?)\d{2,5}\b/g, '127.0.0.1$1PORT')
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, 'TIME')
    .replace(/"pid":\d+/g, '"pid":PID')
    .replace(/\bv\d+\.\d+\.\d+\b/g, 'vNODE')
    .replace(/(?<![\w-])[\w-]{43}(?![\w-])/g, 'SECRET')
}
