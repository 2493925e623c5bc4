import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from './once-stage.ts'

/** The Firefox that the tests drive. The driver of Chromium asks it for a command that it does not have. */
export const firefoxPath = '/usr/bin/firefox-esr'

/** A tab of a headless Firefox, driven by WebDriver BiDi. https://w3c.github.io/webdriver-bidi/ */
export interface FirefoxTab {
  goto(url: string): Promise<void>
  back(): Promise<void>
  /** What an expression comes to in the page. */
  run(expression: string): Promise<unknown>
  /** What an expression comes to when it is something: the page may still be on its way. */
  find(expression: string): Promise<string>
  /** Clicks in the middle of the element that a selector finds, and waits for nothing. */
  click(selector: string): Promise<void>
  close(): Promise<void>
}

type Send = (method: string, params?: object) => Promise<Record<string, never>>

/** Starts Firefox with an empty profile and opens a tab. */
export async function openFirefox(): Promise<FirefoxTab> {
  const profile = await mkdtemp(join(tmpdir(), 'firefox-'))
  const firefox = spawn(
    firefoxPath,
    ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0'],
    {
      env: { ...process.env, HOME: profile },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  )
  const exited = once(firefox, 'exit')
  const send = await connectTo(await addressOf(firefox))
  await send('session.new', { capabilities: {} })
  const { context } = await send('browsingContext.create', { type: 'tab' })
  const run = async (expression: string): Promise<unknown> => {
    const { result } = await send('script.evaluate', { expression, target: { context }, awaitPromise: true })
    return (result as { value?: unknown } | undefined)?.value // a thrown exception has no result
  }
  return {
    run,
    goto: async (url) => void (await send('browsingContext.navigate', { context, url, wait: 'complete' })),
    back: async () => void (await send('browsingContext.traverseHistory', { context, delta: -1 })),
    async find(expression) {
      let found: unknown
      await until(async () => {
        found = await run(expression).catch(() => null) // between two pages there is nothing to ask
        return Boolean(found)
      })
      return String(found)
    },
    async click(selector) {
      const point = `(() => { const { x, y, width, height } = document.querySelector('${selector}').getBoundingClientRect()
        return JSON.stringify({ x: Math.round(x + width / 2), y: Math.round(y + height / 2) }) })()`
      const { x, y } = JSON.parse(String(await run(point))) as { x: number; y: number }
      const actions = [
        { type: 'pointerMove', x, y },
        ...['Down', 'Up'].map((way) => ({ type: `pointer${way}`, button: 0 })),
      ]
      await send('input.performActions', { context, actions: [{ type: 'pointer', id: 'mouse', actions }] })
    },
    async close() {
      firefox.kill('SIGKILL')
      await exited
      await rm(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

async function addressOf(firefox: ChildProcess): Promise<string> {
  let said = ''
  firefox.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  await until(() => /ws:\/\/\S+/.test(said))
  return `${/ws:\/\/\S+/.exec(said)?.[0]}/session`
}

async function connectTo(address: string): Promise<Send> {
  const socket = new WebSocket(address)
  await once(socket, 'open')
  const waiting = new Map<
    number,
    (answer: { type: string; message?: string; result?: Record<string, never> }) => void
  >()
  socket.addEventListener('message', ({ data }) => {
    const answer = JSON.parse(String(data))
    waiting.get(answer.id)?.(answer)
    waiting.delete(answer.id)
  })
  let count = 0
  return (method, params = {}) =>
    new Promise((resolve, reject) => {
      const id = ++count
      waiting.set(id, ({ type, message, result = {} }) => {
        if (type === 'error') reject(new Error(`${method}: ${message}`))
        else resolve(result)
      })
      socket.send(JSON.stringify({ id, method, params }))
    })
}
