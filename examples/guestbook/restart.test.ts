import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('main.ts', import.meta.url))

async function start(file: string): Promise<{ url: string; stop(): Promise<void> }> {
  const secret = 'x8Vn2QeP4mZt7KcR1yWd9LbJ5hGs3fUa'
  const server = spawn(process.execPath, ['--conditions=dewar-source', main], {
    env: { ...process.env, PORT: '0', GUESTBOOK_FILE: file, DEWAR_SECRET: secret },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
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
  const post = (url: string, body: string, cookie = ''): Promise<Response> => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin', cookie }
    return fetch(url, { method: 'POST', body, headers, redirect: 'manual' })
  }
  const signIn = await post(first.url, 'name=Ada')
  const cookie = signIn.headers.getSetCookie()[0]?.split(';')[0] ?? assert.fail('no cookie')
  assert.match(cookie, /^session=[\w-]{22}\.[\w-]{32}$/)
  await post(`${first.url}/book`, 'message=Still+here', cookie)
  await first.stop()

  const second = await start(join(folder, 'book.db'))
  const page = await (await fetch(`${second.url}/book`, { headers: { cookie } })).text()
  assert.match(page, /Still here/)
  assert.match(page, /Ada/)
  await second.stop()
  await rm(folder, { recursive: true })
})
