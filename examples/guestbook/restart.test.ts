import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type Browser, browser } from 'dewar/testing'

const main = fileURLToPath(new URL('main.ts', import.meta.url))

// Also when a test fails before it stops them.
const started: ChildProcess[] = []
after(() => {
  for (const server of started) server.kill('SIGKILL')
})

async function start(file: string): Promise<{ url: string; stop(): Promise<void> }> {
  const secret = 'x8Vn2QeP4mZt7KcR1yWd9LbJ5hGs3fUa'
  const server = spawn(process.execPath, ['--conditions=dewar-source', main], {
    env: { ...process.env, PORT: '0', GUESTBOOK_FILE: file, DEWAR_SECRET: secret },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  started.push(server)
  const exited = once(server, 'exit')
  const [line] = await once(server.stdout, 'data')
  return {
    url: String(line).replace('listening on ', '').trim(),
    async stop() {
      server.kill()
      await exited
    },
  }
}

it('the guestbook knows its guest and has the message after it was stopped and started again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'guestbook-'))
  const first = await start(join(folder, 'book.db'))
  const guest = visitorOf(first.url)
  await (await guest.open('/')).fill({ name: 'Ada' }).submit('Sign in')
  await (await guest.open('/book')).fill({ message: 'Still here' }).submit('Leave message')
  const { value: cookie } = guest.cookies.get('session') ?? assert.fail('no cookie')
  assert.match(cookie, /^[\w-]{22}\.[\w-]{32}$/)
  await first.stop()

  const second = await start(join(folder, 'book.db'))
  const headers = { cookie: `session=${cookie}` }
  const page = await (await fetch(`${second.url}/book`, { headers })).text()
  assert.match(page, /Still here/)
  assert.match(page, /Ada/)
  await second.stop()
  await rm(folder, { recursive: true })
})

function visitorOf(origin: string): Browser {
  return browser({ fetch: (request) => fetch(request, { redirect: 'manual' }) }, { origin })
}
