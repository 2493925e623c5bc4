import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { afterEach, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { browser } from '../../src/testing.ts'

// What comes before the name of a program, on the runtime that runs this.
const isDeno = 'deno' in process.versions
const before = isDeno ? ['run', '--quiet', '--no-check', '--allow-all', '--no-config', '--node-modules-dir=manual'] : []

// /        <h1>Who are you?</h1> <form method="post"> <input name="name"> …
// /thanks  Thank you, Ada!
describe('an app that serve() serves on this runtime', () => {
  let child: ChildProcess | undefined
  afterEach(() => child?.kill('SIGKILL'))

  const start = async () => {
    const running = spawn(process.execPath, [...before, fileURLToPath(new URL('served.ts', import.meta.url))], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    child = running
    const lines = createInterface(running.stdout)[Symbol.asyncIterator]()
    const line = async (): Promise<string> => (await lines.next()).value ?? ''
    return { url: (await line()).replace('listening on ', ''), line, running, exit: once(running, 'exit') }
  }

  it('turns the loop', async () => {
    const { url } = await start()
    const visitor = browser(url)
    const page = await visitor.open('/')
    const again = await page.fill({ name: 'A' }).submit()
    assert.equal(again.status, 422)
    const thanks = await again.fill({ name: 'Ada' }).submit()
    assert.equal(thanks.text, 'Thank you, Ada!')
  })

  it('finishes what runs when it is told to stop, takes nothing new, and exits with 0', async () => {
    const { url, line, running, exit } = await start()
    const slow = fetch(`${url}/slow`)
    assert.equal(await line(), 'begun')
    process.kill(running.pid ?? 0, 'SIGTERM')
    assert.equal(await (await slow).text(), 'done slowly')
    assert.deepEqual(await exit, [0, null])
    await assert.rejects(fetch(url))
  })

  it('stops at once when nobody is there but a connection that is kept', async () => {
    const { url, running, exit } = await start()
    assert.equal((await fetch(`${url}/thanks`)).status, 200)
    process.kill(running.pid ?? 0, 'SIGTERM')
    assert.deepEqual(await exit, [0, null])
  })
})
